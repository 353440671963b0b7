import { beforeAll, describe, expect, test } from '@jest/globals';
import type { PackageIndex } from '../../../src/plan/package-index.ts';
import { type Rename, type Resolution, resolvePackages } from '../../../src/plan/resolve-packages.ts';
import type { InstalledPackage } from '../../../src/system/system-facts.ts';
import { capturedIndex, indexOf, installedFrom } from './package-lists.ts';

let bullseye: PackageIndex;
let bookworm: PackageIndex;
let trixie: PackageIndex;
beforeAll(async () => {
  [bullseye, bookworm, trixie] = await Promise.all([
    capturedIndex('bullseye'),
    capturedIndex('bookworm'),
    capturedIndex('trixie'),
  ]);
});

/** The last word is the one that is asked for; all of them are installed. */
function resolve(words: string, between = [bookworm], renames: Rename[] = []): Resolution {
  const names = words.split(' ');
  const old = installedFrom(bullseye, names);
  return resolvePackages({ old, wanted: names, index: trixie, between, renames }).at(-1)!;
}

describe('bullseye on trixie, by the real lists', () => {
  const table: [string, string | undefined, string][] = [
    ['samba', 'samba', 'same'],
    ['redis-server', 'redis-server', 'same'],
    ['php7.4-fpm', 'php8.4-fpm', 'provides'],
    ['libapache2-mod-php7.4', 'libapache2-mod-php8.4', 'provides'],
    ['php7.4-fpm php7.4-json', undefined, 'provided'],
    ['postgresql-13-ip4r', 'postgresql-17-ip4r', 'versioned'],
    ['postgresql-13', 'postgresql-17', 'versioned'],
    ['postgresql-client-13', 'postgresql-client-17', 'provides'],
    ['postgresql-contrib', 'postgresql', 'provides'],
    ['ntp', 'ntpsec', 'transitional'],
    ['dnsutils', 'bind9-dnsutils', 'transitional'],
    ['telnetd', 'inetutils-telnetd', 'transitional'],
    ['tomcat9', 'tomcat10', 'versioned'],
    ['openjdk-11-jre-headless', 'openjdk-21-jre-headless', 'versioned'],
    ['python3.9', 'python3.13', 'versioned'],
    ['python3.9-venv', 'python3.13-venv', 'versioned'],
    ['ruby2.7', 'ruby3.3', 'versioned'],
    ['mariadb-server-10.5', 'mariadb-server', 'transitional'],
    ['mariadb-server-core-10.5', 'mariadb-server-core', 'versioned'],
    ['netcat-openbsd netcat', 'netcat-openbsd', 'provides'],
    ['proftpd-basic', 'proftpd-core', 'transitional'],
    ['libssl1.1', 'libssl3t64', 'versioned'],
    ['libgnutls30', 'libgnutls30t64', 'time_t'],
    ['libaio1', 'libaio1t64', 'source'],
    ['git git-daemon-sysvinit', undefined, 'gone'],
    ['asterisk', undefined, 'gone'],
    ['libapache2-mod-wsgi', undefined, 'gone'],
  ];
  test.each(table)('%s -> %s (%s)', (words, expected, how) => {
    expect(resolve(words)).toMatchObject({ how, ...(expected ? { new: expected } : {}) });
    expect(resolve(words).new).toBe(expected);
  });

  test('a package that was split leads to all of its parts', () => {
    expect(resolve('mime-support')).toMatchObject({ new: 'mailcap', also: ['media-types'] });
    expect(resolve('proftpd-basic').also).toEqual(['proftpd-mod-wrap', 'proftpd-mod-crypto']);
    expect(resolve('policykit-1')).toMatchObject({ new: 'pkexec', also: ['polkitd'] });
  });

  test('the version beside a newer one has no successor: Python 3 is no python2.7', () => {
    expect(resolve('python3.9 python2.7').how).toBe('gone');
    expect(resolve('python2.7 python3.9').new).toBe('python3.13');
  });

  test('of several versions the default counts, also without the release in between', () => {
    expect(resolve('openjdk-11-jre-headless', []).new).toBe('openjdk-21-jre-headless');
    expect(resolve('postgresql-13-ip4r', []).new).toBe('postgresql-17-ip4r');
    expect(resolve('php7.4-fpm', []).new).toBe('php8.4-fpm');
    // No package says which Tomcat is the default: the nearest.
    expect(resolve('tomcat9', []).new).toBe('tomcat10');
  });

  test("without bookworm's lists nobody knows what became of ntp: two packages replace it", () => {
    expect(resolve('ntp', []).how).not.toBe('transitional');
  });

  test('sources tell what numbers moved', () => {
    expect(resolve('php7.4-fpm').sources).toEqual({ old: 'php7.4', new: 'php8.4' });
  });

  test('the reason names the releases', () => {
    expect(resolve('ntp').why).toBe('bookworm: ntp is a transitional package for ntpsec');
    expect(resolve('asterisk').why).toContain('trixie has no asterisk');
  });

  test('a successor that conflicts with a package that stays is not taken', () => {
    expect(resolve('vsftpd proftpd-basic')).toMatchObject({ how: 'gone', why: expect.stringContaining('vsftpd') });
  });
});

describe('knowledge', () => {
  const entry = { entry: 'ntp/renamed', why: 'ntp was dropped' };
  test('comes first', () => {
    const answer = resolve('ntp', [bookworm], [{ from: 'ntp', to: 'chrony', ...entry }]);
    expect(answer).toMatchObject({ new: 'chrony', how: 'knowledge' });
    expect(answer.why).toContain('ntp/renamed');
  });
  test('may drop a package on purpose', () => {
    const answer = resolve('ntp', [bookworm], [{ from: 'ntp', ...entry }]);
    expect(answer).toMatchObject({ how: 'knowledge', why: 'ntp was dropped (knowledge entry ntp/renamed)' });
    expect(answer.new).toBeUndefined();
  });
  test('is passed over when the base lacks what it names', () => {
    expect(resolve('ntp', [bookworm], [{ from: 'ntp', to: 'nothing-such', ...entry }]).new).toBe('ntpsec');
  });
  test('of another package has no effect', () => {
    expect(resolve('samba', [bookworm], [{ from: 'ntp', to: 'chrony', ...entry }]).how).toBe('same');
  });
});

describe('evidence in made-up lists', () => {
  const old = (name: string, provides: string[] = [], source = name): InstalledPackage => ({
    ...installedFrom(bullseye, [name])[0]!,
    provides,
    source,
  });
  const ask = (subject: InstalledPackage, index: PackageIndex, others: InstalledPackage[] = []) =>
    resolvePackages({
      old: [subject, ...others],
      wanted: [subject.name, ...others.map(({ name }) => name)],
      index,
      between: [],
      renames: [],
    })[0]!;

  test('a shared virtual name counts with one provider only', () => {
    const one = indexOf('new', [{ Package: 'b', Provides: 'mta' }]);
    const two = indexOf('new', [
      { Package: 'b', Provides: 'mta' },
      { Package: 'c', Provides: 'mta' },
    ]);
    expect(ask(old('a', ['mta']), one)).toMatchObject({ new: 'b', how: 'shared-virtual' });
    expect(ask(old('a', ['mta']), two).how).toBe('gone');
  });

  test('another provider of a general name is no substitute', () => {
    const index = indexOf('new', [
      { Package: 'apache2', Provides: 'httpd' },
      { Package: 'lighttpd', Provides: 'httpd' },
    ]);
    expect(ask(old('nginx', ['httpd']), index, [old('apache2')]).how).toBe('gone');
  });

  test('Replaces is a successor with Conflicts or Breaks, and of the same source or a longer name', () => {
    const replacing = (fields: object) => indexOf('new', [{ Package: 'quux', Replaces: 'foo', ...fields }]);
    expect(ask(old('foo'), replacing({ Conflicts: 'foo', Source: 'foo' })).how).toBe('replaces');
    expect(ask(old('foo'), replacing({ Source: 'quux' })).how).toBe('gone');
    expect(ask(old('foo'), replacing({ Conflicts: 'foo', Source: 'quux' })).how).toBe('gone');
  });

  test('of several versions the one that a package without a version stands for, else the nearest newer one', () => {
    const versions = [{ Package: 'jre-21' }, { Package: 'jre-17' }, { Package: 'jre-25' }, { Package: 'jre-8' }];
    const meta = { Package: 'default-jre', Version: '2:1.25-1', Depends: 'jre-25' };
    const user = { Package: 'app', Version: '21.3', Depends: 'jre-8' };
    const sources = versions.map(one => ({ ...one, Source: one.Package }));
    expect(ask(old('jre-11'), indexOf('new', [...sources, meta, user])).new).toBe('jre-25');
    expect(ask(old('jre-11'), indexOf('new', [...sources, user])).new).toBe('jre-17');
    expect(ask(old('jre-30'), indexOf('new', sources)).new).toBe('jre-25');
  });

  test('a dummy that depends on itself in a circle stays what it is', () => {
    const index = indexOf('new', [
      { Package: 'x', Depends: 'y', Description: 'transitional package' },
      { Package: 'y', Depends: 'x', Description: 'transitional package' },
    ]);
    expect(() => ask(old('x'), index)).not.toThrow();
  });

  test('a local package that nobody offers says so', () => {
    expect(ask({ ...old('ours'), local: true }, indexOf('new', [])).why).toContain('no repository');
  });
});

test('every answer is a real package, each name is answered once and in order', () => {
  const names = [...bullseye.names()];
  const old = installedFrom(bullseye, names);
  const answers = resolvePackages({
    old,
    wanted: [...names, 'samba'],
    index: trixie,
    between: [bookworm],
    renames: [],
  });
  expect(answers.map(answer => answer.old)).toEqual(names);
  const unreal = answers
    .flatMap(({ new: name, also = [] }) => (name ? [name, ...also] : also))
    .filter(name => !trixie.find(name));
  expect(unreal).toEqual([]);
});
