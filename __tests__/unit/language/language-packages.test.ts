import { describe, expect, test } from '@jest/globals';
import type { WalkEntry } from '../../../src/detect/walk.ts';
import { keepEditedPackages } from '../../../src/language/keep-edited-packages.ts';
import { parseCondaMeta, parseGemspec, parseNpmLock } from '../../../src/language/other-records.ts';
import { pythonEnvironment } from '../../../src/language/python-environment.ts';
import { type LanguageContext, languagePackages } from '../../../src/language/read-language-packages.ts';
import { languageList } from '../../../src/plan/language-list.ts';
import { SystemFiles } from '../../../src/system/system-files.ts';

const entry = (path: string, changes: Partial<WalkEntry> = {}): WalkEntry => ({
  ...{ path, kind: 'file', mode: 0o644, uid: 0, gid: 0, size: 1, links: 1, mtime: '1', ctime: '2', target: '' },
  ...changes,
});

interface World {
  entries?: WalkEntry[];
  image?: WalkEntry[];
  installed?: string[];
  rebuildable?: boolean;
}

function context({
  entries = [],
  image = [],
  installed = ['python3-pip', 'python3-venv'],
  rebuildable = true,
}: World): LanguageContext {
  const [now, then] = [entries, image].map(list => new Map(list.map(each => [each.path, each])));
  return {
    entries: now!,
    entry: path => now!.get(path),
    inImage: path => then!.get(path),
    isPackaged: () => false,
    isInstalled: name => installed.includes(name),
    rebuildable,
    homes: ['/root', '/home/svc'],
    canKeep: path => now!.has(path),
  };
}

const VENV = [
  entry('/opt/app', { kind: 'directory' }),
  entry('/opt/app/pyvenv.cfg'),
  entry('/opt/app/bin/python3', { kind: 'symlink', target: '/usr/bin/python3' }),
];

describe('pythonEnvironment', () => {
  test.each<[string, World, object | RegExp]>([
    ['/opt/app/lib/python3.9/site-packages', { entries: VENV }, { root: '/opt/app', python: '3.9' }],
    ['/usr/local/lib/python3.11/dist-packages', {}, { root: '/usr/local', python: '3.11' }],
    ['/opt/app/lib/python3.9/site-packages', {}, /neither/],
    ['/opt/app/lib/python3.9/site-packages', { entries: VENV, installed: [] }, /python3-venv/],
    ['/usr/local/lib/python3.9/dist-packages', { installed: [] }, /python3-pip/],
    ['/usr/local/lib/python3.9/site-packages', { entries: [entry('/usr/local/bin/python3.9')] }, /distribution/],
    ['/srv/libs', {}, /choice/],
    ['/opt/a\tb/lib/python3.9/site-packages', {}, /unusual/],
    [
      '/opt/app/lib/python3.9/site-packages',
      { entries: [...VENV.slice(0, 2), entry('/opt/app/bin/python3', { kind: 'symlink', target: '/opt/own/python' })] },
      /distribution/,
    ],
  ])('%s', (folder, world, expected) => {
    const found = pythonEnvironment(folder, context(world));
    if (expected instanceof RegExp) expect(found).toMatch(expected);
    else expect(found).toEqual(expected);
  });
});

const SITE = '/opt/app/lib/python3.9/site-packages';
const DIST = `${SITE}/six-1.15.0.dist-info`;
const SIX =
  'six.py,sha256=xdSphaKBeJBSAhjYrYRrMSWcGiE0NnMjNGiIjDqSGOY,34159\nsub/x.py,sha256=xdSphaKBeJBSAhjYrYRrMSWcGiE0NnMjNGiIjDqSGOY,1\nsix-1.15.0.dist-info/RECORD,,\n__pycache__/six.cpython-39.pyc,,\n';

function read(world: World, metadata = 'Name: six\nVersion: 1.15.0\n') {
  const files = new SystemFiles();
  files.set(`${DIST}/RECORD`, Buffer.from(SIX));
  files.set(`${DIST}/METADATA`, Buffer.from(metadata));
  return languagePackages([`${DIST}/RECORD`], files, context(world));
}

describe('a distribution of Python', () => {
  const record = entry(`${DIST}/RECORD`);
  const FILES = [record, entry(`${SITE}/six.py`), entry(`${SITE}/sub/x.py`)];
  const direct = entry(`${DIST}/direct_url.json`);
  test.each<[string, World, string | undefined, string, RegExp]>([
    ['of operation', { entries: [...VENV, ...FILES] }, undefined, 'left', /pip installs it again/],
    ['of the build', { entries: [...VENV, ...FILES], image: [record] }, undefined, 'left', /build/],
    [
      'of an image without its build',
      { entries: [...VENV, ...FILES], image: [record], rebuildable: false },
      undefined,
      'kept',
      /build/,
    ],
    ['from a repository or folder', { entries: [...VENV, ...FILES, direct] }, undefined, 'kept', /repository/],
    [
      'of somebody else',
      { entries: [...VENV, ...FILES.slice(1), entry(`${DIST}/RECORD`, { uid: 5 })] },
      undefined,
      'kept',
      /owner/,
    ],
    ['of a local version', { entries: [...VENV, ...FILES] }, 'Name: six\nVersion: 1+cu118\n', 'kept', /public index/],
    [
      'with a name that is none',
      { entries: [...VENV, ...FILES] },
      'Name: --index-url=x\nVersion: 1\n',
      'kept',
      /public index/,
    ],
    ['that installs others', { entries: [...VENV, ...FILES] }, 'Name: pip\nVersion: 20.3.4\n', 'kept', /needs it/],
  ])('%s', (_, world, metadata, files, why) => {
    const { packages, vouched } = read(world, metadata);
    expect(packages).toEqual([
      expect.objectContaining({ ecosystem: 'pip', folder: SITE, files, why: expect.stringMatching(why) }),
    ]);
    expect(vouched.size > 0).toBe(files === 'left');
  });

  test('vouches for its files, its folders and its record, but not for the folder of packages', () => {
    const { vouched } = read({ entries: [...VENV, ...FILES] });
    expect(
      [...vouched].map(([path, each]) => `${each.kind} ${path.slice(SITE.length)} ${each.sha256?.slice(0, 4)}`),
    ).toEqual([
      'file /six.py c5d4',
      'file /sub/x.py c5d4',
      'directory /sub undefined',
      'file /six-1.15.0.dist-info/RECORD undefined',
      'directory /six-1.15.0.dist-info undefined',
      'directory /__pycache__ undefined',
    ]);
  });

  test('without a name is none', () => {
    expect(read({ entries: [...VENV, ...FILES] }, '').packages).toEqual([]);
  });
});

test('a package with an edited file is kept whole', () => {
  const paths = [`${SITE}/six.py`, `${SITE}/sub/x.py`, `${DIST}/RECORD`];
  const { packages, vouched } = read({ entries: [...VENV, ...paths.map(path => entry(path))] });
  const decided = paths.map((path, n) => ({
    ...{ disposition: n === 0 ? ('keep' as const) : ('leave' as const), why: '', origin: 'operation' as const },
    ...{ entry: { path }, rule: n === 0 ? 'language/edited' : 'language/pip' },
  }));
  keepEditedPackages(decided, vouched);
  expect(decided.map(each => `${each.disposition} ${each.rule}`)).toEqual([
    ...['keep language/edited', 'keep language/kept', 'keep language/kept'],
  ]);
  expect(packages).toMatchObject([{ files: 'kept', why: `${SITE}/six.py was edited` }]);
});

describe('other records', () => {
  test('npm', () => {
    const lock = {
      packages: {
        'node_modules/@lab/a': { version: '1.0.0' },
        'node_modules/a/node_modules/b': { version: '2.0.0' },
        'node_modules/alias': { version: '3.0.0', name: 'real' },
        'node_modules/dug': {
          version: '1.0.0',
          resolved: 'https://r/dug.tgz',
          integrity: `sha1-x sha512-${'A'.repeat(86)}==`,
        },
        'node_modules/git': { version: '1.0.0', resolved: 'git+ssh://x', integrity: 'sha512-short' },
        'node_modules/linked': { link: true, resolved: '../x' },
        local: { version: '0.1.0' },
      },
    };
    expect(parseNpmLock(JSON.stringify(lock))).toEqual([
      { name: '@lab/a', version: '1.0.0', place: '@lab/a' },
      { name: 'b', version: '2.0.0', place: 'a/node_modules/b' },
      { name: 'real', version: '3.0.0', place: 'alias' },
      { name: 'dug', version: '1.0.0', place: 'dug', sha512: '0'.repeat(128) },
      { name: 'git', version: '1.0.0', place: 'git', isForeign: true },
    ]);
    expect([parseNpmLock('{'), parseNpmLock('[]'), parseNpmLock('{"packages":null}')]).toEqual([[], [], []]);
  });

  test.each([
    ['  s.name = "rake".freeze\n  s.version = "13.0.6"\n', 'rake-13.0.6', { name: 'rake', version: '13.0.6' }],
    ['', 'net-ssh-7.0.1-x86_64-linux', { name: 'net-ssh', version: '7.0.1' }],
    ['', 'nonsense', undefined],
  ])('gem %j', (text, stem, expected) => {
    expect(parseGemspec(text, stem)).toEqual(expected);
  });

  test('conda', () => {
    expect(parseCondaMeta('{"name":"zlib","version":"1.2.13","paths_data":{}}')).toEqual({
      name: 'zlib',
      version: '1.2.13',
    });
    expect(parseCondaMeta('{}')).toBeUndefined();
  });

  test('are listed and kept', () => {
    const files = new SystemFiles();
    files.set(
      '/srv/app/node_modules/.package-lock.json',
      Buffer.from('{"packages":{"node_modules/a":{"version":"1"}}}'),
    );
    files.set('/var/lib/gems/2.7.0/specifications/rake-13.0.6.gemspec', Buffer.from(''));
    files.set('/opt/conda/conda-meta/zlib-1.2.13-h1.json', Buffer.from('{"name":"zlib","version":"1.2.13"}'));
    const paths = files.below('/');
    const { packages, vouched } = languagePackages(paths, files, context({ entries: paths.map(path => entry(path)) }));
    expect(packages.map(each => [each.ecosystem, each.name, each.folder, each.files])).toEqual([
      ['conda', 'zlib', '/opt/conda', 'kept'],
      ['npm', 'a', '/srv/app/node_modules', 'kept'],
      ['gem', 'rake', '/var/lib/gems/2.7.0', 'kept'],
    ]);
    expect(vouched.size).toBe(0);
  });

  test('what was edited in place since the build is told, by the image', () => {
    const files = new SystemFiles();
    const lock = { 'node_modules/a': { version: '1' }, 'node_modules/a/node_modules/b': { version: '2' } };
    files.set('/srv/app/node_modules/.package-lock.json', Buffer.from(JSON.stringify({ packages: lock })));
    files.set('/var/lib/gems/2.7.0/specifications/rake-13.0.6.gemspec', Buffer.from(''));
    const records = files.below('/');
    const edited = ['/srv/app/node_modules/a/node_modules/b/x.js', '/var/lib/gems/2.7.0/gems/rake-13.0.6/lib/rake.rb'];
    const same = [...records, '/srv/app/node_modules/a/x.js', '/var/lib/gems/2.7.0/gems/rake-13.0.6/README'];
    const image = [...same, ...edited].map(path => entry(path));
    const entries = [...same.map(path => entry(path)), ...edited.map(path => entry(path, { ctime: '9' }))];
    const whys = (rebuildable: boolean) =>
      languagePackages(records, files, context({ entries, image, rebuildable })).packages.map(
        each => `${each.name}: ${/(\d) of its files/.exec(each.why)?.[1] ?? 0}`,
      );
    expect(whys(true)).toEqual(['a: 0', 'b: 1', 'rake: 1']);
    expect(whys(false)).toEqual(['a: 0', 'b: 0', 'rake: 0']); // then they are kept whole
  });
});

describe('languageList', () => {
  const one = (changes: object) => ({
    ...{ ecosystem: 'pip' as const, name: 'six', version: '1.15.0', folder: SITE, files: 'left' as const, why: '' },
    ...{ operation: true, ...changes },
  });
  test.each<[string, object, string]>([
    ['left out', {}, '/opt/app\t3.9\tinstall\tsix==1.15.0\n'],
    ['kept', { files: 'kept' }, '/opt/app\t3.9\tkept\tsix==1.15.0\n'],
    ['of the build', { operation: false }, ''],
    ['a tool', { name: 'pip', files: 'kept' }, ''],
    ['of another language', { ecosystem: 'npm' }, ''],
    ['with an option for a name', { name: '--index-url' }, ''],
    ['with a newline', { version: '1\n/x' }, ''],
    ['in a folder with a tab', { folder: '/a\tb/lib/python3.9/site-packages' }, ''],
  ])('%s', (_, changes, list) => {
    expect(languageList([one(changes)], [])).toBe(list);
  });
});
