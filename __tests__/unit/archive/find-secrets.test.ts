import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { findSecrets } from '../../../src/archive/find-secrets.ts';
import { openBag } from '../../../src/bag/open-bag.ts';
import { tempDir } from '../../support/temp-dir.ts';
import { buildTinyBag, type TinyPath, tinyManifest } from '../../support/tiny-bag.ts';

const shadow = (content: string): TinyPath => ({ path: '/etc/shadow', content, mode: 0o640, disposition: 'record' });

async function secretsOf(paths: TinyPath[], env: Record<string, string> = {}) {
  const manifest = tinyManifest();
  manifest.service.run.env = env;
  const dir = join(tempDir(), 'bag');
  await buildTinyBag(dir, { paths, manifest });
  const bag = await openBag(dir);
  try {
    return await findSecrets(bag);
  } finally {
    await bag.close();
  }
}

test('the shadow database counts only where somebody has a password', async () => {
  expect(await secretsOf([shadow('root:*:1::::::\nalice:!:1::::::\n')])).toEqual([]);
  expect(await secretsOf([shadow('root:*:1::::::\nalice:$y$x$y:1::::::\n')])).toEqual([
    { kind: 'password hashes', paths: ['/etc/shadow'] },
  ]);
});

test('kept files by kind, and secrets of the environment by name', async () => {
  const key: TinyPath = { path: '/srv/tls/site.key', content: 'k', mode: 0o600, disposition: 'keep' };
  expect(await secretsOf([key], { DB_PASSWORD: 'x', LANG: 'C' })).toEqual([
    { kind: 'private keys', paths: ['/srv/tls/site.key'] },
    { kind: 'tokens and passwords', paths: ['environment DB_PASSWORD'] },
  ]);
});
