import { describe, expect, test } from '@jest/globals';
import {
  deriveDirectoryVersions,
  deriveLocalVersions,
  versionedDirectories,
} from '../../../src/plan/versioned-directories.ts';

test('a path whose last component is a version of two numbers or more', () => {
  const paths = [
    '/var/lib/gems/3.1.0',
    '/usr/share/perl/5.36',
    '/usr/share/perl/5.36.0/strict.pm',
    '/etc/postgresql/15',
    '/usr/lib/x/1.0-rc1',
    '/usr/bin/python3.11',
  ];
  expect(versionedDirectories(paths)).toEqual(['/usr/share/perl/5.36', '/var/lib/gems/3.1.0']);
});

describe('deriveDirectoryVersions', () => {
  const ruby = { stem: 'ruby', old: '3.1', new: '3.3' };
  const table: [string, string[], string[], object[]][] = [
    [
      'another version of as many numbers beside it',
      ['/a/gems/3.1.0'],
      ['/a/gems/3.3.0'],
      [['gems', '3.1.0', '3.3.0']],
    ],
    [
      'two lengths of one version',
      ['/s/perl/5.36', '/s/perl/5.36.0'],
      ['/s/perl/5.40', '/s/perl/5.40.1'],
      [
        ['perl', '5.36', '5.40'],
        ['perl', '5.36.0', '5.40.1'],
      ],
    ],
    ['nothing where it is there still', ['/a/gems/3.1.0'], ['/a/gems/3.1.0', '/a/gems/3.3.0'], []],
    ['nothing where two are new', ['/a/gems/3.1.0'], ['/a/gems/3.3.0', '/a/gems/3.4.0'], []],
    ['nothing where the other was there before', ['/a/gems/2.7.0', '/a/gems/3.1.0'], ['/a/gems/3.1.0'], []],
    ['nothing elsewhere', ['/a/gems/3.1.0'], ['/b/gems/3.3.0'], []],
    ['nothing where two folders disagree', ['/a/gems/3.1.0', '/b/gems/3.1.0'], ['/a/gems/3.3.0', '/b/gems/3.4.0'], []],
    [
      'one where three of them disagree, either',
      ['/a/x/1.0', '/b/x/1.0', '/c/x/1.0'],
      ['/a/x/2.0', '/b/x/3.0', '/c/x/2.0'],
      [],
    ],
    ['nothing that the names of packages tell already', ['/usr/share/ruby/3.1'], ['/usr/share/ruby/3.3'], []],
  ];
  test.each(table)('%s', (_, old, today, expected) => {
    const found = deriveDirectoryVersions(old, today, [ruby]);
    expect(found.map(each => [each.stem, each.old, each.new])).toEqual(expected);
  });
});

describe('deriveLocalVersions', () => {
  const perl = (version: string) => [
    { name: 'perl-base', source: 'perl', version },
    { name: 'perlless', source: 'other', version },
  ];
  const [OLD, NOW] = [perl('5.32.1-4+deb11u4'), perl('5.40.1-6')];
  const derive = (folders: string[], old = OLD, now = NOW, known: { stem: string; old: string; new: string }[] = []) =>
    deriveLocalVersions(folders, old, now, known).map(each => `${each.stem} ${each.old} -> ${each.new}`);

  test('a folder of a person that has the version of a package in its name', () => {
    expect(derive(['/usr/local/lib/x86_64-linux-gnu/perl/5.32.1', '/usr/local/share/perl/5.32.1'])).toEqual([
      'perl 5.32.1 -> 5.40.1',
    ]);
  });

  test.each([
    ['another version', ['/usr/local/share/perl/5.30.0']],
    ['another name', ['/usr/local/share/pearl/5.32.1']],
    ['a place of packages', ['/usr/share/perl/5.32.1']],
    ['a longer path', ['/usr/local/share/perl/5.32.1/Lab']],
  ])('nothing of %s', (_, folders) => {
    expect(derive(folders)).toEqual([]);
  });

  test('nothing where the version is the same, the package has gone, or is known already', () => {
    const folders = ['/usr/local/share/perl/5.32.1'];
    expect(derive(folders, OLD, OLD)).toEqual([]);
    expect(derive(folders, OLD, [])).toEqual([]);
    expect(derive(folders, OLD, NOW, [{ stem: 'perl', old: '5.32.1', new: '5.38.2' }])).toEqual([]);
  });
});
