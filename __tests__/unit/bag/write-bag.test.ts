import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { createBag } from '../../../src/bag/write-bag.ts';
import { tempDir } from '../../support/temp-dir.ts';
import { buildTinyBag, tinyIndex, tinyManifest, tinyPackage, tinyTar } from '../../support/tiny-bag.ts';

const sha256 = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest('hex');
/** Every file below a folder: path -> bytes. */
function contents(dir: string): Record<string, string> {
  const names = readdirSync(dir, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile());
  return Object.fromEntries(
    names.map(entry => {
      const path = join(entry.parentPath, entry.name);
      return [path.slice(dir.length + 1), sha256(readFileSync(path))];
    }),
  );
}

describe('createBag', () => {
  test('writes a bag with everything in its place', async () => {
    const dir = await buildTinyBag(join(tempDir(), 'bag'), { files: { 'restore.sh': '#!/bin/sh\n' } });
    expect(Object.keys(contents(dir)).sort()).toEqual([
      'README.md',
      'bag-info.txt',
      'bagit.txt',
      'data/files.ndjson.zst',
      'data/manifest.json',
      'data/payload.tar.zst',
      'manifest-sha256.txt',
      'restore.sh',
      'ro-crate-metadata.json',
      'sbom.cdx.json',
      'tagmanifest-sha256.txt',
    ]);
    for (const manifest of ['manifest-sha256.txt', 'tagmanifest-sha256.txt']) {
      execFileSync('sha256sum', ['--check', '--strict', '--quiet', manifest], { cwd: dir });
    }
    expect(readFileSync(join(dir, 'bag-info.txt'), 'utf8')).toContain('Bagging-Date: 2026-01-02\n');
    expect(statSync(dir).mode & 0o777).toBe(0o700);
  });

  test('keeps the payload byte for byte and tells its members', async () => {
    const bag = await createBag(join(tempDir(), 'bag'));
    const tar = Buffer.concat([tinyTar(), Buffer.alloc(7168)]); // GNU tar pads to 10 KiB
    const members = await bag.addPayload(Readable.from([tar.subarray(0, 700), tar.subarray(700)]));
    expect(members.map(({ header, sha256 }) => [header.path, sha256])).toEqual([
      ['etc/tinyd.conf', sha256('port 7\n')],
      ['srv/data', undefined],
      ['srv/data/a', sha256('alpha\n')],
      ['srv/data/b', undefined],
      ['srv/data/link', undefined],
    ]);
    const dir = await bag.finish(tinyManifest(), tinyIndex());
    expect(execFileSync('zstd', ['-dc', join(dir, 'data/payload.tar.zst')]).equals(tar)).toBe(true);
  });

  test('a second payload replaces the first, and one by one is as good as a list', async () => {
    const bag = await createBag(join(tempDir(), 'bag'));
    await bag.addPayload(Readable.from([tinyTar([])]));
    const seen: string[] = [];
    expect(await bag.addPayload(Readable.from([tinyTar()]), member => void seen.push(member.header.path))).toEqual([]);
    expect(seen.length).toBe(5);
    const dir = await bag.finish(tinyManifest(), tinyIndex());
    expect(execFileSync('zstd', ['-dc', join(dir, 'data/payload.tar.zst')]).equals(tinyTar())).toBe(true);
  });

  test('the same state gives the same bytes', async () => {
    const files = { 'data/dumps/b': 'b', 'data/dumps/a': 'a' };
    const turned = { 'data/dumps/a': 'a', 'data/dumps/b': 'b' };
    const one = await buildTinyBag(join(tempDir(), 'bag'), { files });
    const other = await buildTinyBag(join(tempDir(), 'other'), { files: turned });
    expect(contents(other)).toEqual(contents(one));
  });

  test('stays small', async () => {
    const { system } = tinyManifest();
    for (let i = 0; i < 200; i++) {
      system.packages.push(tinyPackage(`libexample${i}-common`, `2:4.13.${i}+dfsg-1~deb11u6`, { source: 'example' }));
    }
    const dir = await buildTinyBag(join(tempDir(), 'bag'), { manifest: { system } });
    const bytes = (path: string) => statSync(join(dir, path)).size;
    expect(bytes('data/manifest.json')).toBeLessThan(20_000);
    expect(bytes('sbom.cdx.json')).toBeLessThan(25_000);
    expect(bytes('data/payload.tar.zst')).toBeLessThan(400);
  });

  test('modes are as asked, whatever the umask', async () => {
    const before = process.umask(0o077);
    try {
      const bag = await createBag(join(tempDir(), 'bag'));
      await bag.addFile('restore.sh', '', { mode: 0o755 });
      await bag.addFile('data/rebuild/app/page.html', 'x');
      const dir = await bag.finish(tinyManifest(), []);
      expect(statSync(join(dir, 'restore.sh')).mode & 0o777).toBe(0o755);
      expect(statSync(join(dir, 'data/rebuild/app/page.html')).mode & 0o777).toBe(0o644);
    } finally {
      process.umask(before);
    }
  });
});

describe('what goes wrong', () => {
  test('an existing output is left alone', async () => {
    const parent = tempDir();
    writeFileSync(join(parent, 'file'), 'mine');
    mkdirSync(join(parent, 'empty'));
    mkdirSync(join(parent, 'full'));
    writeFileSync(join(parent, 'full', 'file'), 'mine');
    for (const [name, force] of [
      ['file', false],
      ['full', false],
      ['full', true],
    ] as const) {
      await expect(createBag(join(parent, name), { force })).rejects.toMatchObject({ code: 'output-exists' });
    }
    await (await createBag(join(parent, 'empty'))).abort();
    expect(readdirSync(parent).sort()).toEqual(['empty', 'file', 'full']);
  });

  test('force replaces a bag, at the end', async () => {
    const out = await buildTinyBag(join(tempDir(), 'bag'));
    const before = contents(out);
    const bag = await createBag(out, { force: true });
    await bag.addFile('data/dumps/new', 'new');
    expect(contents(out)).toEqual(before);
    await bag.finish(tinyManifest(), []);
    expect(readFileSync(join(out, 'data/dumps/new'), 'utf8')).toBe('new');
    expect(readdirSync(join(out, '..'))).toEqual(['bag']);
  });

  test('abort leaves nothing', async () => {
    const parent = tempDir();
    const bag = await createBag(join(parent, 'bag'));
    await expect(bag.addPayload(Readable.from([tinyTar().subarray(0, 600)]))).rejects.toMatchObject({
      code: 'bag-truncated',
    });
    await bag.abort();
    expect(readdirSync(parent)).toEqual([]);
  });

  test.each(['../x', '/x', 'data//x', 'data/./x', '', 'a\0b', 'a\\b', `data/${'x'.repeat(256)}`, 'caf\udce9'])(
    'the name %j is refused',
    async name => {
      const bag = await createBag(join(tempDir(), 'bag'));
      await expect(bag.addFile(name, 'x')).rejects.toMatchObject({ code: 'bad-input' });
      await bag.abort();
    },
  );

  test('what changes on the disk before the end is noticed', async () => {
    const bag = await createBag(join(tempDir(), 'bag'));
    await bag.addFile('data/dumps/a', 'a');
    writeFileSync(join(bag.partialDir, 'data/dumps/a'), 'b');
    await expect(bag.finish(tinyManifest(), [])).rejects.toMatchObject({ code: 'digest-mismatch' });
    await bag.abort();
  });

  test('a place that cannot be written is a clear error', async () => {
    await expect(createBag('/etc/passwd/bag')).rejects.toMatchObject({ code: 'store-failed' });
  });
});
