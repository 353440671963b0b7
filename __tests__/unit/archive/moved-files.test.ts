import { expect, test } from '@jest/globals';
import { movedPaths } from '../../../src/archive/moved-files.ts';
import type { WalkEntry } from '../../../src/detect/walk.ts';

const entry = (path: string, change: Partial<WalkEntry> = {}): WalkEntry => ({
  ...{ path, kind: 'file', mode: 0o600, uid: 8, gid: 8, size: 120, links: 1 },
  ...{ mtime: '1790000000.123456789', ctime: '1790000001.0', target: '', ...change },
});
const before = new Map(
  [entry('/new/a'), entry('/stays'), entry('/folder', { kind: 'directory' })].map(each => [each.path, each]),
);
const moved = (gone: string[], kept: WalkEntry[]) => movedPaths(gone, before as never, kept);

test('a file that went, and came elsewhere as it was, was moved', () => {
  expect(moved(['/new/a'], [entry('/cur/a:2,S', { ctime: '1790000009.5' }), entry('/stays')])).toEqual(['/cur/a:2,S']);
});

test.each<[string, string[], WalkEntry[]]>([
  ['nothing went', [], [entry('/cur/a')]],
  ['another one came', ['/new/a'], [entry('/cur/a', { mtime: '1790000000.123456780' }), entry('/b', { size: 121 })]],
  ['of another owner or mode', ['/new/a'], [entry('/b', { uid: 9 }), entry('/c', { mode: 0o644 })]],
  ['what is alike was there before', ['/new/a'], [entry('/stays')]],
  ['folders, whose times change', ['/folder'], [entry('/other', { kind: 'directory' })]],
])('not where %s', (_, gone, kept) => {
  expect(moved(gone, kept)).toEqual([]);
});
