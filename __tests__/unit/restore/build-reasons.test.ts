import { expect, test } from '@jest/globals';
import { buildReasons, isTransient } from '../../../src/restore/build-reasons.ts';

/* As docker build printed it. */
const UNRESOLVED = [
  'Fetched 25.5 MB in 22s (1156 kB/s)',
  "\u001b[91mE: Failed to fetch http://deb.debian.org/debian/pool/main/g/gdbm/libgdbm6_1.19-2_amd64.deb  Temporary failure resolving 'deb.debian.org'",
  'E: Unable to fetch some archives, maybe run apt-get update or try with --fix-missing?',
  "\u001b[0mThe command '/bin/sh -c apt-get update' returned a non-zero code: 100",
];

test('the reason is what apt said, and a name that did not resolve may resolve', () => {
  const reasons = buildReasons(UNRESOLVED);
  expect(reasons).toEqual([UNRESOLVED[1]!.slice(5), UNRESOLVED[2]]);
  expect(isTransient(reasons)).toBe(true);
});

test('a package that is not there will not be there', () => {
  const reasons = buildReasons([
    'Reading package lists...',
    '\u001b[91mE: Unable to locate package kea-ctrl-agent\u001b[0m',
  ]);
  expect(reasons).toEqual(['E: Unable to locate package kea-ctrl-agent']);
  expect(isTransient(reasons)).toBe(false);
});

test('dpkg names the package whose script failed, and how it failed', () => {
  const reasons = buildReasons([
    'Setting up lab (1.0) ...',
    '\u001b[91mdpkg: error processing package lab (--configure):\u001b[0m',
    ' installed lab package post-installation script subprocess returned error exit status 1',
    'Errors were encountered while processing:',
    ' lab',
    'E: Sub-process /usr/bin/dpkg returned an error code (1)',
  ]);
  expect(reasons).toEqual([
    'dpkg: error processing package lab (--configure): installed lab package post-installation script subprocess returned error exit status 1',
    'E: Sub-process /usr/bin/dpkg returned an error code (1)',
  ]);
});
