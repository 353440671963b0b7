import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
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

beforeAll(async () => {
  buildOwned(ID, `${ID}:base`, ['FROM debian:trixie']); // so that what is restored is found and removed
  buildOwned(ID, `${ID}:image`, ['FROM debian:trixie', 'RUN apt-get -q update && apt-get install -y -q attr']);
  engine(['run', '-d', '--name', `${ID}-old`, `${ID}:image`, 'sleep', 'infinity']);
  for (const name of ['lab-tool', 'lab-other'])
    engine(['cp', makePackage(name, '1.0-lab1'), `${ID}-old:/root/${name}.deb`]);
  const operate = [
    'dpkg -i /root/lab-tool.deb',
    'apt-get install -y -q /root/lab-other.deb',
    'apt-get install -y -q --no-install-recommends tree',
    'apt-mark hold tree lab-tool',
    "sed -i 's/41/42/' /etc/lab-tool/lab-tool.conf",
    'echo state > /var/lib/lab-tool/state',
    'rm /root/*.deb',
    'rm -rf /var/lib/apt/lists/*',
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
});
