import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { DirectoryStore } from '../../../src/store/directory-store.ts';
import { anyBag, storeContract } from '../../support/store-contract.ts';
import { tempDir } from '../../support/temp-dir.ts';
import { buildTinyBag } from '../../support/tiny-bag.ts';

const root = tempDir();

storeContract('directory', {
  open: async place => new DirectoryStore(`${join(root, place)}/`),
  damage: place => {
    const file = join(root, place, 'lab.tar.zst');
    const bytes = readFileSync(file);
    bytes[0]! ^= 1;
    writeFileSync(file, bytes);
  },
});

test('a folder takes bags under their own names, for the owner only, with digests for sha256sum', async () => {
  const folder = join(tempDir(), 'disk');
  const bag = anyBag();
  const kept = await new DirectoryStore(`${folder}/`).put(bag);
  expect(kept.reference).toBe(join(folder, 'lab.tar.zst'));
  expect(readdirSync(folder)).toEqual(['lab.tar.zst', 'lab.tar.zst.sha256']);
  expect(statSync(join(folder, 'lab.tar.zst')).mode & 0o777).toBe(0o600);
  expect(execFileSync('sha256sum', ['--check', 'lab.tar.zst.sha256'], { cwd: folder, encoding: 'utf8' })).toContain(
    'OK',
  );
});

test('lists folders of bags and packed ones, and nothing else', async () => {
  const folder = tempDir();
  await buildTinyBag(join(folder, 'tiny'));
  await new DirectoryStore(folder).put(anyBag('b.tar.zst.age'));
  writeFileSync(join(folder, 'notes.txt'), '');
  const list = await new DirectoryStore(folder).list();
  expect(list.map(({ name, service, encrypted }) => [name, service, encrypted])).toEqual([
    ['b.tar.zst.age', '', true],
    ['tiny', 'tiny', false],
  ]);
});

test('a bag that changed while it was copied is not kept', async () => {
  const folder = tempDir();
  const bag = anyBag();
  const put = new DirectoryStore(folder).put({ ...bag, sha256: '0'.repeat(64) });
  await expect(put).rejects.toMatchObject({ code: 'digest-mismatch' });
  expect(readdirSync(folder)).toEqual([]);
});
