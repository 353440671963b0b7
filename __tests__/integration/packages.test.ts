import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { IndexEntry } from '../../src/bag/index-entry.ts';
import { type Bag, openBag } from '../../src/bag/open-bag.ts';
import { engine, removeOwned } from '../support/engine-state.ts';
import { perennial } from '../support/run-perennial.ts';
import { tempDir } from '../support/temp-dir.ts';

jest.setTimeout(600_000);

const ID = `packages-${randomBytes(3).toString('hex')}`;
const dir = tempDir();
const context = join(dir, 'context');

/** A package in two versions: the second changes, adds and drops files, and turns a folder into a link. */
const MAKE_PACKAGES = String.raw`
set -e
make() { # version, program that fills the folder
  d=$(mktemp -d); mkdir -p "$d/DEBIAN" "$d/usr/share/labtool" "$d/usr/bin" "$d/etc"
  printf 'Package: labtool\nVersion: %s\nArchitecture: all\nMaintainer: lab <lab@example.org>\nDescription: lab\n' "$1" > "$d/DEBIAN/control"
  echo /etc/labtool.conf > "$d/DEBIAN/conffiles"
  echo "version $1" > "$d/etc/labtool.conf"; echo "same" > "$d/usr/share/labtool/same"; echo "$1" > "$d/usr/share/labtool/changed"
  (cd "$d" && eval "$2")
  find "$d" -exec touch -h -d '2020-01-02 03:04:05' {} +
  chmod 755 "$d"; dpkg-deb --root-owner-group -b "$d" "/opt/labtool_$1.deb" >/dev/null
}
make 1.0 'echo old > usr/share/labtool/dropped; ln -s ../share/labtool/same usr/bin/labtool'
make 2.0 'echo new > usr/share/labtool/added; ln -s ../share/labtool/changed usr/bin/labtool; chmod 700 usr/share/labtool/same'
dpkg -i /opt/labtool_1.0.deb
`;

const OPERATE = `
set -e
apt-get -q update
apt-get install -y -q --no-install-recommends screen sudo
dpkg -i /opt/labtool_2.0.deb
apt-get install -y -q --reinstall nano
apt-get remove -y -q less
apt-get purge -y -q rsync
apt-get remove -y -q at                          # its configuration stays, so dpkg still knows it
echo 'startup_message off' >> /etc/screenrc     # of a package installed during operation
rm /etc/sudo.conf                               # the same, deleted
echo 'set tabsize 4' >> /etc/nanorc             # of a package of the image
rm /etc/logrotate.d/btmp
echo 'alias ll="ls -l"' > /etc/profile.d/lab.sh # nobody's
rm /usr/share/doc/tree/TODO                     # dpkg would leave it out, but it was the owner who removed it
mkdir -p /etc/ssl/certs                         # as update-ca-certificates and c_rehash make them, and an own one
ln -s /usr/share/ca-certificates/mozilla/Root.crt /etc/ssl/certs/Root.pem
ln -s Root.pem /etc/ssl/certs/0a1b2c3d.0
echo cert > /etc/ssl/certs/lab.pem; ln -s lab.pem /etc/ssl/certs/99887766.0
ln -s /etc/alternatives/pager /usr/local/bin/lab-pager
sleep 2; chmod 4711 /usr/bin/tree; chmod 700 /usr/bin/screen
`;

let bag: Bag;
let index: Map<string, IndexEntry>;

beforeAll(async () => {
  mkdirSync(context);
  const lines = [
    'FROM debian:trixie',
    'RUN apt-get -q update && apt-get install -y -q --no-install-recommends nano less tree logrotate rsync at',
    'COPY make.sh /opt/make.sh',
    'RUN bash /opt/make.sh',
    // As in slim images. What these packages had before is still there, until they are unpacked again.
    "RUN printf '%s\\n' 'path-exclude=/usr/share/doc/*' 'path-include /usr/share/doc/*/copyright' 'path-exclude=/etc/init.d/screen*' > /etc/dpkg/dpkg.cfg.d/excludes",
    `LABEL perennial-test-owner=${ID}`,
  ];
  writeFileSync(join(context, 'Dockerfile'), `${lines.join('\n')}\n`);
  writeFileSync(join(context, 'make.sh'), MAKE_PACKAGES);
  engine(['build', '--quiet', '--tag', `${ID}:image`, context]);
  engine([
    'run',
    '-d',
    '--name',
    `${ID}-old`,
    '--env',
    'DEBIAN_FRONTEND=noninteractive',
    `${ID}:image`,
    'sleep',
    'infinity',
  ]);
  engine(['exec', '-i', `${ID}-old`, 'bash', '-s'], { input: OPERATE });
  await perennial(['archive', '--container', `${ID}-old`, '--out', join(dir, 'bag'), '--context', context]);
  bag = await openBag(join(dir, 'bag'));
  index = new Map();
  for await (const entry of bag.readIndex()) index.set(entry.path, entry);
});

afterAll(() => removeOwned(ID));

test('of all that packages did, only what the owner did to it is kept', () => {
  // What their scripts made (links in rc2.d, lines in /etc/shells) is nobody's in the package database, and stays.
  const kept = [...index.values()].filter(
    each =>
      ['keep', 'delete', 'attributes'].includes(each.disposition) && (each.package || /lab|certs\//.test(each.path)),
  );
  expect(kept.map(each => `${each.disposition} ${each.path} ${each.rule}`)).toEqual([
    'delete /etc/logrotate.d/btmp owner/deleted',
    'keep /etc/nanorc package/edited-conffile',
    'keep /etc/profile.d/lab.sh unowned/operation',
    'keep /etc/screenrc package/edited-conffile',
    'keep /etc/ssl/certs/99887766.0 structure/link',
    'keep /etc/ssl/certs/lab.pem unowned/operation',
    'delete /etc/sudo.conf owner/deleted',
    'attributes /usr/bin/screen package/attributes',
    'attributes /usr/bin/tree package/attributes',
    'keep /usr/local/bin/lab-pager unowned/operation',
    'delete /usr/share/doc/tree/TODO owner/deleted',
  ]);
});

test('what dpkg was told to leave out of packages is not deleted by the owner', () => {
  const look =
    'find /usr/share/doc/nano -type f; ls /etc/init.d; grep -c /usr/share/doc/nano/ /var/lib/dpkg/info/nano.list; dpkg -L screen';
  const seen = engine(['exec', `${ID}-old`, 'sh', '-c', look]);
  expect(seen).toMatch(/^\/usr\/share\/doc\/nano\/copyright\n(?!\/usr)/); // of the image it had more, and its list still has
  expect(seen).toContain('/etc/init.d/screen-cleanup'); // listed, and
  expect(seen).not.toMatch(/^screen-cleanup$/m); // not there
  const deleted = [...index.values()].filter(each => each.disposition === 'delete').map(each => each.path);
  expect(deleted.filter(path => path.includes('nano') || path.includes('screen'))).toEqual([]);
});

test('an edited configuration file has the version before the edit beside it', () => {
  const pristine = bag.manifest.pristine.find(each => each.path === '/etc/nanorc')!;
  const text = readFileSync(bag.file(`data/${pristine.file}`), 'utf8');
  expect(text).toMatch(/nano/);
  expect(text).not.toMatch(/set tabsize 4/);
});

test('removed packages, versions and the install commands are recorded', () => {
  const { packages, removed, installHistory } = bag.manifest.system;
  const versions = Object.fromEntries(packages.map(each => [each.name, each.version]));
  expect(removed).toEqual(expect.arrayContaining(['less', 'rsync']));
  expect(versions).toMatchObject({ labtool: '2.0', screen: expect.any(String), sudo: expect.any(String) });
  expect(installHistory).toContain('apt-get install -y -q --no-install-recommends screen sudo');
});

test('restored: what was installed is there, what was removed is not, deletions and modes are repeated', async () => {
  await perennial(['restore', join(dir, 'bag'), '--name', `${ID}-new`, '--base', 'debian:trixie', '--keep']);
  const look =
    'for p in less tree screen sudo rsync labtool at; do dpkg-query -W -f \'${db:Status-Status}\' $p 2>/dev/null | grep -qx installed && echo $p; done; stat -c "%a %n" /usr/bin/tree /usr/bin/screen; ls /etc/sudo.conf /etc/logrotate.d/btmp /etc/default/rsync; tail -n 1 /etc/nanorc /etc/screenrc';
  expect(engine(['exec', `${ID}-new`, 'sh', '-c', `{ ${look}; } 2>&1`]).split('\n')).toEqual([
    'tree',
    'screen',
    'sudo',
    'labtool',
    '4711 /usr/bin/tree',
    '700 /usr/bin/screen',
    "ls: cannot access '/etc/sudo.conf': No such file or directory",
    "ls: cannot access '/etc/logrotate.d/btmp': No such file or directory",
    "ls: cannot access '/etc/default/rsync': No such file or directory",
    '==> /etc/nanorc <==',
    'set tabsize 4',
    '',
    '==> /etc/screenrc <==',
    'startup_message off',
    '',
  ]);
});
