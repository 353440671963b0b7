import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { parse } from 'yaml';
import { openBag } from '../../src/bag/open-bag.ts';
import { loadIndex } from '../../src/restore/load-index.ts';
import { buildOwned, engine, removeOwned } from '../support/engine-state.ts';
import { perennial } from '../support/run-perennial.ts';
import { tempDir } from '../support/temp-dir.ts';

jest.setTimeout(600_000);

/* A service as hardening guides have it: no capabilities, no new privileges, a read-only root, a user of its own. Root may not read its files there. */
const ID = `hardened-${randomBytes(3).toString('hex')}`;
const TAG = `${ID}:base`;
const NEW = `${ID}-new`;
const IMAGE = `${ID}:kept`;
const dir = tempDir();
const [bag, report] = [join(dir, 'bag'), join(dir, 'report')];
const HARDENED = ['--cap-drop', 'ALL', '--security-opt', 'no-new-privileges', '--read-only', '--tmpfs', '/scratch'];
const OPERATE = `umask 077; mkdir /srv/data/closed; echo precious > /srv/data/closed/file; ln /srv/data/closed/file /srv/data/closed/other
printf 'CREATE TABLE t(a); INSERT INTO t VALUES(1);' > /srv/data/closed/sql; sleep 100002`;

beforeAll(async () => {
  buildOwned(ID, TAG, [
    'FROM debian:bookworm',
    'RUN useradd --system --shell /usr/sbin/nologin keeper; mkdir /srv/data /srv/late; chown keeper /srv/data; chmod 700 /srv/data; chown 4242 /srv/late; chmod 700 /srv/late',
    'VOLUME /srv/data',
    'HEALTHCHECK --interval=5s --retries=2 CMD ["/usr/bin/test", "-d", "/srv/late dir"]',
    'USER keeper',
  ]);
  engine(['run', '-d', '--name', `${ID}-service`, ...HARDENED, TAG, 'sh', '-c', OPERATE]);
});

afterAll(() => {
  engine(['rm', '-f', '-v', `${ID}-again`, NEW]); // of images that the restore made
  removeOwned(ID);
  engine(['rmi', '-f', IMAGE, `perennial/${NEW}:restored`]);
});

test('files that its own root may not read are archived all the same', async () => {
  const service = `${ID}-service`;
  expect(() => engine(['exec', '-u', '0', service, 'cat', '/srv/data/closed/file'])).toThrow();
  await perennial(['archive', '--container', service, '--out', bag]);
  await perennial(['verify', '--deep', bag]);
  const index = await loadIndex(await openBag(bag));
  const kept = [...index.values()].filter(each => each.disposition === 'keep' && each.path.startsWith('/srv/data/'));
  expect(kept.map(({ path, mode, user, hardlink }) => [path, mode, user, hardlink])).toEqual([
    ['/srv/data/closed', '0700', 'keeper', undefined],
    ['/srv/data/closed/file', '0600', 'keeper', undefined],
    ['/srv/data/closed/other', '0600', 'keeper', '/srv/data/closed/file'],
    ['/srv/data/closed/sql', '0600', 'keeper', undefined],
  ]);
  expect([index.get('/srv/late')?.disposition, index.get('/srv/late')?.mode]).toEqual(['keep', '0700']);
  expect([index.get('/scratch')?.disposition, index.get('/scratch')?.rule]).toEqual(['leave', 'engine/mount-point']);
  const { service: recorded, notes } = JSON.parse(readFileSync(join(bag, 'data/manifest.json'), 'utf8'));
  expect(recorded.processes.map((each: { user: string }) => each.user)).toContain('keeper');
  expect(recorded.run).toMatchObject({ capDrop: ['ALL'], readOnly: true, user: 'keeper' });
  expect(notes.join()).not.toMatch(/could not be read|is not in the archive/);
});

test('it comes back, says what a restore had to loosen, and runs under its old options from the kept image', async () => {
  engine(['rm', '-f', '-v', `${ID}-service`]);
  const said = await perennial([
    ...['restore', bag, '--name', NEW, '--base', 'debian:trixie', '--keep'],
    ...['--image', IMAGE, '--report', report],
  ]);
  expect(said).toMatch(/left out .*: --cap-drop of CHOWN, DAC_OVERRIDE, .*; no-new-privileges; a read-only root/);
  const { services } = parse(readFileSync(join(report, 'compose.yaml'), 'utf8'));
  const [compose] = Object.values<Record<string, unknown>>(services);
  expect(compose).toMatchObject({ cap_drop: ['ALL'], security_opt: ['no-new-privileges'], read_only: true });
  expect(compose).not.toHaveProperty('cap_add');

  const check = engine(['inspect', '-f', '{{json .Config.Healthcheck}}', NEW]);
  expect(JSON.parse(check)).toEqual({
    Test: ['CMD', '/usr/bin/test', '-d', '/srv/late dir'],
    Interval: 5e9,
    Retries: 2,
  });

  engine(['rm', '-f', NEW]);
  const [volume] = compose!.volumes as string[];
  engine(['run', '-d', '--name', `${ID}-again`, ...HARDENED, '-v', volume!, IMAGE]);
  expect(engine(['exec', `${ID}-again`, 'cat', '/srv/data/closed/other'])).toBe('precious\n');
  expect(engine(['exec', `${ID}-again`, 'id', '-un'])).toBe('keeper\n');
  // Where its own root may read nothing, its check may.
  expect(await perennial(['check', bag, '--container', `${ID}-again`])).toMatch(/is as the archive has it/);
});
