import { describe, expect, test } from '@jest/globals';
import { addedRows } from '../../../src/proof/added-rows.ts';
import { compareInventories } from '../../../src/proof/compare-inventories.ts';
import { findingText, stateAgrees } from '../../../src/proof/finding.ts';
import type { Inventory } from '../../../src/proof/inventory.ts';
import { formatInventories, parseInventories } from '../../../src/proof/inventory-file.ts';
import { markUnsteady, parseInventory } from '../../../src/proof/take-inventories.ts';

const inventory = (rows: Inventory['rows'], unsteady: string[] = []): Inventory => ({
  service: 'db',
  id: 'rows',
  title: 'tables and their rows',
  rows,
  unsteady,
});
const then = inventory([
  ['table a', '3'],
  ['table b', '5'],
]);

test.each([
  [
    'the same',
    [
      ['table a', '3'],
      ['table b', '5'],
    ],
    [],
  ],
  [
    'lost rows',
    [
      ['table a', '2'],
      ['table b', '5'],
    ],
    ['db: table a: value is 2, was 3'],
  ],
  ['a lost table', [['table b', '5']], ['db: table a is missing (was: 3)']],
  [
    'a new table',
    [
      ['table a', '3'],
      ['table b', '5'],
      ['table c', '0'],
    ],
    ['db: table c was not there'],
  ],
] as [string, Inventory['rows'], string[]][])('%s', (_, rows, said) => {
  const proof = compareInventories([then], [inventory(rows)]);
  expect(proof.findings.map(findingText)).toEqual(said);
  expect(stateAgrees(proof)).toBe(said.length === 0);
});

test('what changed while the living service was asked proves nothing', () => {
  const steady = markUnsteady(
    [then],
    [
      inventory([
        ['table a', '4'],
        ['table b', '5'],
      ]),
    ],
  );
  expect(steady[0]!.unsteady).toEqual(['table a']);
  expect(
    stateAgrees(
      compareInventories(steady, [
        inventory([
          ['table a', '9'],
          ['table b', '5'],
        ]),
      ]),
    ),
  ).toBe(true);
  expect(
    stateAgrees(
      compareInventories(steady, [
        inventory([
          ['table a', '9'],
          ['table b', '4'],
        ]),
      ]),
    ),
  ).toBe(false);
});

test('a program that lists nothing any more is a difference', () => {
  expect(compareInventories([then], []).findings.map(findingText)).toEqual([
    'db: tables and their rows is missing (was: 2 rows)',
  ]);
});

test('what no entry of today lists is explained', () => {
  expect(stateAgrees(compareInventories([then], [], () => false))).toBe(true);
});

test('rows are read line by line, a key that comes twice is numbered', () => {
  expect(parseInventory('a\t1\n\na\t2\nb\n')).toEqual([
    ['a', '1'],
    ['a (2)', '2'],
    ['b', ''],
  ]);
});

test('data/inventory.json comes back as it was; what is none is refused', () => {
  expect(parseInventories(formatInventories([then]))).toEqual([then]);
  expect(() => parseInventories('{')).toThrow(/not JSON/);
  expect(() => parseInventories('{"schema":2,"inventories":[]}')).toThrow(/schema 2/);
  expect(() => parseInventories('{"schema":1,"inventories":[{"service":1}]}')).toThrow(/data\/inventory\.json/);
});

describe('rows that an entry adds', () => {
  const added = [{ keys: /^(?:table \S*b)$/, why: 'an update adds settings', rule: 'db/update' }];
  const ask = (value: string, key = 'table b') =>
    compareInventories(
      [then],
      [inventory([...then.rows.filter(row => row[0] !== key), [key, value]])],
      () => true,
      added,
    ).findings;
  test('are explained by it', () => {
    expect(ask('6')).toMatchObject([{ verdict: 'explained', rule: 'db/update', was: '5', is: '6' }]);
  });
  test('are a loss when there are fewer', () => {
    expect(ask('4')).toMatchObject([{ verdict: 'differs', rule: 'db/rows' }]);
  });
  test('are a difference elsewhere', () => {
    expect(ask('4', 'table a')).toMatchObject([{ verdict: 'differs' }]);
    expect(compareInventories([then], [inventory([['table a', '3']])], () => true, added).findings).toMatchObject([
      { verdict: 'differs', is: 'missing' },
    ]);
  });
  test('come from knowledge as whole keys', () => {
    const { keys } = addedRows([
      { service: 'wiki', difference: { addsRows: ['table \\S+options'], why: '' } as never },
    ])[0]!;
    expect(['table w.wp_options', 'table w.wp_options_old', 'a table w.wp_options'].map(key => keys.test(key))).toEqual(
      [true, false, false],
    );
  });
  test('may be fewer, or none, where the new version keeps them elsewhere', () => {
    const moved = addedRows([
      { service: 'db', difference: { id: 'update', movesRows: ['table a'], why: '' } as never },
    ]);
    const now = [inventory([['table b', '1']])];
    const findings = compareInventories(
      [
        inventory([
          ['table a', '5'],
          ['table b', '2'],
        ]),
      ],
      now,
      () => true,
      moved,
    ).findings;
    expect(findings).toMatchObject([
      { verdict: 'explained', rule: 'db/update', is: 'missing' },
      { verdict: 'differs', is: '1' },
    ]);
  });
});
