import { expect, test } from '@jest/globals';
import { packageOfPrograms, versionedPrograms } from '../../../src/plan/versioned-programs.ts';
import type { InstalledPackage } from '../../../src/system/system-facts.ts';

const PACKAGES = [
  'postgresql-13-ip4r',
  'postgresql-13',
  'postgresql-common',
  'postgresqlish',
  'libc6',
  'libc-bin',
  'php7.4-cli',
  'php-common',
].map(name => ({ name }) as InstalledPackage);
const FILES: [string, { package: string }][] = [
  ['/usr/bin/pg_ctlcluster', { package: 'postgresql-common' }],
  ['/usr/lib/postgresql/13/bin/postgres', { package: 'postgresql-13' }],
  ['/usr/sbin/phpenmod', { package: 'php-common' }],
  ['/usr/share/doc/php-common', { package: 'php-common' }],
  ['/usr/bin/ish', { package: 'postgresqlish' }],
  ['/usr/bin/ldd', { package: 'libc-bin' }],
];

test('programs whose package has a version beside it in the name of another', () => {
  expect(versionedPrograms(PACKAGES, FILES)).toEqual({ pg_ctlcluster: 'postgresql-common', phpenmod: 'php-common' });
});

test('are found by name and by the path of a command', () => {
  const packageOf = packageOfPrograms({ pg_ctlcluster: 'postgresql-common' });
  const words = ['pg_ctlcluster', '/usr/bin/pg_ctlcluster', '/bin/pg_ctlcluster', '/opt/pg_ctlcluster', 'constructor'];
  expect(words.map(packageOf)).toEqual([...Array(3).fill('postgresql-common'), undefined, undefined]);
  expect(packageOfPrograms(undefined)('pg_ctlcluster')).toBeUndefined();
});
