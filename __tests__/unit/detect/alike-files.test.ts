import { expect, test } from '@jest/globals';
import type { ClassifyContext } from '../../../src/classify/classify.ts';
import { type CompiledRule, compileGlobs } from '../../../src/classify/rule.ts';
import { AlikeFiles } from '../../../src/detect/alike-files.ts';
import { classifyContext } from '../../../src/detect/expectation.ts';
import { PathTable } from '../../../src/detect/path-table.ts';
import type { WalkEntry } from '../../../src/detect/walk.ts';
import { readRules } from '../../../src/knowledge/read-rules.ts';

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

test('what last bytes say of names is what names say', async () => {
  const rules = await readRules();
  const owner = {
    include: compileGlobs(['/data/**/in']),
    exclude: compileGlobs(['/data/b/**']),
    logs: 'keep' as const,
  };
  const nothing = Object.assign(() => undefined, { isEmpty: true });
  const judging = { baseline: undefined, rules, owner, rebuildable: false };
  const { mayNameDecide, ...one } = classifyContext(judging, new Map(), ['/data'], nothing);
  const names = [
    '1',
    '2',
    'in',
    'x.pyc',
    'x.dpkg-new',
    'x.dpkg-tmp',
    'é',
    'ß\udcff',
    'pyc',
    '__pycache__',
    'x.pid',
    'lock',
  ];
  const folders = [
    '/data/a',
    '/data/a/__pycache__',
    '/data/b',
    '/var/lib/x',
    '/var/lib/apt/lists',
    '/home/ana/.cache/x',
  ];
  const table = new PathTable(0);
  for (const folder of folders) for (const name of names) table.add(entry(`${folder}/${name}`));
  const found = (context: ClassifyContext) => {
    const alike = new AlikeFiles(table, context, []);
    return [...table.ordinals()].map(ordinal => alike.earlier(ordinal));
  };
  expect(found({ ...one, mayNameDecide: mayNameDecide! })).toEqual(found(one));
  expect(mayNameDecide!('/data/a', '1'.charCodeAt(0))).toBe(false);
});

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
