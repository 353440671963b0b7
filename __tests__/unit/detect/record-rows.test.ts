import { expect, test } from '@jest/globals';
import { PathTable } from '../../../src/detect/path-table.ts';
import { RecordRows } from '../../../src/detect/record-rows.ts';
import { parseRecords, type WalkEntry } from '../../../src/detect/walk.ts';
import { encodeBytes } from '../../../src/system/byte-text.ts';

/** A record as find prints it (RECORD in walk.ts). */
const record = (path: string, rest = 'f644 0 0 5 1 1700000000.0000000120', ctime = '1700000001.1200000000') =>
  `${ctime} ${path}\0${rest}\0`;

/** What a table has after a walk, and how many of its paths were taken from their bytes. */
function walked(records: string[], earlier?: PathTable, { known = ['/etc/passwd'], root = '' } = {}) {
  const table = new PathTable(0, earlier);
  const rows = new RecordRows({
    table,
    rootLength: root.length,
    known: () => known,
    isWanted: path => path.endsWith('/RECORD'),
    wantedEnds: 'D',
  });
  let taken = 0;
  const take: RecordRows['take'] = (...given) => {
    const isTaken = rows.take(...given);
    if (isTaken) taken++;
    return isTaken;
  };
  const bytes = encodeBytes(records.join(''));
  const end = parseRecords(bytes, root.length, entry => table.add(entry), undefined, undefined, take);
  expect(end).toBe(bytes.length);
  return { table, taken };
}

/** The same, each parsed and made an entry. */
function parsed(records: string[], rootLength = 0): Map<string, WalkEntry> {
  const entries = new Map<string, WalkEntry>();
  parseRecords(encodeBytes(records.join('')), rootLength, entry => entries.set(entry.path, entry));
  return entries;
}

const TAKEN = [
  record('/data/a'),
  record('/data/b c\n'),
  record('/data/\udcff\udc80é'),
  record('/data/large', 'f7777 4294967295 4000000000 9007199254740991 65000 0.0000000000'),
  record('/data/folder', 'd1777 33 33 4096 2 4294967295.9999999990', '5.0000000010'),
  record('/data/folder/x'),
  record('/data/REWORD'),
  record('/data/whole', 'f644 0 0 5 1 1700000000.000000012', '1700000001.120000000'),
];
const OTHERS = [
  record('/'),
  record('/data/'),
  record('/etc/passwd-'),
  record('/data/RECORD'),
  record('/data/link', 'l777 0 0 5 1 1700000000.0000000120 to here'),
  record('/data/pipe', 'p644 0 0 0 1 1700000000.0000000120'),
  record('/data/old', 'f644 0 0 5 1 -5.5000000000'),
  record('/data/late', 'f644 0 0 5 1 4294967296.0000000000'),
  record('/data/fine', 'f644 0 0 5 1 1700000000.0000000125'),
  record('/data/short', 'f644 0 0 5 1 1700000000'),
  record('/data/short-change', 'f644 0 0 5 1 1700000000.0000000120', '17'),
];

test.each(['', '/proc/7/root'])('what is taken from bytes is what parsing gives, below "%s"', root => {
  const below = (records: string[]) => records.map(each => each.replace(/ \//, ` ${root}/`));
  const records = below([...TAKEN, ...OTHERS]);
  const { table, taken } = walked(records, undefined, { root });
  expect(taken).toBe(TAKEN.length);
  expect(new Map(table)).toEqual(parsed(records, root.length));
  for (const each of below(OTHERS)) expect(walked([each], undefined, { root }).taken).toBe(0);
});

test('a path that comes twice is held once, as it came last; beside objects nothing is taken', () => {
  const twice = [record('/data/a'), record('/data/a', 'f600 0 0 6 1 1700000000.0000000120')];
  const object = record('/data/old', 'f644 0 0 5 1 -5.5000000000');
  expect(walked(twice)).toMatchObject({ taken: 2, table: { size: 1 } });
  const { table, taken } = walked([...twice, object, ...twice.slice(0, 1), object]);
  expect(taken).toBe(2);
  expect(new Map(table)).toEqual(parsed([...twice, object, twice[0]!]));
});

test('of an earlier walk a row is shared where it is still the same, and what is gone is gone', () => {
  const many = Array.from({ length: 3_000 }, (_, n) => record(`/data/${n % 7}/${n}`));
  const earlier = walked([...TAKEN, ...many]).table;
  const before = new Map(earlier);
  // As renames, edits with a kept time, chmod, chown, other kinds, new and missing ones would have it; in another order, too.
  const changes: [string, string | undefined][] = [
    [many[10]!, undefined],
    [many[20]!, record('/data/6/20', 'f644 0 0 5 1 1700000000.0000000120', '1700000001.1200000010')],
    [many[30]!, record('/data/2/30', 'f644 0 0 6 1 1700000000.0000000120')],
    [many[40]!, record('/data/5/40', 'f645 0 0 5 1 1700000000.0000000120')],
    [many[50]!, record('/data/1/50', 'f644 1 0 5 1 1700000000.0000000120')],
    [many[60]!, record('/data/4/60', 'f644 0 0 5 1 1700000000.0000000130')],
    [many[70]!, record('/data/0/70', 'd644 0 0 5 1 1700000000.0000000120')],
    [many[80]!, record('/data/3/80', 'l644 0 0 5 1 1700000000.0000000120 x')],
    [many[90]!, record('/data/6/90', 'p644 0 0 5 1 1700000000.0000000120')],
    [many[100]!, record('/data/2/1000000')],
  ];
  const changed = new Map(changes);
  const now = many.map(each => (changed.has(each) ? changed.get(each) : each)).filter(each => each !== undefined);
  const orders = [
    [...TAKEN, ...now],
    [...now.toReversed(), ...TAKEN],
    [...now.slice(500), ...TAKEN, ...now.slice(0, 600)],
  ];
  for (const records of orders) {
    const { table } = walked(records, earlier);
    const expected = parsed(records);
    expect(new Map(table)).toEqual(expected);
    expect(table.size).toBe(expected.size);
    expect([...expected.keys()].every(path => table.get(path)?.path === path)).toBe(true);
    expect([table.has('/data/3/10'), table.get('/data/2/100')]).toEqual([false, undefined]);
    const same = [...table.ordinals()].filter(n => table.isAsEarlier(n)).map(n => table.pathAt(n));
    const unchanged = [...TAKEN, ...many.filter(each => !changed.has(each))];
    expect(new Set(same)).toEqual(new Set(parsed(unchanged).keys()));
    expect(table.rows).toBeLessThan(earlier.rows + changes.length);
  }
  expect(new Map(earlier)).toEqual(before); // the earlier one is as it was
});
