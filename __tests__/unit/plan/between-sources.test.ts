import { expect, test } from '@jest/globals';
import { findRelease } from '../../../src/knowledge/distribution.ts';
import { readDistributions } from '../../../src/knowledge/read-distributions.ts';
import { betweenSources, olderSources } from '../../../src/plan/between-sources.ts';
import { PackageIndex } from '../../../src/plan/package-index.ts';
import { parseSourcesFiles, type RunInBase, readPackageIndexes } from '../../../src/plan/read-package-index.ts';
import type { OsRelease } from '../../../src/system/system-facts.ts';

const distributions = await readDistributions();
const debian = distributions.find(({ id }) => id === 'debian')!;
const release = (codename: string) => findRelease(debian, { versionId: '', codename })!;
const os = (versionId: string, codename: string) => ({
  id: 'debian',
  idLike: [],
  versionId,
  codename,
  prettyName: codename,
});

const LIST = `# deb http://mirror/debian trixie main
deb http://mirror/debian trixie main contrib # comment
deb [signed-by=/k.gpg arch=amd64] http://mirror/debian trixie-updates main
deb-src http://mirror/debian trixie main
deb http://security/debian-security trixie-security main
deb http://mirror/debian trixie-backports main
deb https://elsewhere/php trixie-php main
`;

const STANZAS = `Types: deb deb-src
URIs: http://mirror/debian
Suites: trixie trixie-updates trixie-backports
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.pgp

# security
Types: deb
URIs: http://security/debian-security
Suites: trixie-security
Components: main

Types: deb
URIs: https://elsewhere
Suites: other
Components: main

Enabled: no
Types: deb
URIs: http://mirror/debian
Suites: trixie
`;

test('one-line sources move to another suite with mirror, options and components', () => {
  const files = [{ path: '/etc/apt/sources.list', text: LIST }];
  expect(betweenSources(files, release('trixie'), release('bookworm'))).toEqual({
    list: `deb http://mirror/debian bookworm main contrib
deb [signed-by=/k.gpg arch=amd64] http://mirror/debian bookworm-updates main
deb http://security/debian-security bookworm-security main
`,
    stanzas: '',
  });
});

test('deb822 sources too', () => {
  const files = [{ path: '/etc/apt/sources.list.d/debian.sources', text: STANZAS }];
  expect(betweenSources(files, release('trixie'), release('bookworm'))).toEqual({
    list: '',
    stanzas: `Types: deb
URIs: http://mirror/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.pgp

Types: deb
URIs: http://security/debian-security
Suites: bookworm-security
Components: main

`,
  });
});

test('before bullseye the security suite has another name', () => {
  const files = [{ path: '/etc/apt/sources.list', text: 'deb http://s/debian-security trixie-security main\n' }];
  expect(betweenSources(files, release('trixie'), release('buster')).list).toBe(
    'deb http://s/debian-security buster/updates main\n',
  );
});

test('printed source files are told apart', () => {
  expect(parseSourcesFiles(Buffer.from('/a\0deb x\n\0/b.sources\0\0'))).toEqual([
    { path: '/a', text: 'deb x\n' },
    { path: '/b.sources', text: '' },
  ]);
});

/** Answers as a base would: sources, its own list, lists of others; `failing` releases cannot be had. */
function baseDouble(failing: string[] = []): { run: RunInBase; asked: string[][] } {
  const asked: string[][] = [];
  const run: RunInBase = async argv => {
    asked.push(argv);
    if (argv.length === 3)
      return { stdout: Buffer.from(`/etc/apt/sources.list\0deb http://mirror/debian trixie main\n\0`) };
    const suite = argv[2]!.includes('sourceparts') ? argv[4]!.split(' ')[2]! : 'trixie';
    if (failing.includes(suite)) throw new Error(`no ${suite}`);
    return { stdout: Buffer.from(`Package: of-${suite}\nVersion: 1\n\n`) };
  };
  return { run, asked };
}

test('the base and every release in between, oldest first', async () => {
  const { run } = baseDouble();
  const got = await readPackageIndexes({ run, old: os('10', 'buster'), base: os('13', 'trixie'), distributions });
  expect([...got.index.names()]).toEqual(['of-trixie']);
  expect(got.between.map(({ label }) => label)).toEqual(['bullseye', 'bookworm']);
});

test('a base that has been read is not read again', async () => {
  const { run } = baseDouble(['trixie']);
  const index = new PackageIndex('trixie');
  const got = await readPackageIndexes({
    run,
    old: os('11', 'bullseye'),
    base: os('13', 'trixie'),
    distributions,
    index,
  });
  expect(got.index).toBe(index);
  expect(got.between.map(({ label }) => label)).toEqual(['bookworm']);
});

test('a release whose lists cannot be had is left out with a warning; the base must answer', async () => {
  const warnings: string[] = [];
  const progress = { step() {}, detail() {}, warn: (message: string) => warnings.push(message) };
  const request = { old: os('10', 'buster'), base: os('13', 'trixie'), distributions, progress };
  const got = await readPackageIndexes({ ...request, run: baseDouble(['bullseye']).run });
  expect(got.between.map(({ label }) => label)).toEqual(['bookworm']);
  expect(warnings).toEqual([expect.stringContaining('bullseye')]);
  await expect(readPackageIndexes({ ...request, run: baseDouble(['trixie']).run })).rejects.toMatchObject({
    code: 'step-failed',
  });
});

test('nothing is asked in between for another distribution or an unknown release', async () => {
  const { run, asked } = baseDouble();
  await readPackageIndexes({
    run,
    old: { ...os('11', 'bullseye'), id: 'ubuntu' },
    base: os('13', 'trixie'),
    distributions,
  });
  expect(asked).toHaveLength(1);
});

test('older releases are the old one and all between it and the base', () => {
  const files = [{ path: '/etc/apt/sources.list', text: LIST }];
  const ask = (old: OsRelease) => olderSources(files, { old, base: os('13', 'trixie'), distributions });
  const { list, stanzas } = ask(os('11', 'bullseye'));
  expect(stanzas).toBe('');
  expect(list.split('\n').filter(line => / main contrib$/.test(line))).toEqual([
    'deb http://mirror/debian bullseye main contrib',
    'deb http://mirror/debian bookworm main contrib',
  ]);
  expect(ask(os('13', 'trixie'))).toEqual({ list: '', stanzas: '' });
  expect(ask({ ...os('22.04', 'jammy'), id: 'ubuntu' })).toEqual({ list: '', stanzas: '' });
});
