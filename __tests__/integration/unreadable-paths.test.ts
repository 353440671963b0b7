import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, jest, test } from '@jest/globals';
import { openBag } from '../../src/bag/open-bag.ts';
import { loadIndex } from '../../src/restore/load-index.ts';
import { perennial, runPerennial } from '../support/run-perennial.ts';
import { tempDir } from '../support/temp-dir.ts';

jest.setTimeout(120_000);

test('what cannot be read is said, by exit code, name and index, and everything else is archived', async () => {
  const dir = tempDir();
  chmodSync(dir, 0o777);
  const root = join(dir, 'root');
  for (const folder of ['etc', 'srv/app/closed', 'var/lib/dpkg']) mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, 'etc/os-release'), 'ID=debian\nVERSION_ID="12"\n');
  writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n');
  writeFileSync(join(root, 'var/lib/dpkg/status'), '');
  writeFileSync(join(root, 'srv/app/open'), 'open\n');
  writeFileSync(join(root, 'srv/app/secret'), 'closed\n', { mode: 0o600 });
  writeFileSync(join(root, 'srv/app/closed/file'), 'nobody knows\n');
  chmodSync(join(root, 'srv/app/closed'), 0o700);
  const bag = join(dir, 'bag');

  const ended = await runPerennial(['archive', '--rootfs', root, '--out', bag], {
    user: 'nobody',
    env: { TMPDIR: dir },
  });
  expect(ended).toMatchObject({ code: 4, stdout: expect.stringContaining('INCOMPLETE: 2 paths could not be read') });
  expect(ended.stderr.match(/^not read: .*/gm)).toEqual(['not read: /srv/app/closed', 'not read: /srv/app/secret']);

  await perennial(['verify', '--deep', bag]);
  const index = await loadIndex(await openBag(bag));
  const told = ['/srv/app/closed', '/srv/app/secret', '/srv/app/open'].map(path => index.get(path));
  expect(told.map(each => [each?.disposition, each?.rule])).toEqual([
    ['leave', 'payload/unreadable'],
    ['leave', 'payload/unreadable'],
    ['keep', 'unowned/operation'],
  ]);
});
