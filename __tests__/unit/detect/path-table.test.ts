import { describe, expect, test } from '@jest/globals';
import { comparePaths } from '../../../src/bag/index-file.ts';
import { type Decided, Decisions } from '../../../src/detect/decisions.ts';
import { PathTable } from '../../../src/detect/path-table.ts';
import type { WalkEntry } from '../../../src/detect/walk.ts';

const entry = (path: string, own: Partial<WalkEntry> = {}): WalkEntry => ({
  ...{ path, kind: 'file', mode: 0o644, uid: 0, gid: 0, size: 1, links: 1, target: '' },
  ...{ mtime: '1700000000.000000012', ctime: '1700000001.120000000' },
  ...own,
});

const decided = (one: WalkEntry, own: Partial<Decided> = {}): Decided => ({
  ...{ entry: one, disposition: 'keep', rule: 'unowned/mount', why: 'w', origin: 'operation', seenBy: ['walk'] },
  ...own,
});

/** What a row could lose: odd bytes, other planes, times before 1970 or without nanoseconds, large numbers. */
const ODD: WalkEntry[] = [
  entry('/plain'),
  entry('/f\udcff\udc80'),
  entry('/\u{1f600}'),
  entry('/\uffee'),
  entry('/é', { kind: 'symlink', target: '../\udce9/ü' }),
  entry('/before', { mtime: '-5.500000000' }),
  entry('/whole', { mtime: '17', ctime: '' }),
  entry('/leading', { mtime: '017.000000000' }),
  entry('/late', { mtime: '4294967296.000000000', ctime: '4294967295.999999999' }),
  entry('/epoch', { mtime: '0.000000000' }),
  entry('/large', { size: 2 ** 53 - 1, uid: 2 ** 32 - 1, gid: 4_000_000_000, links: 65_000, mode: 0o7777 }),
  entry('/larger', { uid: 2 ** 32 }),
  ...(['directory', 'fifo', 'socket', 'char', 'block'] as const).map(kind => entry(`/${kind}`, { kind })),
];

describe('PathTable', () => {
  test('gives back what went in, character for character', () => {
    const table = new PathTable(0);
    for (const each of ODD) table.add(each);
    expect(ODD.map(each => table.get(each.path))).toEqual(ODD);
    expect([...table.values()].map(each => each.path).sort()).toEqual(ODD.map(each => each.path).sort());
    expect([...table.keys()].sort()).toEqual(ODD.map(each => each.path).sort());
    expect(table.size).toBe(ODD.length);
    expect(table.rows).toBe(ODD.length - 4); // the others are objects
    const rows = [...table.ordinals()];
    const short = ({ path, size, mtime }: WalkEntry) => ({ path, size, mtime });
    expect(rows.map(n => ({ path: table.pathAt(n), ...table.sizeAndTimeAt(n) }))).toEqual(
      rows.map(n => short(table.entryAt(n))),
    );
    expect(table.has('/plain')).toBe(true);
    expect([table.has('/plai'), table.has('/plainx'), table.get('/none')]).toEqual([false, false, undefined]);
  });

  test('holds a shared entry itself, and what came last of a path', () => {
    const table = new PathTable(0);
    const shared = entry('/a');
    table.add(entry('/a', { size: 7 }));
    table.add(shared, true);
    table.add(entry('/b', { size: 7 }));
    table.add(entry('/b', { size: 8 }));
    expect(table.get('/a')).toBe(shared);
    expect(table.get('/b')!.size).toBe(8);
    table.add(entry('/a', { size: 9 }));
    expect([...table.values()].map(each => [each.path, each.size])).toEqual([
      ['/a', 9],
      ['/b', 8],
    ]);
    expect(table.size).toBe(2);
  });

  test('begins rows after few objects', () => {
    const table = new PathTable(2);
    for (const each of ODD.slice(0, 4)) table.add(each);
    expect([table.rows, table.size]).toEqual([2, 4]);
    expect([...table.values()]).toEqual(ODD.slice(0, 4));
    expect(ODD.slice(0, 4).map(each => table.get(each.path))).toEqual(ODD.slice(0, 4));
  });

  test.each([0, 1_000])('finds each of many paths, over many chunks, after %i objects', few => {
    const table = new PathTable(few);
    const long = 'x'.repeat(200);
    const paths = Array.from({ length: 50_000 }, (_, n) => `/srv/${n % 100}/${long}${n}`);
    for (const [n, path] of paths.entries()) table.add(entry(path, { size: n }));
    expect(paths.every((path, n) => table.get(path)?.size === n)).toBe(true);
    expect(table.size).toBe(paths.length);
  });
});

describe('Decisions', () => {
  const fill = () => {
    const table = new PathTable(0);
    for (const each of ODD) table.add(each);
    const decisions = new Decisions(table);
    for (const each of ODD) decisions.set(decided(each));
    return decisions;
  };

  test('come in the order of the bytes of their paths, whole', () => {
    const sorted = ODD.toSorted((a, b) => comparePaths(a.path, b.path));
    const decisions = fill();
    expect([...decisions]).toEqual(sorted.map(each => decided(each)));
    expect([...decisions]).toEqual([...decisions]);
    expect(decisions.size).toBe(ODD.length);
  });

  test('below a folder are those whose names begin with its bytes, sorted', () => {
    const decisions = fill();
    decisions.set(decided(entry('/f\udcff\udc80/object'), { package: 'p' }));
    expect(decisions.below('/f').map(each => each.entry.path)).toEqual([
      '/fifo',
      '/f\udcff\udc80',
      '/f\udcff\udc80/object',
    ]);
    expect(decisions.below('/f\udcff').map(each => each.entry.path)).toEqual([
      '/f\udcff\udc80',
      '/f\udcff\udc80/object',
    ]);
    expect(decisions.below('/none')).toEqual([]);
  });

  test('what is said later replaces it, and of a probed or packaged path nothing is lost', () => {
    const decisions = fill();
    const probe = { md5: 'm', sha256: 's', extended: false, xattrs: {} };
    const later = [
      decided(ODD[0]!, { probe, rule: 'package/modified', package: 'p' }),
      decided(ODD[1]!, { disposition: 'leave', rule: 'x' }),
      decided(ODD[5]!, { disposition: 'parent', origin: 'image' }),
      decided(entry('/gone'), { disposition: 'delete', rule: 'owner/deleted' }),
    ];
    for (const each of later) decisions.set(each);
    const found = new Map([...decisions].map(each => [each.entry.path, each]));
    for (const each of later) expect(found.get(each.entry.path)).toEqual(each);
    for (const each of later) expect(decisions.verdict(each.entry.path)?.rule).toBe(each.rule);
    expect(decisions.verdict('/none')).toBeUndefined();
    expect(decisions.size).toBe(ODD.length + 1);
    const kept = [...found.values()].filter(each => each.disposition !== 'leave');
    expect(new Set(decisions.foldersOfKept())).toEqual(
      new Set(kept.map(({ entry: { path } }) => path.slice(0, path.lastIndexOf('/')))),
    );
  });
});
