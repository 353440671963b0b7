import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { buildOwned, engine, removeOwned } from '../support/engine-state.ts';
import { perennial } from '../support/run-perennial.ts';
import { tempDir } from '../support/temp-dir.ts';

jest.setTimeout(600_000);

/*
 * The new base has the same people under swapped ids, and a service's user where a third one was: everything follows by name, in
 * the root and in a volume; ACLs too; setuid bits and capabilities survive their owners' change; nobody gains a right.
 */
const ID = `swap-${randomBytes(3).toString('hex')}`;
const NEW = `${ID}-new`;
const dir = tempDir();
const bag = join(dir, 'bag');
const onHost = (...argv: string[]) => execFileSync(argv[0]!, argv.slice(1), { encoding: 'utf8' });
const volumePath = (name: string) => engine(['volume', 'inspect', '-f', '{{.Mountpoint}}', name]).trim();
const inside = (script: string) => engine(['exec', NEW, 'sh', '-c', script]).trim();

const OPERATE = `
groupadd -g 1500 ana; groupadd -g 1501 ben; groupadd -g 1502 eva
useradd -u 1500 -g ana -m ana; useradd -u 1501 -g ben -m ben; useradd -u 1502 -g eva -G sudo -m eva
for who in ana ben eva; do
  echo $who > /srv/volume/$who; chown $who:$who /srv/volume/$who
  cp /bin/true /srv/$who; chown $who:ana /srv/$who; chmod 4755 /srv/$who
done
install -d -m 2770 -o ben -g ana /srv/volume/shared
ln /srv/volume/ana /srv/volume/link
`;

beforeAll(async () => {
  buildOwned(ID, `${ID}:old`, ['FROM debian:trixie', 'VOLUME /srv/volume']);
  const swapped = [
    'groupadd -g 1501 ana && groupadd -g 1500 ben && useradd -u 1501 -g ana ana && useradd -u 1500 -g ben ben',
    'groupadd --system -g 1502 svc && useradd --system -u 1502 -g svc svc && install -d -o svc /var/lib/svc',
  ];
  buildOwned(ID, `${ID}:new`, ['FROM debian:trixie', ...swapped.map(line => `RUN ${line}`), 'VOLUME /srv/volume']);
  engine(['run', '-d', '--name', `${ID}-service`, '-v', `${ID}-data:/srv/volume`, `${ID}:old`, 'sleep', 'infinity']);
  engine(['exec', `${ID}-service`, 'sh', '-ec', OPERATE]);
  const data = volumePath(`${ID}-data`);
  onHost('setfacl', '-m', 'u:1501:rw,g:1502:r', join(data, 'ana')); // ben and eva
  onHost('setfacl', '-d', '-m', 'u:1500:rwx', join(data, 'shared')); // ana
  onHost('setcap', 'cap_net_raw+ep', join(data, 'ben'));
  await perennial(['archive', '--container', `${ID}-service`, '--out', bag]);
  engine(['rm', '-f', '-v', `${ID}-service`]);
  const report = join(dir, 'report');
  await perennial(['restore', bag, '--name', NEW, '--base', `${ID}:new`, '--keep', '--report', report]);
  const { entries } = JSON.parse(readFileSync(join(report, 'journal.json'), 'utf8'));
  expect(entries.filter((each: { rule: string }) => each.rule === 'state/proof')).toEqual([
    expect.objectContaining({ level: 'done' }),
  ]);
});

afterAll(() => removeOwned(ID));

test('owners are right by name, in the root and in the volume', () => {
  expect(inside('stat -c "%U %G %a %n" /srv/volume/* /srv/ana /srv/ben /srv/eva').split('\n')).toEqual([
    'ana ana 664 /srv/volume/ana',
    'ben ben 644 /srv/volume/ben',
    'eva eva 644 /srv/volume/eva',
    'ana ana 664 /srv/volume/link',
    'ben ana 2770 /srv/volume/shared',
    'ana ana 4755 /srv/ana',
    'ben ana 4755 /srv/ben',
    'eva ana 4755 /srv/eva',
  ]);
  expect(inside('stat -c %h /srv/volume/ana')).toBe('2');
  expect(inside('find / -xdev \\( -nouser -o -nogroup \\); find /srv/volume \\( -nouser -o -nogroup \\)')).toBe('');
});

test('ids that belong to others are left to them: people got new ones', () => {
  expect(inside('id -u ana; id -u ben; id -u svc; stat -c %U /var/lib/svc')).toBe('1501\n1500\n1502\nsvc');
  expect(['1500', '1501', '1502']).not.toContain(inside('id -u eva'));
  expect(inside('id -Gn ana; id -Gn ben; id -Gn svc')).toBe('ana\nben\nsvc');
  expect(inside('getent group sudo')).toMatch(/:eva$/);
});

test('ACLs name the same people, and capabilities are there', () => {
  const data = volumePath(`${NEW}-srv-volume`);
  const eva = inside('id -g eva');
  const acl = onHost('getfacl', '-n', '-p', join(data, 'ana')).split('\n');
  expect(acl).toEqual(expect.arrayContaining(['user:1500:rw-', `group:${eva}:r--`]));
  expect(onHost('getfacl', '-n', '-p', join(data, 'shared'))).toContain('default:user:1501:rwx');
  expect(onHost('getcap', join(data, 'ben'))).toContain('cap_net_raw');
});
