import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { packBag } from '../../../src/bag/pack-bag.ts';
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

test('tells service and time of a packed bag from its manifest, and that it is encrypted from its content', async () => {
  const folder = tempDir();
  const dir = await buildTinyBag(join(tempDir(), 'tiny'));
  await packBag(dir, join(folder, 'a.tar.zst'));
  await packBag(dir, join(folder, 'b.tar.zst'), { lock: { passphrase: 'correct horse' } });
  writeFileSync(join(folder, 'c.tar.zst'), readFileSync(join(folder, 'a.tar.zst')).subarray(0, 300));
  const list = await new DirectoryStore(folder).list();
  const today = new Date().toISOString().slice(0, 10);
  expect(list.map(({ name, service, created, encrypted }) => [name, service, created.slice(0, 10), encrypted])).toEqual(
    [
      ['a.tar.zst', 'tiny', '2026-01-02', false],
      ['b.tar.zst', '', today, true],
      ['c.tar.zst', '', today, false],
    ],
  );
});

test.each<[string, string, string]>([
  ['an ending of a bag is the file', 'mine.tar.zst', 'mine.tar.zst'],
  ['an ending of age, too', 'mine.age', 'mine.age'],
  ['any other name is a folder, which is made', 'archives', 'archives/lab.tar.zst'],
  ['also with dots in it', 'archives.2026', 'archives.2026/lab.tar.zst'],
  ['a file in a folder that is made', 'new/mine.tar.zst', 'new/mine.tar.zst'],
])('where a bag goes: %s', async (_, path, file) => {
  const folder = tempDir();
  const bag = anyBag();
  const kept = await new DirectoryStore(join(folder, path)).put(bag);
  expect(kept.reference).toBe(join(folder, file));
  expect(readFileSync(join(folder, file)).equals(readFileSync(bag.file))).toBe(true);
  expect(await new DirectoryStore(join(folder, path)).put(bag)).toEqual(kept); // the same once more
});

test('where nothing can go: below a folder that is not there, or below a file', async () => {
  const folder = tempDir();
  const missing = new DirectoryStore(join(folder, 'disk/archives')).put(anyBag());
  await expect(missing).rejects.toMatchObject({
    code: 'bad-input',
    message: expect.stringContaining(`${folder}/disk`),
  });
  writeFileSync(join(folder, 'notes'), 'mine');
  const taken = new DirectoryStore(join(folder, 'notes')).put(anyBag());
  await expect(taken).rejects.toMatchObject({ code: 'output-exists', message: expect.stringContaining('is a file') });
  expect(readdirSync(folder)).toEqual(['notes']);
});

test('a bag that changed while it was copied is not kept', async () => {
  const folder = tempDir();
  const bag = anyBag();
  const put = new DirectoryStore(folder).put({ ...bag, sha256: '0'.repeat(64) });
  await expect(put).rejects.toMatchObject({ code: 'digest-mismatch' });
  expect(readdirSync(folder)).toEqual([]);
});
