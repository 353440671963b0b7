import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { zstdDecompressSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import type { PackageFile } from '../../../src/system/package-files.ts';
import { rpm } from '../../../src/system/rpm.ts';
import { RpmHeader } from '../../../src/system/rpm-header.ts';
import { SystemFiles } from '../../../src/system/system-files.ts';
import { tempDir } from '../../support/temp-dir.ts';

const dir = tempDir();

/* Written by rpm 4.18 when it installed a package with configuration, a ghost, a link, a capability and odd modes. */
const DATABASE = zstdDecompressSync(
  readFileSync(join(import.meta.dirname, '../../captured/system/rpm/rpmdb.sqlite.zst')),
);

function system(files: Record<string, Buffer | string>): SystemFiles {
  const read = new SystemFiles();
  for (const [path, content] of Object.entries(files)) read.set(path, Buffer.from(content));
  return read;
}

const files = system({
  '/var/lib/rpm/rpmdb.sqlite': DATABASE,
  '/etc/passwd': 'root:x:0:0::/root:/bin/sh\n',
  '/etc/group': 'root:x:0:\ndaemon:x:31:\n',
  '/etc/yum.repos.d/lab.repo':
    '[base]\nbaseurl = https://dl.fedoraproject.org/pub\n[lab]\nname=Lab\nbaseurl=https://lab.example.org/rpm\n[off]\nbaseurl=https://off.example.org\nenabled=0\n',
  '/var/log/dnf.log': '2026-01-01T00:00:00+0000 DDEBUG Command: dnf install -y httpd \n',
  '/var/lib/alternatives/java':
    'manual\n/usr/bin/java\njavac\n/usr/bin/javac\n\n/opt/a/java\n@family@20 svc\n/opt/a/javac\n/opt/b/java\n10\n\n',
});

describe('where a package came from', () => {
  const name = 'labtool-2:1.0-3.noarch';
  const isLocal = (more: Record<string, Buffer | string>) =>
    rpm.packages(system({ '/var/lib/rpm/rpmdb.sqlite': DATABASE, ...more }))[0]!.local ?? false;
  const nevras = '/usr/lib/sysimage/libdnf5/nevras.toml';

  test('without a signature, and nothing said, it came from a file', () => {
    expect(isLocal({})).toBe(true);
  });

  test.each([
    ['dnf 5', nevras, `version = "1.0"\n[nevras]\n"${name}" = {from_repo="lab"}\n`, false],
    ['dnf 5, a file', nevras, `version = "1.0"\n[nevras]\n"${name}" = {from_repo="@commandline"}\n`, true],
    ['dnf 5, another spelling', nevras, `[nevras."${name}"]\nfrom_repo = "lab"\n`, false],
    ['dnf 5, another version', nevras, '[nevras]\n"labtool-1.0-3.noarch" = {from_repo="lab"}\n', true],
    ['dnf 5, of which it does not know', nevras, `[nevras]\n"${name}" = {from_repo=""}\n`, true],
    ['zypper', '/var/log/zypp/history', 'x|install|labtool|2:1.0-3|noarch|root@h|lab|ab|\n', false],
    ['zypper, a file', '/var/log/zypp/history', 'x|install|labtool|2:1.0-3|noarch|root@h|_tmpRPMcache_|ab|\n', true],
  ])('%s', (_, path, text, local) => {
    expect(isLocal({ [path]: text })).toBe(local);
  });

  /** Tables as dnf 4.14 made them. @param repositories of one transaction after the other */
  function dnf4History(...repositories: string[]): Buffer {
    const file = join(dir, 'history.sqlite');
    rmSync(file, { force: true });
    const database = new DatabaseSync(file);
    database.exec(`CREATE TABLE repo (id INTEGER PRIMARY KEY, repoid TEXT);
      CREATE TABLE rpm (item_id INTEGER, name TEXT, epoch INTEGER, version TEXT, release TEXT, arch TEXT);
      CREATE TABLE trans_item (id INTEGER PRIMARY KEY, trans_id INTEGER, item_id INTEGER, repo_id INTEGER);
      INSERT INTO rpm VALUES (7, 'labtool', 2, '1.0', '3', 'noarch');`);
    for (const each of repositories)
      database.exec(`INSERT INTO repo (repoid) VALUES ('${each}');
        INSERT INTO trans_item (trans_id, item_id, repo_id) VALUES (1, 7, last_insert_rowid());`);
    database.close();
    return readFileSync(file);
  }

  test.each([
    [['lab'], false],
    [['@commandline'], true],
    [['@commandline', 'lab'], false],
    [['lab', '@commandline'], true],
  ])('dnf 4, one after the other: %j', (repositories, local) => {
    expect(isLocal({ '/var/lib/dnf/history.sqlite': dnf4History(...repositories) })).toBe(local);
  });

  test('a history that is none says nothing', () => {
    expect(isLocal({ '/var/lib/dnf/history.sqlite': 'x' })).toBe(true);
  });

  test('what a local package shipped is told apart', () => {
    const there = system({ '/var/lib/rpm/rpmdb.sqlite': DATABASE });
    const shipped = rpm.shippedFiles(there, rpm.packages(there), path => path);
    expect(shipped.get('/usr/bin/labtool')!.local).toBe(true);
  });
});

describe('rpm', () => {
  const packages = rpm.packages(files);

  test('packages', () => {
    expect(packages).toEqual([
      {
        ...{ name: 'labtool', version: '2:1.0-3', architecture: 'noarch', source: 'labtool' },
        ...{ manual: true, status: 'installed', local: true, provides: [] },
        conffiles: {
          '/etc/lab/lab.conf': 'cb78bd8a17f7b751fe0d4663366dcbc257204033ef7ddd64b1f2969573b5b2e2',
          '/etc/lab/other.conf': '8145ffb7ae49189a29786d78eb695e736fcb0834b0d93195ad8137160ca8b4a9',
        },
      },
    ]);
  });

  const owned = rpm.shippedFiles(files, packages, path => path.replace(/^\/bin\//, '/usr/bin/'));
  const root = { uid: 0, gid: 0 };
  test.each<[string, Partial<PackageFile> | undefined]>([
    [
      '/usr/bin/labtool',
      { kind: 'file', mode: 0o644, ...root, algorithm: 'sha256', digest: expect.stringMatching(/^2990/) as never },
    ],
    ['/usr/bin/lab', { kind: 'symlink', target: 'labtool', ...root }],
    ['/usr/bin/labsuid', { mode: 0o4755 }],
    ['/usr/bin/labcap', { capability: 'AQAAAgAgAAAAAAAAAAAAAAAAAAA=' }],
    ['/etc/lab/other.conf', { conffile: true, mode: 0o640, uid: 0, gid: 31 }],
    ['/var/lib/lab', { kind: 'directory', mode: 0o2770, gid: 31 }],
    ['/usr/share/lab/odd name', { kind: 'file', package: 'labtool' }],
    ['/var/log/lab.log', undefined], // a ghost
  ])('%s', (path, expected) => {
    if (expected) expect(owned.get(path)).toMatchObject(expected);
    else expect(owned.has(path)).toBe(false);
  });

  test('repositories, commands, alternatives', () => {
    expect(rpm.extraRepositories(files)).toEqual(['lab https://lab.example.org/rpm']);
    expect(rpm.installHistory(files)).toEqual(['dnf install -y httpd']);
    expect(rpm.overrides(files, packages).alternatives).toEqual([
      {
        ...{ name: 'java', link: '/usr/bin/java', mode: 'manual', value: '' },
        choices: [
          {
            path: '/opt/a/java',
            priority: 20,
            slaves: [{ name: 'javac', link: '/usr/bin/javac', path: '/opt/a/javac' }],
          },
          { path: '/opt/b/java', priority: 10, slaves: [] },
        ],
      },
    ]);
  });

  test.each<[string, string, Buffer | string, RegExp]>([
    ['Berkeley DB', '/var/lib/rpm/Packages', 'x', /Packages is of the format Berkeley DB/],
    ['ndb', '/usr/lib/sysimage/rpm/Packages.db', 'x', /Packages\.db is of the format ndb/],
    ['no database', '/var/lib/rpm/rpmdb.sqlite', 'nonsense', /rpmdb\.sqlite is damaged/],
    ['cut off', '/var/lib/rpm/rpmdb.sqlite', DATABASE.subarray(0, 40_000), /rpmdb\.sqlite is damaged/],
  ])('%s is an error that says so', (_, path, content, message) => {
    expect(() => rpm.packages(system({ [path]: content }))).toThrow(message);
  });
});

describe('RpmHeader', () => {
  const header = (...words: number[]) => {
    const bytes = Buffer.alloc(words.length * 4);
    for (const [n, word] of words.entries()) bytes.writeUInt32BE(word, n * 4);
    return bytes;
  };
  test.each<[string, Buffer, RegExp]>([
    ['nothing', Buffer.alloc(0), /./],
    ['longer than its bytes', header(1, 4, 1000, 6, 0, 1), /longer than its bytes/],
    ['too many values', header(1, 4, 1030, 4, 0, 0x7fffffff, 0), /too many values/],
    ['numbers behind the end', header(1, 4, 1030, 4, 4, 1, 0), /range/],
    ['a text without an end', header(1, 4, 1000, 6, 0, 1, 0x61616161), /no end/],
  ])('%s', (_, blob, message) => {
    expect(() => new RpmHeader(blob)).toThrow(message);
  });

  test('names that are not UTF-8 keep their bytes', () => {
    const names = new RpmHeader(Buffer.concat([header(1, 3, 1117, 8, 0, 1), Buffer.from([0x61, 0xe9, 0])]));
    expect(names.texts('baseNames')).toEqual(['a\udce9']);
  });
});
