import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { apk, parseApkDatabase } from '../../../src/system/apk.ts';
import type { PackageFile } from '../../../src/system/package-files.ts';
import { SystemFiles } from '../../../src/system/system-files.ts';

/* Three packages of an Alpine 3.23 system, as apk 3.0 wrote them. */
const CAPTURED = join(import.meta.dirname, '../../captured/system/apk');
const files = new SystemFiles();
files.set('/lib/apk/db/installed', readFileSync(join(CAPTURED, 'installed')));
files.set('/etc/apk/world', readFileSync(join(CAPTURED, 'world')));
files.set(
  '/etc/apk/repositories',
  Buffer.from('https://dl-cdn.alpinelinux.org/alpine/v3.23/main\n#x\n@lab https://lab.example.org/apk\n'),
);
files.set('/etc/busybox-paths.d/busybox', Buffer.from('usr/bin/[\nbin/busybox\n'));
files.set('/var/log/apk.log', Buffer.from('\nRunning `apk add --no-cache sudo` at 2026-10-14 22:04:30\n'));

describe('apk', () => {
  const packages = apk.packages(files);

  test('packages', () => {
    expect(packages.map(each => [each.name, each.version, each.architecture, each.manual])).toEqual([
      ['alpine-baselayout', '3.7.2-r0', 'x86_64', true],
      ['busybox', '1.37.0-r30', 'x86_64', true],
      ['sudo', '1.9.17_p2-r0', 'x86_64', true],
    ]);
    expect(packages[2]!.provides).toEqual(['sudo-virt']);
    expect(apk.architecture(files, packages)).toBe('x86_64');
  });

  const owned = apk.shippedFiles(files, packages, path => path);
  const root = { uid: 0, gid: 0 };
  test.each<[string, Partial<PackageFile> | undefined]>([
    ['/usr/bin/sudo', { package: 'sudo', mode: 0o4755, ...root, algorithm: 'sha1', unpacked: '1753553704' }],
    ['/etc/sudoers', { mode: 0o440, conffile: true }],
    ['/etc/sudoers.d', { kind: 'directory', mode: 0o750 }],
    ['/etc/motd', { package: 'alpine-baselayout', mode: 0o644, digest: '48b912f610627546cfc30af0f974745a1bf7c30f' }],
    ['/root', { kind: 'directory', mode: 0o700 }],
    ['/tmp', { mode: 0o1777 }],
    ['/usr/bin/[', { package: 'busybox', kind: 'symlink', target: '/bin/busybox' }],
    ['/bin/busybox', { package: 'busybox', mode: 0o755 }],
    ['/etc/lab', undefined],
  ])('%s', (path, expected) => {
    if (expected) expect(owned.get(path)).toMatchObject(expected);
    else expect(owned.has(path)).toBe(false);
  });

  test('repositories and commands', () => {
    expect(apk.extraRepositories(files)).toEqual(['@lab https://lab.example.org/apk']);
    expect(apk.installHistory(files)).toEqual(['apk add --no-cache sudo']);
  });

  const one = (text: string) => {
    const read = new SystemFiles();
    read.set('/lib/apk/db/installed', Buffer.from(`P:x\nV:1\n${text}\n\n`));
    return apk.shippedFiles(read, [], path => path);
  };
  test.each<[string, string, Partial<PackageFile>]>([
    [
      'a file at the root',
      'F:\nR:init\nZ:Q1AAAAAAAAAAAAAAAAAAAAAAAAAAA=',
      { digest: '0'.repeat(40), algorithm: 'sha1' },
    ],
    ['a truncated sha256', 'f:S\nF:\nR:init\nZ:Q1AAAAAAAAAAAAAAAAAAAAAAAAAAA=', { algorithm: 'sha256-160' }],
    ['attributes', 'F:\nR:init\na:1:2:700:Q1AAAA', { uid: 1, gid: 2, mode: 0o700, extended: true }],
    ['md5 of old databases', `F:\nR:init\nZ:${'a'.repeat(32)}`, { digest: 'a'.repeat(32), algorithm: 'md5' }],
  ])('%s', (_, text, expected) => {
    expect(one(text).get('/init')).toMatchObject(expected);
  });

  test('a checksum of tomorrow is none', () => {
    expect(one('F:\nR:init\nZ:Q9AAAA').get('/init')).not.toHaveProperty('digest');
  });

  test('what is no package is passed over', () => {
    expect([...parseApkDatabase('\n\nF:etc\nR:x\n\n\n')]).toEqual([]);
  });
});
