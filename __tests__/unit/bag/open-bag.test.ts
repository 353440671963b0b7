import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { openBag, packBag, verifyBag } from '../../../src/bag/open-bag.ts';
import { encodeTarMember, endOfTar, memberPadding } from '../../../src/bag/tar-reader.ts';
import { createBag } from '../../../src/bag/write-bag.ts';
import { tempDir } from '../../support/temp-dir.ts';
import {
  buildTinyBag,
  type TinyPath,
  tinyHeader,
  tinyIndex,
  tinyManifest,
  tinyPaths,
  tinyTar,
} from '../../support/tiny-bag.ts';

let bag: string;
beforeAll(async () => {
  bag = await buildTinyBag(join(tempDir(), 'tiny'), { files: { 'data/dumps/x.sql': 'select 1;\n' } });
});

/** A copy of the bag to spoil. */
function copy(): string {
  const dir = join(tempDir(), 'copy');
  cpSync(bag, dir, { recursive: true });
  return dir;
}

describe('openBag', () => {
  test('reads a folder', async () => {
    const open = await openBag(bag);
    expect(open.manifest).toEqual(tinyManifest());
    expect(await Array.fromAsync(open.readIndex())).toEqual(tinyIndex());
    expect(Buffer.concat(await Array.fromAsync(open.openPayload())).equals(tinyTar())).toBe(true);
    expect(readFileSync(open.file('data/dumps/x.sql'), 'utf8')).toBe('select 1;\n');
    await open.close();
    expect(readdirSync(bag)).toContain('bagit.txt');
  });

  test('reads a packed bag and leaves nothing behind', async () => {
    const packed = join(tempDir(), 'b.tar.zst');
    await packBag(bag, packed);
    const temp = tempDir();
    const open = await openBag(packed, { tempDir: temp });
    expect(await verifyBag(open)).toEqual(await verifyBag(bag));
    await open.close();
    expect(readdirSync(temp)).toEqual([]);
  });

  test('reads what tar and zstd pack', async () => {
    const dir = tempDir();
    execFileSync('tar', ['-cf', join(dir, 'b.tar'), '-C', join(bag, '..'), 'tiny']);
    execFileSync('tar', ['-cf', join(dir, 'flat.tar.zst'), '--zstd', '-C', bag, '.']);
    for (const name of ['b.tar', 'flat.tar.zst'])
      expect(await verifyBag(join(dir, name))).toEqual(await verifyBag(bag));
  });

  test.each(['../tiny/bagit.txt', '/etc/passwd', 'missing', 'data/../bagit.txt', 'out'])(
    'file(%j) is refused',
    async path => {
      const dir = copy();
      symlinkSync('/etc/hostname', join(dir, 'out'));
      const open = await openBag(dir);
      expect(() => open.file(path)).toThrow(expect.objectContaining({ code: 'bag-invalid' }));
    },
  );

  test('nothing there, and no bag there', async () => {
    await expect(openBag('/no/such')).rejects.toMatchObject({ code: 'bad-input' });
    await expect(openBag(tempDir())).rejects.toMatchObject({ code: 'bag-invalid' });
    const file = join(tempDir(), 'file');
    writeFileSync(file, 'x'.repeat(2000));
    await expect(openBag(file)).rejects.toMatchObject({ code: 'bag-invalid' });
  });

  const hostile: [string, TinyPath[]][] = [
    ['a name that climbs', [{ path: 'b/../../x', content: '' }]],
    ['an absolute name', [{ path: '//etc/x', content: '' }]],
    ['a symlink', [{ path: 'b', kind: 'symlink', linkTarget: '/etc' }]],
    ['a hard link', [{ path: 'b/x', kind: 'hardlink', linkTarget: 'etc/passwd' }]],
    ['a device', [{ path: 'b/x', kind: 'char', devMajor: 1 }]],
    [
      'a file twice',
      [
        { path: 'b/x', content: '' },
        { path: 'b/x', content: '' },
      ],
    ],
    [
      'a file in a file',
      [
        { path: 'b', content: '' },
        { path: 'b/x', content: '' },
      ],
    ],
    ['a hole of a terabyte', [{ path: 'b/x', size: 2 ** 40, storedSize: 0, sparse: [{ offset: 2 ** 40, length: 0 }] }]],
  ];
  test.each(hostile)('%s in a packed bag is refused and nothing is left', async (_, paths) => {
    const file = join(tempDir(), 'b.tar');
    const members = paths.map(path => {
      const header = { ...tinyHeader(path), path: path.path.replace(/^\/\//, '/') };
      return Buffer.concat([encodeTarMember(header), memberPadding(0)]);
    });
    writeFileSync(file, Buffer.concat([...members, endOfTar]));
    const temp = tempDir();
    await expect(openBag(file, { tempDir: temp })).rejects.toMatchObject({ code: 'bag-invalid' });
    expect(readdirSync(temp)).toEqual([]);
  });

  test('a bomb is refused before it fills the disk', async () => {
    const file = join(tempDir(), 'b.tar');
    writeFileSync(file, encodeTarMember({ ...tinyHeader({ path: 'b/x' }), size: 2 ** 34, storedSize: 2 ** 34 }));
    const temp = tempDir();
    await expect(openBag(file, { tempDir: temp })).rejects.toThrow(/unpacks to more/);
    expect(readdirSync(temp)).toEqual([]);
  });
});

test('packBag gives the same bytes for the same bag', async () => {
  const dir = tempDir();
  const one = await packBag(bag, join(dir, 'one'));
  const other = join(tempDir(), 'tiny');
  cpSync(bag, other, { recursive: true });
  expect(await packBag(other, join(dir, 'two'))).toEqual(one);
  expect(readdirSync(dir).sort()).toEqual(['one', 'two']);
  const listed = execFileSync('tar', ['-tf', join(dir, 'one'), '--zstd'], { encoding: 'utf8' });
  const files = listed.split('\n').filter(name => /^tiny\/[^/]+$/.test(name));
  expect(files).toEqual(files.toSorted());
  execFileSync('tar', ['-xf', join(dir, 'one'), '--zstd', '-C', dir]);
  expect(await verifyBag(join(dir, 'tiny'))).toEqual(await verifyBag(bag));
});

describe('verifyBag', () => {
  test('counts what it checked', async () => {
    const { files, bytes } = await verifyBag(bag);
    expect(files).toBe(
      readdirSync(bag, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile()).length,
    );
    expect(bytes).toBeGreaterThan(4000);
  });

  test.each([true, false])('a flipped byte in any file is found and named (deep: %s)', async deep => {
    const dir = copy();
    const files = readdirSync(dir, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile());
    for (const entry of files) {
      const path = join(entry.parentPath, entry.name);
      const before = readFileSync(path);
      for (const at of [0, before.length >> 1, before.length - 1]) {
        const damaged = Buffer.from(before);
        damaged[at]! ^= 1;
        writeFileSync(path, damaged);
        const error = await verifyBag(dir, { deep }).catch(caught => caught);
        expect([path, at, error.code]).toEqual([path, at, expect.stringMatching(/^(digest-mismatch|bag-\w+)$/)]);
        // A damaged list blames what it lists; a damaged schema is seen before the digests.
        if (!/manifest/.test(entry.name)) expect(error.message).toContain(entry.name);
      }
      writeFileSync(path, before);
    }
    await verifyBag(dir);
  });

  test.each<[string, (dir: string) => void, string, RegExp]>([
    ['a missing file', dir => rmSync(join(dir, 'data/dumps/x.sql')), 'bag-invalid', /missing file data\/dumps\/x.sql/],
    ['an extra file', dir => writeFileSync(join(dir, 'data/extra'), ''), 'bag-invalid', /extra file data\/extra/],
    ['an extra tag file', dir => writeFileSync(join(dir, 'x\u001b[2J'), ''), 'bag-invalid', /extra file x\\x1b\[2J/],
    ['a link', dir => symlinkSync('/etc', join(dir, 'data/etc')), 'bag-invalid', /data\/etc is neither/],
    ['a cut payload', dir => truncateSync(join(dir, 'data/payload.tar.zst'), 99), 'bag-truncated', /payload.tar.zst/],
    [
      'a longer payload',
      dir => appendFileSync(join(dir, 'data/payload.tar.zst'), 'x'),
      'digest-mismatch',
      /payload.tar.zst/,
    ],
  ])('%s', async (_, spoil, code, message) => {
    const dir = copy();
    spoil(dir);
    for (const deep of [true, false])
      await expect(verifyBag(dir, { deep })).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  test('names all problems at once', async () => {
    const dir = copy();
    writeFileSync(join(dir, 'data/extra'), '');
    rmSync(join(dir, 'data/dumps/x.sql'));
    appendFileSync(join(dir, 'README.md'), 'x');
    const error = await verifyBag(dir).catch(caught => caught);
    for (const name of ['extra file data/extra', 'changed file README.md', 'missing file data/dumps/x.sql']) {
      expect(error.message).toContain(name);
    }
  });

  /** A bag whose digests are right, but whose index does not tell what is in the payload. */
  async function disagreeing(payload: TinyPath[], index: TinyPath[]): Promise<string> {
    const writer = await createBag(join(tempDir(), 'bag'));
    await writer.addPayload(Readable.from([tinyTar(payload)]));
    return writer.finish(tinyManifest(), tinyIndex(index));
  }
  const but = (path: string, changes: Partial<TinyPath>) =>
    tinyPaths.map(each => (each.path === path ? { ...each, ...changes } : each));
  const without = (path: string) => tinyPaths.filter(each => each.path !== path);

  test.each<[string, TinyPath[], TinyPath[], RegExp]>([
    ['other content', but('/srv/data/a', { content: 'omega\n' }), tinyPaths, /\/srv\/data\/a: the content/],
    ['a member less', without('/srv/data/a'), tinyPaths, /\/srv\/data\/a is kept by the index, but not/],
    ['a member more', tinyPaths, without('/srv/data/link'), /\/srv\/data\/link is in the payload, but not/],
    [
      'a member that was left',
      but('/usr/share/tiny', { disposition: 'keep' }),
      tinyPaths,
      /tiny is in the payload, but/,
    ],
    ['another kind', but('/srv/data/link', { kind: 'fifo', linkTarget: '' }), tinyPaths, /is a fifo in the payload/],
    ['another link', but('/srv/data/link', { linkTarget: '/' }), tinyPaths, /link leads elsewhere/],
    ['another hard link', but('/srv/data/b', { linkTarget: 'x' }), tinyPaths, /b is not the same hard link/],
    ['a member twice', [...tinyPaths, tinyPaths[3]!], tinyPaths, /\/srv\/data\/a is in the payload/],
  ])('%s', async (_, payload, index, message) => {
    const wrong = await disagreeing(payload, index);
    await expect(verifyBag(wrong)).rejects.toThrow(message);
    await verifyBag(wrong, { deep: false }); // it is what was written
  });

  test('the order of the payload does not matter', async () => {
    await verifyBag(await disagreeing(tinyPaths.toReversed(), tinyPaths));
  });
});
