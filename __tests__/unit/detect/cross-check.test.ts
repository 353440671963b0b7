import { expect, test } from '@jest/globals';
import type { Baseline } from '../../../src/detect/baseline.ts';
import { crossCheck } from '../../../src/detect/cross-check.ts';
import type { WalkEntry } from '../../../src/detect/walk.ts';
import type { DiffKind } from '../../../src/engine/engine.ts';

const at = (path: string, ctime = '1.5', more: Partial<WalkEntry> = {}): WalkEntry => ({
  ...{ path, kind: 'file', mode: 0o644, uid: 0, gid: 0, size: 1, links: 1, mtime: '1.5', ctime, target: '' },
  ...more,
});
const byPath = (...entries: WalkEntry[]) => new Map(entries.map(each => [each.path, each]));

test('only paths that the image has and that are still there can be told differently', () => {
  const image = byPath(
    at('/same'),
    at('/both'),
    at('/silent'),
    at('/doubtful'),
    at('/gone'),
    at('/volume/x'),
    at('/folder', '1.5', { kind: 'directory' }),
    at('/odd-\udce9'),
  );
  const now = byPath(
    ...[at('/same'), at('/both', '2.5'), at('/silent', '2.5'), at('/doubtful'), at('/volume/x', '2.5'), at('/new')],
    at('/folder', '2.5', { kind: 'directory' }),
    at('/odd-\udce9', '2.5'),
  );
  const diff = new Map<string, DiffKind>([
    ['/both', 'changed'],
    ['/doubtful', 'changed'],
    ['/gone', 'deleted'],
    ['/came-after-the-walk', 'added'],
    ['/odd-\ufffd', 'changed'], // as docker writes it
  ]);
  const found = crossCheck(diff, now, { image } as Baseline, path => path.startsWith('/volume/'));
  expect(found).toEqual({ onlyInDiff: new Set(['/doubtful']), onlyInWalk: ['/silent'] });
});
