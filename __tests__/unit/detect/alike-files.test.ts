import { expect, test } from '@jest/globals';
import type { ClassifyContext } from '../../../src/classify/classify.ts';
import type { CompiledRule } from '../../../src/classify/rule.ts';
import { AlikeFiles } from '../../../src/detect/alike-files.ts';
import { PathTable } from '../../../src/detect/path-table.ts';
import type { WalkEntry } from '../../../src/detect/walk.ts';

const entry = (path: string, kind: WalkEntry['kind'] = 'file'): WalkEntry => ({
  ...{ path, kind, mode: 0o644, uid: 0, gid: 0, size: 1, links: 1, target: '' },
  ...{ mtime: '1700000000.000000012', ctime: '1700000001.120000000' },
});

const context: ClassifyContext = {
  packages: new Map([['/srv/packaged/a', { package: 'p', unpacked: '' }]]),
  findRule: path => (path.endsWith('.pyc') ? ({ id: 'r' } as CompiledRule) : undefined),
  owner: { include: path => path.endsWith('/in'), exclude: path => path.endsWith('/out'), logs: 'keep' },
  inImage: () => undefined,
  imageKnown: true,
  rebuildable: false,
  inMount: () => false,
  replacedBy: path => (path.endsWith('/raw') ? 'dump' : undefined),
};

test('a file is like the first one of its folder, unless a source knows the folder or a name decides', () => {
  const paths: [string, (string | undefined)?, WalkEntry['kind']?][] = [
    ['/data/a/1'],
    ['/data/a/2', '/data/a/1'],
    ['/data/a/c.pyc'],
    ['/data/a/in'],
    ['/data/a/out'],
    ['/data/a/raw'],
    ['/data/a/link', undefined, 'symlink'],
    ['/data/a/folder', undefined, 'directory'],
    ['/data/a/3\udcff', '/data/a/1'],
    ['/data/a/folder/1'],
    ['/data/a/folder/2', '/data/a/folder/1'],
    ['/data/a/4'],
    ['/data/ab'],
    ['/data/b/in'],
    ['/data/b/1'],
    ['/data/b/2', '/data/b/1'],
    ['/srv/packaged/1'],
    ['/srv/packaged/2'],
    ['/srv/image/1'],
    ['/srv/image/2'],
    ['/srv/1'],
    ['/srv/2', '/srv/1'],
  ];
  const table = new PathTable(0);
  for (const [path, , kind] of paths) table.add(entry(path, kind));
  const alike = new AlikeFiles(table, context, [context.packages.keys(), ['/srv/image/x']]);
  const found = [...table.ordinals()].map(ordinal => alike.earlier(ordinal));
  expect(found.map((earlier, n) => [table.pathAt(n), earlier < 0 ? undefined : table.pathAt(earlier)])).toEqual(
    paths.map(([path, earlier]) => [path, earlier]),
  );
});
