import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { engine, removeOwned } from '../support/engine-state.ts';
import { perennial } from '../support/run-perennial.ts';
import { tempDir } from '../support/temp-dir.ts';

jest.setTimeout(600_000);

const ID = `shared-${randomBytes(3).toString('hex')}`;
const dir = tempDir();

/** One volume at two places, and two folders of the host between which a file has names. */
const OPERATE = `
set -e
echo one > /data/first; ln /data/first "/data/sec
ond"; mkdir /data/sub; echo two > /data/sub/file
echo host > /srv/a/name; chown 1234:4321 /srv/a/name; chmod 640 /srv/a/name; touch -d '2020-01-02 03:04:05.678' /srv/a/name
`;

beforeAll(async () => {
  mkdirSync(join(dir, 'context'));
  writeFileSync(join(dir, 'context/Dockerfile'), `FROM debian:trixie\nLABEL perennial-test-owner=${ID}\n`);
  engine(['build', '--quiet', '--tag', `${ID}:image`, join(dir, 'context')]);
  for (const folder of ['a', 'b']) mkdirSync(join(dir, folder));
  const mounts = [`${ID}-v:/data`, `${ID}-v:/srv/twin`, `${join(dir, 'a')}:/srv/a`, `${join(dir, 'b')}:/srv/b`];
  const volumes = mounts.flatMap(mount => ['--volume', mount]);
  engine(['run', '-d', '--name', `${ID}-old`, ...volumes, `${ID}:image`, 'sleep', 'infinity']);
  engine(['exec', '-i', `${ID}-old`, 'bash', '-s'], { input: OPERATE });
  // Only somebody on the host can give a file names in two mounts.
  const link = 'ln /h/a/name /h/b/name; ln /h/a/name /h/b/other';
  engine(['run', '--rm', '--volume', `${dir}:/h`, `${ID}:image`, 'sh', '-c', link]);
  await perennial([
    'archive',
    '--container',
    `${ID}-old`,
    '--out',
    join(dir, 'bag'),
    '--context',
    join(dir, 'context'),
  ]);
});

afterAll(() => removeOwned(ID));

const LOOK = `
echo changed >> /data/first; cat /srv/twin/first /srv/twin/sub/file /data/sec*
[ /data/first -ef /srv/twin/first ] && echo shared
cat /srv/b/name; stat -c '%u %g %a %Y' /srv/a/name /srv/b/name
[ /srv/b/name -ef /srv/b/other ] && echo linked
`;
const SEEN =
  'one\nchanged\ntwo\none\nchanged\nshared\nhost\n1234 4321 640 1577934245\n1234 4321 640 1577934245\nlinked\n';

test('a volume at two mount points is one volume again, and names of a file in two mounts come back', async () => {
  await perennial(['restore', join(dir, 'bag'), '--name', `${ID}-new`, '--base', 'debian:trixie', '--keep']);
  expect(engine(['exec', '-e', 'TZ=UTC', `${ID}-new`, 'sh', '-c', LOOK])).toBe(SEEN);
});
