import { expect, test } from '@jest/globals';
import { KnownRecords } from '../../../src/detect/known-records.ts';
import { parseRecords, type WalkEntry } from '../../../src/detect/walk.ts';

const record = (path: string, ctime = '1', target = '') => `f644 0 0 5 1 1.5 ${ctime} ${path}\0${target}\0`;

function known(...records: string[]): KnownRecords {
  const buffer = Buffer.from(records.join(''));
  const index = new KnownRecords(buffer);
  parseRecords(buffer, 0, (entry, end) => index.add(entry, end));
  return index;
}

function walk(index: KnownRecords, ...records: string[]): WalkEntry[] {
  const entries: WalkEntry[] = [];
  index.rewind();
  parseRecords(Buffer.from(records.join('')), 0, entry => entries.push(entry), index);
  return entries;
}

/** Paths of a second walk, those that are the first one's objects in capitals. */
function compared(before: string[], now: string[]): string[] {
  const index = known(...before);
  const first = new Set(walk(index, ...before));
  return walk(index, ...now).map(entry => (first.has(entry) ? entry.path.toUpperCase() : entry.path));
}

const A = record('/a');
const B = record('/b');
const C = record('/c');

test.each<[string, string[], string[], string[]]>([
  ['all the same', [A, B, C], [A, B, C], ['/A', '/B', '/C']],
  ['one changed', [A, B, C], [A, record('/b', '2'), C], ['/A', '/b', '/C']],
  ['one gone', [A, B, C], [A, C], ['/A', '/C']],
  ['one new', [A, C], [A, B, C], ['/A', '/b', '/C']],
  ['new ones at both ends', [B], [A, B, C], ['/a', '/B', '/c']],
  ['another order', [A, B, C], [C, A, B], ['/C', '/A', '/B']],
  ['a link with another target', [A, record('/l', '1', 'x')], [A, record('/l', '1', 'y')], ['/A', '/l']],
  ['a record that begins like a known one', [A], [record('/ab')], ['/ab']],
  ['nothing known', [], [A], ['/a']],
])('%s', (_, before, now, expected) => {
  expect(compared(before, now)).toEqual(expected);
});

test('a known record that is cut is left for the next chunk', () => {
  const index = known(A, B);
  const bytes = Buffer.from(A + B);
  for (let cut = A.length; cut < bytes.length; cut++) {
    index.rewind();
    let count = 0;
    expect(parseRecords(bytes.subarray(0, cut), 0, () => count++, index)).toBe(A.length);
    expect(count).toBe(1);
  }
});
