import { expect, test } from '@jest/globals';
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
