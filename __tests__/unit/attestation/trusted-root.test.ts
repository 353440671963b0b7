import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { builtInRoot, fetchPublicRoot, readTrustedRoots } from '../../../src/attestation/trusted-root.ts';
import { knowledgeFolder } from '../../../src/knowledge/read-rules.ts';
import { tempDir } from '../../support/temp-dir.ts';
import { startTufRepository } from '../../support/tuf-repository.ts';

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

describe("today's keys", () => {
  async function fetched(vouched: boolean) {
    const rootPath = join(tempDir(), 'root.json');
    const repository = await startTufRepository(rootPath, builtIn, vouched);
    const left = () => readdirSync(tmpdir()).filter(name => name.startsWith('perennial-sigstore-'));
    const before = left();
    try {
      return await fetchPublicRoot({ mirrorURL: repository.url, rootPath });
    } finally {
      await repository.stop();
      expect(left()).toEqual(before);
    }
  }

  test('come through root keys that have changed since', async () => {
    expect(await fetched(true)).toEqual(await builtInRoot());
  });

  test('are not taken when the old root keys do not vouch for the new ones', async () => {
    await expect(fetched(false)).rejects.toThrow('error refreshing TUF metadata');
  });
});
