import { expect, test } from '@jest/globals';
import { parseService } from '../../../src/knowledge/read-services.ts';
import { selectDifferences, warningsAtArchive } from '../../../src/plan/select-differences.ts';
import type { InstalledPackage } from '../../../src/system/system-facts.ts';

const service = parseService(
  `
id: tinyd
title: Tiny
recognise: { packages: [tinyd] }
differences:
  - { id: soon, why: format 1 is gone, source: a test, before: '2', from: '3', when: archive, warn: dump it now, example: 1 -> 3 }
  - { id: never, why: the data are encrypted with a lost cipher, source: a test, before: '2', from: '3', refuse: convert first, example: 1 -> 3 }
  - { id: old, why: x, source: a test, before: '1', warn: long ago, example: 0 -> 1 }
`,
  'tinyd.yml',
);
const installed = (version: string): InstalledPackage[] => [
  {
    name: 'tinyd',
    version,
    architecture: 'all',
    source: 'tinyd',
    manual: true,
    status: 'installed',
    provides: [],
    conffiles: {},
  },
];
const ids = (version: string, today: string) =>
  selectDifferences([service], installed(version), () => today).map(each => each.difference.id);

test('a difference lies between the versions, and one for the archive is none of a restore', () => {
  expect(ids('1.5-1', '3.0-1')).toEqual(['never']);
  expect(ids('1.5-1', '2.9-1')).toEqual([]);
  expect(ids('2.0-1', '3.0-1')).toEqual([]);
  expect(ids('0.9-1', '2.0-1')).toEqual(['old']);
});

test('what the owner of an old version should know before the end', () => {
  expect(warningsAtArchive([service], installed('1.5-1'))).toEqual(['dump it now (tinyd/soon)']);
  expect(warningsAtArchive([service], installed('2.0-1'))).toEqual([]);
});
