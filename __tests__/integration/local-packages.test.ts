import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { openBag } from '../../src/bag/open-bag.ts';
import { buildOwned, engine, removeOwned } from '../support/engine-state.ts';
import { perennial } from '../support/run-perennial.ts';
import { tempDir } from '../support/temp-dir.ts';

jest.setTimeout(600_000);

const ID = `local-${randomBytes(3).toString('hex')}`;
const dir = tempDir();

/** A package as a lab makes one: a program, a configuration file, a script, a dependency. */
function makePackage(name: string, version: string): string {
  const root = join(dir, `${name}-${version}`);
  for (const folder of ['DEBIAN', `etc/${name}`, `opt/${name}`]) mkdirSync(join(root, folder), { recursive: true });
  const control = {
    Package: name,
    Version: version,
    Architecture: 'all',
    Maintainer: 'Ana <a@lab.example>',
    Depends: 'attr',
    Description: 'of the lab',
  };
  writeFileSync(
    join(root, 'DEBIAN/control'),
    Object.entries(control)
      .map(pair => `${pair.join(': ')}\n`)
      .join(''),
  );
  writeFileSync(join(root, 'DEBIAN/conffiles'), `/etc/${name}/${name}.conf\n`);
  writeFileSync(join(root, 'DEBIAN/postinst'), `#!/bin/sh\n[ "$1" != configure ] || mkdir -p /var/lib/${name}\n`);
  writeFileSync(join(root, `etc/${name}/${name}.conf`), 'answer = 41\n');
  writeFileSync(join(root, `opt/${name}/run`), `#!/bin/sh\necho ${name} ${version}\n`);
  for (const program of ['DEBIAN/postinst', `opt/${name}/run`]) chmodSync(join(root, program), 0o755);
  const deb = join(dir, `${name}_${version}.deb`);
  execFileSync('dpkg-deb', ['--root-owner-group', '--build', root, deb], { stdio: 'ignore' });
  return deb;
}

const SYSTEM_USERS_OF_TODAY =
  'useradd --system --uid 991 --user-group todays && useradd --system --uid 990 --user-group other && install -o todays -g todays /dev/null /etc/todays';

/** What dpkg was told, and what a restore has to tell it again. */
const OVERRIDES = [
  'groupadd lab',
  'dpkg-statoverride --update --add root lab 2750 /usr/bin/wall',
  'dpkg-divert --quiet --local --rename --add /usr/bin/setfattr',
  "printf '#!/bin/sh\\necho wrapped\\n' > /usr/bin/setfattr; chmod 755 /usr/bin/setfattr",
  "printf '#!/bin/sh\\n' > /usr/local/bin/lab-editor; chmod 755 /usr/local/bin/lab-editor",
  'update-alternatives --quiet --install /usr/bin/editor editor /usr/local/bin/lab-editor 7',
  'update-alternatives --quiet --set awk /usr/bin/mawk',
];

/** A person and a system user of the old system whose ids are system users' of the new one, with files, ACLs, and a volume. */
const COLLISIONS = [
  'useradd --uid 991 --user-group --create-home ana',
  'useradd --system --uid 990 --user-group robot',
  'for at in /data /srv; do install -o ana -g ana -m 640 /dev/null $at/mine; install -o robot -g robot -m 2750 -d $at/robot; setfacl -m u:ana:r,u:robot:rw,g:robot:r,d:u:ana:r $at/robot; done',
  'cp /bin/true /srv/tool; chown ana:robot /srv/tool; chmod 6755 /srv/tool',
];

beforeAll(async () => {
  // Of its own, so that what is restored is found and removed; its system users have ids that are others' in the old system.
  buildOwned(ID, `${ID}:base`, ['FROM debian:trixie', `RUN ${SYSTEM_USERS_OF_TODAY}`]);
  buildOwned(ID, `${ID}:image`, ['FROM debian:trixie', 'RUN apt-get -q update && apt-get install -y -q attr acl']);
  engine(['run', '-d', '--name', `${ID}-old`, '-v', '/data', `${ID}:image`, 'sleep', 'infinity']);
  for (const name of ['lab-tool', 'lab-other'])
    engine(['cp', makePackage(name, '1.0-lab1'), `${ID}-old:/root/${name}.deb`]);
  const operate = [
    'dpkg -i /root/lab-tool.deb',
    'apt-get install -y -q /root/lab-other.deb',
    'apt-get install -y -q --no-install-recommends tree',
    'apt-mark hold tree lab-tool',
    "sed -i 's/41/42/' /etc/lab-tool/lab-tool.conf",
    'echo state > /var/lib/lab-tool/state',
    ...OVERRIDES,
    ...COLLISIONS,
    'rm /root/*.deb',
    'rm -rf /var/lib/apt/lists/*',
    "echo 'deb http://packages.lab.test/debian lab main' > /etc/apt/sources.list.d/lab.list",
  ];
  engine(['exec', '-i', `${ID}-old`, 'sh', '-e'], { input: operate.join('\n') });
  await perennial(['archive', '--container', `${ID}-old`, '--out', join(dir, 'bag')]);
});

afterAll(() => removeOwned(ID));

test('packages that no repository offers are kept whole, and only those', async () => {
  const bag = await openBag(join(dir, 'bag'));
  expect(bag.manifest.system.packages.filter(each => each.local).map(each => each.name)).toEqual([
    'lab-other',
    'lab-tool',
  ]);
  expect(bag.manifest.notes.join('\n')).toMatch(
    /no repository offers are kept whole.*lab-other 1.0-lab1, lab-tool 1.0-lab1/,
  );
  await perennial(['verify', join(dir, 'bag')]);
});

test('they come back with their configuration, and dpkg knows them', async () => {
  const args = ['restore', join(dir, 'bag'), '--name', `${ID}-new`, '--base', `${ID}:base`, '--keep'];
  await perennial([...args, '--report', join(dir, 'report')]);
  const asked =
    'dpkg --verify lab-tool lab-other; dpkg-query -W lab-tool lab-other tree | cut -f1; /opt/lab-tool/run; cat /etc/lab-tool/lab-tool.conf /var/lib/lab-tool/state; ls /var/lib/perennial';
  const answer = engine(['exec', `${ID}-new`, 'sh', '-c', asked]);
  expect(answer).toContain('lab-other\nlab-tool\ntree\nlab-tool 1.0-lab1\nanswer = 42\nstate\n');
  expect(answer).not.toContain('.deb');
  expect(engine(['exec', `${ID}-new`, 'apt-mark', 'showhold'])).toBe('lab-tool\ntree\n');
  const { entries } = JSON.parse(readFileSync(join(dir, 'report/journal.json'), 'utf8'));
  expect(entries).toContainEqual(
    expect.objectContaining({
      level: 'look',
      what: 'the old system had another package source: deb http://packages.lab.test/debian lab main',
      rule: 'packages/repository',
    }),
  );
});

/** What a command says in the new container. */
const ask = (command: string) => engine(['exec', `${ID}-new`, 'sh', '-c', command]);

test("dpkg's own overrides are told again", () => {
  expect(ask('dpkg-statoverride --list /usr/bin/wall; stat -c "%A %G" /usr/bin/wall')).toBe(
    'root lab 2750 /usr/bin/wall\n-rwxr-s--- lab\n',
  );
  expect(ask('dpkg-divert --list /usr/bin/setfattr; setfattr; dpkg --search /usr/bin/setfattr | tail -n 1')).toContain(
    'local diversion of /usr/bin/setfattr to /usr/bin/setfattr.distrib\nwrapped\n',
  );
  expect(ask('setfattr.distrib --version')).toMatch(/^setfattr.distrib /);
  expect(ask('update-alternatives --query editor | grep -A1 ^Alternative:.*lab-editor')).toBe(
    'Alternative: /usr/local/bin/lab-editor\nPriority: 7\n',
  );
  expect(ask('update-alternatives --query awk | grep -E "^(Status|Value)"')).toBe(
    'Status: manual\nValue: /usr/bin/mawk\n',
  );
});

test('whose ids are others\u2019 today get new ones, with files, ACLs and volumes', () => {
  const ids = ask('for name in ana robot todays other; do id -u $name; done').trim().split('\n');
  expect(new Set(ids).size).toBe(4);
  expect(ids.slice(2)).toEqual(['991', '990']);
  expect(ask('stat -c "%U %G %a" /data/mine /srv/mine /data/robot /srv/robot /home/ana /srv/tool /etc/todays')).toBe(
    'ana ana 640\nana ana 640\nrobot robot 2770\nrobot robot 2770\nana ana 700\nana robot 6755\ntodays todays 755\n',
  );
  const acl = [
    'user::rwx',
    'user:ana:r--',
    'user:robot:rw-',
    'group::r-x',
    'group:robot:r--',
    'mask::rwx',
    'other::---',
  ];
  const defaults = ['user::rwx', 'user:ana:r--', 'group::r-x', 'mask::r-x', 'other::---'].map(
    each => `default:${each}`,
  );
  for (const at of ['/data', '/srv'])
    expect(ask(`getfacl -c -p ${at}/robot`).trim().split('\n')).toEqual([...acl, ...defaults]);
  expect(ask('find / /data -xdev \\( -nouser -o -nogroup \\)')).toBe('');
});
