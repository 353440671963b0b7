import { expect, test } from '@jest/globals';
import { KnownRecords } from '../../../src/detect/known-records.ts';
import { parseRecords, type WalkEntry } from '../../../src/detect/walk.ts';

const record = (path: string, ctime = '1', target = '') =>
  `${ctime} ${path}\0${target ? 'l' : 'f'}644 0 0 5 1 1.5${target ? ` ${target}` : ''}\0`;
/** The head alone, as find prints it of an inode that has not changed for long. */
const head = (path: string, ctime = '1') => `${ctime} ${path}\0\0`;

function known(...records: string[]): KnownRecords {
  const buffer = Buffer.from(records.join(''));
  const index = new KnownRecords(buffer);
  parseRecords(buffer, 0, (entry, start, headEnd) => index.add(entry, start, headEnd));
  return index;
}

function walk(index: KnownRecords, ...records: string[]): WalkEntry[] {
  const entries: WalkEntry[] = [];
  index.rewind();
  const unknown = (path: string) => entries.push({ path: `${path}?` } as WalkEntry);
  parseRecords(Buffer.from(records.join('')), 0, entry => entries.push(entry), index, unknown);
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
  ['heads alone', [A, B, C], [head('/a'), head('/b'), head('/c')], ['/A', '/B', '/C']],
  ['heads and a changed one', [A, B, C], [head('/a'), record('/b', '2'), head('/c')], ['/A', '/b', '/C']],
  ['heads in another order', [A, B, C], [head('/c'), head('/a')], ['/C', '/A']],
  ['a head of another time', [A, B], [head('/a', '0'), head('/b')], ['/a?', '/B']],
  ['a head of something that was not there', [A], [head('/x'), head('/a')], ['/x?', '/A']],
])('%s', (_, before, now, expected) => {
  expect(compared(before, now)).toEqual(expected);
});

test.each([
  ['whole', B],
  ['a head', head('/b')],
])('a known record that is cut is left for the next chunk: %s', (_, second) => {
  const index = known(A, B);
  const bytes = Buffer.from(A + second);
  for (let cut = A.length; cut < bytes.length; cut++) {
    index.rewind();
    let count = 0;
    expect(parseRecords(bytes.subarray(0, cut), 0, () => count++, index)).toBe(A.length);
    expect(count).toBe(1);
  }
});
