import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import { ALPINE_ROOTFS } from '../../scripts/provision/alpine.ts';
import type { IndexEntry } from '../../src/bag/index-entry.ts';
import { type Bag, openBag } from '../../src/bag/open-bag.ts';
import { perennial, runPerennial } from '../support/run-perennial.ts';
import { tempDir } from '../support/temp-dir.ts';

/* Databases that rpm and apk themselves wrote: what they say of a changed system is what is kept of it. */
jest.setTimeout(300_000);

const dir = tempDir();
const sh = (script: string, ...args: string[]) =>
  execFileSync('sh', ['-ec', script, 'sh', ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

interface Archived {
  bag: Bag;
  index: Map<string, IndexEntry>;
}

async function archiveRootfs(root: string, out: string): Promise<Archived> {
  await perennial(['archive', '--rootfs', root, '--out', out]);
  await perennial(['verify', out]);
  const bag = await openBag(out);
  const index = new Map<string, IndexEntry>();
  for await (const entry of bag.readIndex()) index.set(entry.path, entry);
  return { bag, index };
}

const isKept = (entry: IndexEntry | undefined) => /^(keep|attributes|record|delete)$/.test(entry?.disposition ?? '');
const ruleOf = ({ index }: Archived, path: string) => {
  const entry = index.get(path);
  return entry ? `${entry.disposition} ${entry.rule}` : undefined;
};

describe('rpm', () => {
  const root = join(dir, 'rpm');
  const rpm = (...args: string[]) => ['--root', root, '--dbpath', '/var/lib/rpm', ...args];
  /** Paths that `rpm -Va` names; a time alone is no change. */
  const verify = () =>
    sh('rpm "$@" || :', ...rpm('-Va'))
      .split('\n')
      .filter(line => /^(missing|[.S][.M5DLUGTP?]{8})/.test(line) && !/^\.{7}T\./.test(line))
      .map(line => line.slice(line.indexOf('/')));
  /** As those who publish a repository do. */
  const sign = (home: string, file: string) =>
    sh(
      `export GNUPGHOME="$1/keys"
      mkdir -m 700 "$GNUPGHOME"
      gpg --batch --quiet --passphrase '' --quick-generate-key lab rsa2048
      rpmsign --addsign --define '__gpg /usr/bin/gpg' --define '_gpg_name lab' "$2" >"$1/log" 2>&1 || { cat "$1/log" >&2; exit 1; }
      gpgconf --kill all`,
      home,
      file,
    );
  let before: Archived;
  let after: Archived;
  let reported: string[];

  beforeAll(async () => {
    mkdirSync(join(root, 'etc'), { recursive: true });
    for (const name of ['passwd', 'group']) copyFileSync(`/etc/${name}`, join(root, 'etc', name));
    writeFileSync(join(root, 'etc/os-release'), 'ID=fedora\nVERSION_ID=43\nPRETTY_NAME="Fedora Linux 43"\n');
    const top = join(dir, 'top');
    mkdirSync(top);
    for (const name of ['lab', 'vendored'])
      sh(
        'rpmbuild --quiet -bb --define "_topdir $1" --define "_rpmdir $1" "$2" 2>"$1/log" || { cat "$1/log" >&2; exit 1; }',
        top,
        join(import.meta.dirname, `../support/${name}.spec`),
      );
    const [labtool, vendored] = ['labtool-1.0-3', 'vendored-1.0-1'].map(name => join(top, `noarch/${name}.noarch.rpm`));
    sign(top, labtool!);
    sh('rpm "$@" 2>/dev/null', ...rpm('--nodeps', '-i', labtool!, vendored!));
    mkdirSync(join(root, 'var/log'), { recursive: true });
    writeFileSync(join(root, 'var/log/lab.log'), 'started\n'); // a ghost: rpm only knows its name
    before = await archiveRootfs(root, `${root}-before`);
    sh(
      `cd "$1"
      echo 'a = 2' > etc/lab/lab.conf
      chmod 600 etc/lab/other.conf
      echo '# mine' >> usr/bin/labtool
      setcap -r usr/bin/labcap
      chmod u-s usr/bin/labsuid
      ln -sfn labsuid usr/bin/lab
      chown -h 5:5 usr/bin/lab2
      echo DATA 1 > usr/share/lab/sub/data1
      touch -d 2001-01-01 usr/share/lab/sub/data1
      chown 1:1 usr/share/lab/sub/data2
      chmod 4644 usr/share/lab/sub/data3
      setcap cap_kill=p usr/share/lab/sub/data4
      rm usr/share/lab/sub/data5
      rm usr/share/lab/sub/data6; ln -s data7 usr/share/lab/sub/data6
      touch usr/share/lab/sub/data8
      rm usr/share/lab/sub/data9; mkdir usr/share/lab/sub/data9
      chmod 700 var/lib/lab
      echo row > var/lib/lab/table`,
      root,
    );
    reported = verify();
    after = await archiveRootfs(root, `${root}-after`);
  });

  test('packages are known', () => {
    const { system } = after.bag.manifest;
    expect([system.packageManager, system.os.id, system.packages.length]).toEqual(['rpm', 'fedora', 2]);
    const [labtool, vendored] = ['labtool', 'vendored'].map(name => system.packages.find(each => each.name === name)!);
    expect(labtool).toMatchObject({ version: '2:1.0-3', manual: true });
    expect([labtool!.local, vendored!.local]).toEqual([undefined, true]);
  });

  test('a package that came from no repository is kept whole', () => {
    const paths = ['/opt/vendored', '/opt/vendored/tool', '/opt/vendored/link'];
    expect(paths.map(path => ruleOf(before, path))).toEqual(paths.map(() => 'keep package/local'));
    expect(before.bag.manifest.notes.join()).toMatch(/no repository offers are kept whole: vendored 1\.0-1/);
  });

  test('of an unmodified package nothing is kept but what it never had', () => {
    const kept = [...before.index.values()].filter(entry => entry.package === 'labtool' && isKept(entry));
    expect(kept.map(entry => entry.path)).toEqual([]);
    expect(ruleOf(before, '/var/log/lab.log')).toBe('keep unowned/operation');
  });

  test('what rpm -Va names is kept, and nothing else of the package', () => {
    expect(reported.length).toBeGreaterThan(12);
    expect(reported.filter(path => !isKept(after.index.get(path)))).toEqual([]);
    const kept = [...after.index.values()].filter(entry => entry.package === 'labtool' && isKept(entry));
    expect(kept.map(entry => entry.path).filter(path => !reported.includes(path))).toEqual([]);
  });

  test.each([
    ['/etc/lab/lab.conf', 'keep package/edited-conffile'],
    ['/etc/lab/other.conf', 'attributes package/attributes'],
    ['/usr/bin/labtool', 'keep package/modified'],
    ['/usr/bin/labcap', 'attributes package/attributes'],
    ['/usr/bin/lab', 'keep package/modified'],
    ['/usr/share/lab/sub/data5', 'delete owner/deleted'],
    ['/usr/share/lab/sub/data9', 'keep package/modified'],
    ['/var/lib/lab', 'attributes package/attributes'],
    ['/var/lib/lab/table', 'keep unowned/operation'],
  ])('%s: %s', (path, rule) => {
    expect(ruleOf(after, path)).toBe(rule);
  });

  test('a bag of it is explained, and its restore is refused in words', async () => {
    const said = await perennial(['explain', after.bag.dir, '/usr/bin/labcap']);
    expect(said).toMatch(/package\/attributes/);
    const { code, stderr } = await runPerennial(['plan', after.bag.dir]);
    const words = /archive of Fedora Linux 43.*, which has its packages from rpm: .*\n.*By hand, as README\.md/;
    expect([code, stderr]).toEqual([2, expect.stringMatching(words)]);
  });

  test('its README brings the data back by hand', () => {
    const readme = readFileSync(join(after.bag.dir, 'README.md'), 'utf8');
    const extract = /^3\..*`(zstd .*) -C \/`\.$/m.exec(readme)![1]!;
    const there = join(dir, 'rpm-by-hand');
    mkdirSync(there);
    sh(`cd "$1" && ${extract} -C "$2"`, after.bag.dir, there);
    expect(readFileSync(join(there, 'etc/lab/lab.conf'), 'utf8')).toMatch(/a = 2/);
    expect(readFileSync(join(there, 'var/lib/lab/table'), 'utf8')).toBe('row\n');
  });

  test('another format of database is named', async () => {
    const other = join(dir, 'bdb');
    mkdirSync(join(other, 'var/lib/rpm'), { recursive: true });
    writeFileSync(join(other, 'var/lib/rpm/Packages'), 'x');
    const { code, stderr } = await runPerennial(['archive', '--rootfs', other, '--out', `${other}-bag`]);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/Packages is of the format Berkeley DB/)]);
  });
});

describe('apk', () => {
  const root = join(dir, 'apk');
  let before: Archived;
  let after: Archived;
  let reported: string[];

  /** Lines `U path` of `apk audit`: outside of protected folders, and in them. */
  const audit = () =>
    sh(
      `chroot "$1" apk audit --system --recursive --check-permissions
       chroot "$1" apk audit --backup --recursive --check-permissions`,
      root,
    )
      .split('\n')
      .filter(line => /^[UMmxX] /.test(line))
      .map(line => `/${line.slice(2).replace(/\/$/, '')}`);

  beforeAll(async () => {
    mkdirSync(root);
    sh('tar -xpf "$2" --xattrs --xattrs-include="*" -C "$1"', root, ALPINE_ROOTFS);
    before = await archiveRootfs(root, `${root}-before`);
    sh(
      `cd "$1"
      echo '# mine' >> etc/profile
      echo mine >> usr/bin/curl
      chmod 700 usr/bin/sudo
      chown 5:5 etc/services
      rm usr/share/udhcpc/default.script
      ln -sfn elsewhere etc/ssl/ct_log_list.cnf
      rm usr/sbin/visudo; ln -s /bin/true usr/sbin/visudo
      rm usr/bin/openssl 2>/dev/null || :
      setcap cap_net_raw=ep sbin/openrc
      chmod 700 usr/share/udhcpc
      touch etc/motd
      echo hosts > etc/lab.conf
      mkdir -p tmp/vendored/opt/vendored
      echo tool > tmp/vendored/opt/vendored/tool
      chroot . apk mkpkg -I name:vendored -I version:1.0-r0 -I arch:x86_64 -I license:MIT -F /tmp/vendored -o /tmp/vendored.apk
      chroot . apk add --quiet --allow-untrusted --no-network /tmp/vendored.apk 2>/dev/null`,
      root,
    );
    reported = audit();
    after = await archiveRootfs(root, `${root}-after`);
  });

  test('packages are those of apk', () => {
    const said = sh('chroot "$1" apk info -v', root).trim().split('\n').sort();
    const { system } = after.bag.manifest;
    expect(system.packages.map(each => `${each.name}-${each.version}`).sort()).toEqual(said);
    expect([system.packageManager, system.architecture]).toEqual(['apk', 'x86_64']);
  });

  test('of packages as they were installed next to nothing is kept', () => {
    const kept = [...before.index.values()].filter(entry => entry.package && isKept(entry));
    // Edited when this system was made; apk says so too.
    expect(kept.map(entry => entry.path).filter(path => !audit().includes(path))).toEqual([]);
    expect(kept.length).toBeLessThan(12);
  });

  test('what apk audit names is kept', () => {
    const lost = reported.filter(path => !isKept(after.index.get(path)));
    // What engines write at every start is left by rule, whoever ships it.
    expect(lost.filter(path => !after.index.get(path)?.rule.startsWith('engine/'))).toEqual([]);
    expect(reported.length).toBeGreaterThan(10);
  });

  test.each([
    ['/etc/profile', 'keep package/edited-conffile'],
    ['/usr/bin/curl', 'keep package/modified'],
    ['/usr/bin/sudo', 'attributes package/attributes'],
    ['/etc/services', 'attributes package/attributes'],
    ['/usr/share/udhcpc/default.script', 'delete owner/deleted'],
    ['/usr/sbin/visudo', 'keep package/modified'],
    ['/sbin/openrc', 'attributes package/attributes'],
    ['/bin/ls', 'leave package/as-shipped'], // busybox
    ['/etc/motd', 'leave package/as-shipped'],
    ['/etc/lab.conf', 'keep unowned/operation'],
    ['/opt/vendored/tool', 'keep package/local'],
  ])('%s: %s', (path, rule) => {
    expect(ruleOf(after, path) ?? 'leave package/as-shipped').toBe(rule);
  });
});
