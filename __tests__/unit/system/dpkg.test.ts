import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parseStanzas, relationNames } from '../../../src/system/deb822.ts';
import {
  parseAlternative,
  parseDiversions,
  parseDpkgStatus,
  readDpkgFiles,
  readDpkgOverrides,
} from '../../../src/system/dpkg.ts';
import { parseOsRelease } from '../../../src/system/os-release.ts';
import { canonicalPaths } from '../../../src/system/package-files.ts';
import { SystemFiles } from '../../../src/system/system-files.ts';

/* Files of a Debian 11 container in which somebody diverted, overrode, held, removed and chose things. */
const CAPTURED = join(import.meta.dirname, '../../captured/system');
const read = (path: string) => readFileSync(join(CAPTURED, path), 'utf8');
const packages = parseDpkgStatus(read('bullseye/status'), read('bullseye/extended_states'));
const named = (name: string) => packages.find(each => each.name === name);

describe('os-release', () => {
  test.each([
    ['bullseye', '11'],
    ['bookworm', '12'],
    ['trixie', '13'],
  ])('%s', (codename, versionId) => {
    expect(parseOsRelease(read(`${codename}/os-release`))).toEqual({
      ...{ id: 'debian', idLike: [], versionId, codename },
      prettyName: `Debian GNU/Linux ${versionId} (${codename})`,
    });
  });

  test.each<[string, Partial<ReturnType<typeof parseOsRelease>>]>([
    ['', { id: '', idLike: [], versionId: '', prettyName: '' }],
    ['ID=\'ubuntu\'\nID_LIKE="debian  x"\n', { id: 'ubuntu', idLike: ['debian', 'x'] }],
    ['NAME="A \\"b\\" \\$c"\n', { prettyName: 'A "b" $c' }],
    ['# ID=x\n  ID=alpine  \n', { id: 'alpine' }],
  ])('%j', (text, expected) => {
    expect(parseOsRelease(text)).toMatchObject(expected);
  });
});

describe('deb822', () => {
  test.each<[string, string, Record<string, string>[]]>([
    ['two stanzas', 'A: 1\nB: 2\n\nA: 3\n', [{ a: '1', b: '2' }, { a: '3' }]],
    ['several blank lines, some with blanks', 'A: 1\n \n\nA: 2', [{ a: '1' }, { a: '2' }]],
    ['continuation', 'A: x\n y\n\tz: 1\nB:\n /f 1\n', [{ a: 'x\ny\nz: 1', b: '\n/f 1' }]],
    ['no field at all', 'nonsense\n', []],
    ['a value with a colon', 'A: b: c', [{ a: 'b: c' }]],
  ])('%s', (_, text, stanzas) => {
    expect([...parseStanzas(text)].map(each => Object.fromEntries(each))).toEqual(stanzas);
  });

  test.each([
    ['a (= 1.0), b | c:any, d <!nocheck> [amd64]', ['a', 'b', 'c', 'd']],
    ['', []],
    [undefined, []],
  ])('relation %j', (field, names) => {
    expect(relationNames(field)).toEqual(names);
  });
});

describe('status', () => {
  test('an ordinary package', () => {
    expect(named('nano')).toEqual({
      ...{ name: 'nano', version: '5.4-2+deb11u3', architecture: 'amd64', source: 'nano', manual: true },
      ...{ status: 'installed', provides: [], priority: 'important' },
      conffiles: { '/etc/nanorc': expect.stringMatching(/^[0-9a-f]{32}$/) },
    });
  });

  test.each([
    ['ucf', 'hold'],
    ['logrotate', 'config-files'],
    ['dash', 'installed'],
  ])('%s is %s', (name, status) => {
    expect(named(name)?.status).toBe(status);
  });

  test('what apt installed by itself is not chosen', () => {
    expect(named('php7.4-cli')?.manual).toBe(false);
    expect(named('php-cli')?.manual).toBe(true);
  });

  test('source with a version, priority, removed package with its version', () => {
    expect(named('bsdutils')).toMatchObject({ source: 'util-linux', priority: 'required' });
    expect(named('logrotate')).toMatchObject({ version: expect.stringMatching(/^3\./) });
  });

  test.each<[string, string, Record<string, string>]>([
    ['obsolete', ' /etc/a 0123456789abcdef0123456789abcdef obsolete', { '/etc/a': '0123456789abcdef0123456789abcdef' }],
    [
      'removed on upgrade',
      ' /etc/a b 0123456789abcdef0123456789abcdef remove-on-upgrade',
      { '/etc/a b': '0123456789abcdef0123456789abcdef' },
    ],
    ['not configured yet', ' /etc/a newconffile', { '/etc/a': '' }],
    ['broken', ' /etc/a', {}],
  ])('conffile: %s', (_, line, conffiles) => {
    const text = `Package: p\nStatus: install ok installed\nConffiles:\n${line}\n`;
    expect(parseDpkgStatus(text, '')[0]?.conffiles).toEqual(conffiles);
  });

  test.each([
    ['install ok installed', 'installed'],
    ['install ok half-configured', 'half-installed'],
    ['install ok unpacked', 'half-installed'],
    ['deinstall ok config-files', 'config-files'],
    ['hold ok installed', 'hold'],
    ['purge ok not-installed', undefined],
    ['', undefined],
  ])('status %j', (status, expected) => {
    expect(parseDpkgStatus(`Package: p\nStatus: ${status}\n`, '')[0]?.status).toBe(expected);
  });
});

test('diversions: ours, a package’s, names with blanks', () => {
  expect(parseDiversions(read('bullseye/diversions').split('\n').filter(Boolean))).toEqual([
    { path: '/usr/bin/logger', divertedTo: '/usr/bin/logger.distrib', package: ':' },
    { path: '/usr/share/man/man1/sh.1.gz', divertedTo: '/usr/share/man/man1/sh.distrib.1.gz', package: 'dash' },
    { path: '/usr/share/odd name', divertedTo: '/usr/share/odd name.distrib', package: 'vim-tiny' },
    { path: '/bin/sh', divertedTo: '/bin/sh.distrib', package: 'dash' },
  ]);
  expect(parseDiversions(['/a', '/b'])).toEqual([]);
});

describe('alternatives', () => {
  const parse = (name: string) =>
    parseAlternative(`/var/lib/dpkg/alternatives/${name}`, read(`bullseye/alternatives/${name}`));

  test('a choice by hand, a local choice, slaves that only some have', () => {
    const editor = parse('editor');
    expect(editor).toMatchObject({ name: 'editor', link: '/usr/bin/editor', mode: 'manual' });
    expect(editor.choices.map(each => [each.path, each.priority, each.slaves.length])).toEqual([
      ['/bin/nano', 40, 1],
      ['/usr/bin/vim.tiny', 15, 8],
      ['/usr/local/bin/labedit', 5, 1],
    ]);
    expect(editor.choices[2]!.slaves).toEqual([
      { name: 'editor.1.gz', link: '/usr/share/man/man1/editor.1.gz', path: '/usr/local/share/man/man1/labedit.1' },
    ]);
  });

  test('left to itself', () => {
    expect(parse('pager')).toMatchObject({
      mode: 'auto',
      link: '/usr/bin/pager',
      choices: [{ path: '/bin/more', priority: 50 }],
    });
  });

  test('an empty file', () => {
    expect(parseAlternative('/x/y', '')).toEqual({ name: 'y', link: '', mode: 'auto', value: '', choices: [] });
  });
});

/** The captured database as it would be read from a container. */
function database(): SystemFiles {
  const files = new SystemFiles();
  const add = (path: string, captured: string, mtime = '') =>
    files.set(path, Buffer.from(read(`bullseye/${captured}`)), mtime);
  for (const name of ['status', 'diversions', 'statoverride']) add(`/var/lib/dpkg/${name}`, name);
  for (const name of ['editor', 'pager', 'awk', 'php'])
    add(`/var/lib/dpkg/alternatives/${name}`, `alternatives/${name}`);
  for (const name of ['nano', 'dash', 'bsdutils'])
    for (const kind of ['list', 'md5sums'])
      add(`/var/lib/dpkg/info/${name}.${kind}`, `info/${name}.${kind}`, '1700000000.5');
  add('/var/lib/ucf/hashfile', 'ucf-hashfile');
  add('/var/lib/ucf/registry', 'ucf-registry');
  return files;
}

test('overrides', () => {
  const overrides = readDpkgOverrides(database(), packages);
  expect(overrides.holds).toEqual(['ucf']);
  expect(overrides.statoverrides).toContainEqual({ user: 'root', group: 'mail', mode: '2750', path: '/usr/bin/nano' });
  expect(overrides.statoverrides).toContainEqual({
    user: 'daemon',
    group: 'daemon',
    mode: '700',
    path: '/srv/with blank',
  });
  expect(overrides.alternatives.map(each => each.name)).toEqual(['awk', 'editor', 'pager', 'php']);
});

describe('who ships what', () => {
  // merged /usr, as in every release from bullseye on
  const canonical = canonicalPaths(
    new Map([
      ['/bin', 'usr/bin'],
      ['/sbin', 'usr/sbin'],
    ]),
  );
  const owned = readDpkgFiles(database(), packages, canonical);

  test.each<[string, object | undefined]>([
    [
      '/usr/bin/nano',
      {
        package: 'nano',
        digest: expect.stringMatching(/^[0-9a-f]{32}$/),
        unpacked: '1700000000.5',
        list: '/var/lib/dpkg/info/nano.list',
      },
    ],
    ['/bin/nano', undefined],
    ['/etc/nanorc', { package: 'nano', conffile: true, digest: named('nano')!.conffiles['/etc/nanorc'] }],
    ['/usr/share/nano', { package: 'nano' }],
    ['/usr/bin/logger', undefined],
    ['/usr/bin/logger.distrib', { package: 'bsdutils', digest: expect.any(String) }],
    ['/usr/bin/sh', { package: 'dash' }],
    [
      '/etc/php/7.4/cli/php.ini',
      { package: 'php7.4-cli', digest: 'a67880b0e19aa21d191824b9f68c2ea9', conffile: true, ucf: true },
    ],
    ['/etc/logrotate.conf', undefined],
    ['/srv/with blank', undefined],
  ])('%s', (path, expected) => {
    if (expected) expect(owned.get(path)).toMatchObject(expected);
    else expect(owned.get(path)).toBeUndefined();
  });

  test('an obsolete configuration file is marked', () => {
    const files = new SystemFiles();
    const digest = '0123456789abcdef0123456789abcdef';
    const status = `Package: p\nStatus: install ok installed\nArchitecture: all\nConffiles:\n /etc/old ${digest} obsolete\n /etc/now ${digest}\n`;
    files.set('/var/lib/dpkg/status', Buffer.from(status));
    files.set('/var/lib/dpkg/info/p.list', Buffer.from('/.\n/etc\n/etc/now\n'));
    const shipped = readDpkgFiles(files, parseDpkgStatus(status, ''), path => path);
    expect([shipped.get('/etc/old')?.obsolete, shipped.get('/etc/now')?.obsolete]).toEqual([true, undefined]);
  });

  test('the list of a multi-arch package has its architecture in the name', () => {
    const files = new SystemFiles();
    files.set('/var/lib/dpkg/info/libx:amd64.list', Buffer.from('/.\n/usr/lib/libx.so\n'), '5');
    const status = 'Package: libx\nStatus: install ok installed\nArchitecture: amd64\n';
    expect(readDpkgFiles(files, parseDpkgStatus(status, ''), path => path).get('/usr/lib/libx.so')).toMatchObject({
      package: 'libx',
      unpacked: '5',
    });
  });

  test('names with blanks in ucf’s registry', () => {
    const files = new SystemFiles();
    files.set('/var/lib/ucf/hashfile', Buffer.from('0123456789abcdef0123456789abcdef  /etc/a b.conf\n'));
    files.set('/var/lib/ucf/registry', Buffer.from('pkg \t /etc/a b.conf\n'));
    expect(readDpkgFiles(files, [], path => path).get('/etc/a b.conf')).toMatchObject({ package: 'pkg', ucf: true });
  });
});
