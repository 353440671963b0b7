import { describe, expect, test } from '@jest/globals';
import { parseRelation } from '../../../src/plan/package-candidate.ts';
import { parsePackages } from '../../../src/plan/parse-packages.ts';
import { capturedIndex } from './package-lists.ts';

const TEXT = `Package: one
Version: 1:2.0-1
Architecture: amd64
Source: src-one (2.0-1)
Installed-Size: 12
Pre-Depends: dpkg (>= 1.15)
Depends: a (>= 1) | b, c:any,
 d [amd64]
Provides: virt (= 1), other
Conflicts: gone, old (<< 2)
Description: first line ü
 further text, Depends: x
Tag: role::program

Package: one
Version: 1:2.0-2
Description: newer

Version: 9
Description: a stanza without a name

Package: two
Version: 3
Section: oldlibs
Depends: one
Description: empty`;

test('a stanza gives the fields that matter', async () => {
  const index = await parsePackages([TEXT]);
  const [older] = index.providersOf('virt');
  expect(index.size).toBe(2);
  expect(older?.name).toBe('one');
  const { version, description } = index.find('one')!;
  expect({ version, description }).toEqual({ version: '1:2.0-2', description: 'newer' });
  expect(index.bySource('src-one').map(({ name }) => name)).toEqual(['one']);
  expect(index.find('two')?.transitional).toBe(true);
  expect(index.find('none')).toBeUndefined();
});

test('folded relations are read, restrictions left out, and conflicts with old versions too', async () => {
  const index = await parsePackages([TEXT.split('\n\n')[0]!]);
  const one = index.find('one')!;
  expect(one.depends).toEqual([['dpkg'], ['a', 'b'], ['c'], ['d']]);
  expect(one.provides).toEqual(['virt', 'other']);
  expect(one.conflicts).toEqual(['gone']);
  expect(one.description).toBe('first line ü');
  expect(one.installedSize).toBe(12);
});

test('pieces of any size give the same', async () => {
  const bytes = Buffer.from(TEXT);
  for (const size of [1, 3, 7, 64]) {
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
      bytes.subarray(at * size, (at + 1) * size),
    );
    const index = await parsePackages(pieces);
    expect(index.find('two')?.depends).toEqual([['one']]);
    expect(index.providersOf('other')).toHaveLength(1);
  }
});

describe('transitional packages of real lists', () => {
  const table: [string, 'bookworm' | 'trixie', boolean][] = [
    ['ntp', 'bookworm', true],
    ['mime-support', 'bookworm', true],
    ['mariadb-server-10.5', 'bookworm', true],
    ['telnet', 'trixie', true],
    ['ntpsec', 'bookworm', false],
    ['libssl3t64', 'trixie', false],
  ];
  test.each(table)('%s of %s: %s', async (name, release, expected) => {
    expect((await capturedIndex(release)).find(name)?.transitional).toBe(expected);
  });
});

test('relations', () => {
  expect(parseRelation('')).toEqual([]);
  expect(parseRelation('a:any (>= 1) <!nocheck> | b [i386],c')).toEqual([['a', 'b'], ['c']]);
});

test('reverse dependencies count first choices only', async () => {
  const index = await capturedIndex('trixie');
  expect(index.dependingOn('php8.4-fpm').map(({ name }) => name)).toEqual(['php-fpm']);
});

test('seventy thousand stanzas in pieces of a thousand are all there', async () => {
  const stanza = (at: number) =>
    `Package: package-${at}\nVersion: 1.${at}-1\nArchitecture: amd64\nSource: source-${at % 30000}\nDepends: ${'libsomething (>= 1.2), '.repeat(8)}libc6\nDescription: number ${at}\nFilename: pool/main/p/package-${at}.deb\nSHA256: ${'0'.repeat(64)}\nTag: ${'role::program, '.repeat(10)}\n\n`;
  const chunks = Array.from({ length: 70 }, (_, block) =>
    Buffer.from(Array.from({ length: 1000 }, (_, at) => stanza(block * 1000 + at)).join('')),
  );
  expect((await parsePackages(chunks)).size).toBe(70000);
});
