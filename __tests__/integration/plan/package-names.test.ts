import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Engine } from '../../../src/engine/engine.ts';
import { findEngine } from '../../../src/engine/find-engine.ts';
import { readDistributions } from '../../../src/knowledge/read-distributions.ts';
import { readPackageIndexes } from '../../../src/plan/read-package-index.ts';
import { resolvePackages } from '../../../src/plan/resolve-packages.ts';
import type { InstalledPackage } from '../../../src/system/system-facts.ts';

/** name, source, Provides on bullseye. */
const OLD: [string, string, string[]][] = [
  ['samba', 'samba', []],
  ['ntp', 'ntp', ['time-daemon']],
  ['php7.4-fpm', 'php7.4', ['php-fpm']],
  ['php7.4-json', 'php7.4', ['php-json']],
  ['postgresql-13-ip4r', 'ip4r', []],
  ['tomcat9', 'tomcat9', []],
  ['openjdk-11-jre-headless', 'openjdk-11', ['java-runtime-headless']],
  ['git-daemon-sysvinit', 'git', []],
  ['proftpd-basic', 'proftpd-dfsg', []],
  ['policykit-1', 'policykit-1', []],
];
const os = (versionId: string, codename: string) => ({
  id: 'debian',
  idLike: [],
  versionId,
  codename,
  prettyName: codename,
});

let engine: Engine;
let container: string;
beforeAll(async () => {
  engine = await findEngine();
  container = await engine.run({ image: 'debian:trixie', command: ['sleep', '600'] });
}, 60_000);
afterAll(async () => {
  if (container) await engine.removeContainer(container);
});

test('names of bullseye resolve to packages that trixie installs together', async () => {
  const run = (argv: string[]) => engine.execStream(container, argv);
  const warnings: string[] = [];
  const progress = { step() {}, detail() {}, warn: (message: string) => warnings.push(message) };
  const lists = await readPackageIndexes({
    run,
    old: os('11', 'bullseye'),
    base: os('13', 'trixie'),
    distributions: await readDistributions(),
    progress,
  });
  expect(warnings).toEqual([]);
  expect(lists.index.size).toBeGreaterThan(50_000);
  expect(lists.between.map(({ label, size }) => [label, size > 50_000])).toEqual([['bookworm', true]]);
  const old = OLD.map(
    ([name, source, provides]): InstalledPackage => ({
      name,
      source,
      provides,
      version: '1',
      architecture: 'amd64',
      manual: true,
      status: 'installed',
      conffiles: {},
    }),
  );
  const answers = resolvePackages({ old, wanted: OLD.map(([name]) => name), ...lists, renames: [] });
  const names = answers.flatMap(({ new: name, also = [] }) => (name ? [name, ...also] : []));
  expect(answers.filter(answer => !answer.new).map(({ old, how }) => [old, how])).toEqual([
    ['php7.4-json', 'provided'],
    ['git-daemon-sysvinit', 'gone'],
  ]);
  const simulated = await engine.exec(container, ['apt-get', 'install', '-s', '-qq', ...names], { allowFailure: true });
  expect(simulated.stderr).toBe('');
  expect(simulated.code).toBe(0);
}, 120_000);
