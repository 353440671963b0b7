import { expect, test } from '@jest/globals';
import { findMissedPackages } from '../../../src/plan/missed-packages.ts';
import type { Resolution } from '../../../src/plan/resolve-packages.ts';
import type { InstalledPackage } from '../../../src/system/system-facts.ts';

const theme: InstalledPackage = {
  name: 'site-theme',
  version: '1.0',
  architecture: 'all',
  source: 'site',
  manual: true,
  status: 'installed',
  provides: [],
  conffiles: {},
};
const gone = (name: string): Resolution => ({ old: name, how: 'gone', why: `no ${name}` });

test('a chosen package that nothing succeeds is missed', () => {
  expect(findMissedPackages({ olderPackages: true, resolutions: [gone('site-theme')] }, [theme])).toEqual([
    { name: 'site-theme', why: 'no site-theme', portable: true },
  ]);
});

test('a program of one processor cannot be an older release’s', () => {
  const [found] = findMissedPackages({ olderPackages: true, resolutions: [gone('site-theme')] }, [
    { ...theme, architecture: 'amd64' },
  ]);
  expect(found).toMatchObject({ portable: false });
});

test('an owner may refuse older releases’ packages', () => {
  expect(findMissedPackages({ olderPackages: false, resolutions: [gone('site-theme')] }, [theme])).toEqual([
    { name: 'site-theme', why: 'no site-theme; older releases were not to be asked', portable: false },
  ]);
});

test.each([
  ['came as a dependency', { manual: false }],
  ['is the base’s own', { priority: 'important' }],
  ['comes from the archive', { local: true }],
  ['was removed', { status: 'config-files' as const }],
  ['is a library', { name: 'libsite1' }],
])('nobody misses what %s', (_, change) => {
  const old = { ...theme, ...change };
  expect(findMissedPackages({ olderPackages: true, resolutions: [gone(old.name)] }, [old])).toEqual([]);
});

test('what an entry drops on purpose is not missed, nor what has a successor', () => {
  for (const resolution of [
    { old: 'site-theme', how: 'knowledge', why: '' },
    { old: 'site-theme', new: 'other', how: 'replaces', why: '' },
  ] as Resolution[])
    expect(findMissedPackages({ olderPackages: true, resolutions: [resolution] }, [theme])).toEqual([]);
});
