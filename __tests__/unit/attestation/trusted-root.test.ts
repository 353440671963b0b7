import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { builtInRoot, fetchPublicRoot, readTrustedRoots } from '../../../src/attestation/trusted-root.ts';
import { knowledgeFolder } from '../../../src/knowledge/read-rules.ts';
import { tempDir } from '../../support/temp-dir.ts';

const builtIn = readFileSync(join(knowledgeFolder(), 'sigstore/trusted_root.json'), 'utf8');

function written(text: string): string {
  const file = join(tempDir(), 'root.json');
  writeFileSync(file, text);
  return file;
}

test('the built-in keys are those that @sigstore/tuf was released with', async () => {
  const seeds = createRequire(import.meta.url)('@sigstore/tuf/seeds.json');
  const { targets } = seeds['https://tuf-repo-cdn.sigstore.dev'];
  expect(builtIn).toBe(Buffer.from(targets['trusted_root.json'], 'base64').toString());
  expect((await builtInRoot()).tlogs[0]?.baseUrl).toBe('https://rekor.sigstore.dev');
});

test('a file has one root, or one a line', async () => {
  const line = JSON.stringify(JSON.parse(builtIn));
  expect(await readTrustedRoots(written(builtIn), '--trusted-root')).toHaveLength(1);
  expect(await readTrustedRoots(written(`${line}\n${line}\n`), '--trusted-root')).toHaveLength(2);
});

test.each([
  ['no JSON', 'keys'],
  ['a bundle', '{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json"}'],
  ['nothing', ''],
])('%s is no root', async (_, text) => {
  const file = written(text);
  await expect(readTrustedRoots(file, '--trusted-root')).rejects.toMatchObject({
    code: 'bad-input',
    message: expect.stringContaining(`--trusted-root ${file}`),
  });
});

test('a file that is not there is named', async () => {
  await expect(readTrustedRoots('/nowhere/root.json', 'trusted-root')).rejects.toMatchObject({
    code: 'bad-input',
    message: expect.stringContaining('/nowhere/root.json'),
  });
});

test('keys are not fetched from where nobody vouches for them', async () => {
  await expect(fetchPublicRoot('http://127.0.0.1:9')).rejects.toThrow(/root.json/);
});
