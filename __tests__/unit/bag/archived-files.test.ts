import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { archivedFiles } from '../../../src/bag/archived-files.ts';
import { EMPTY_FILE } from '../../../src/bag/tar-header.ts';
import { encodeTarMember, endOfTar, memberPadding } from '../../../src/bag/tar-reader.ts';
import { gemArchive, npmArchive } from '../../support/package-archives.ts';

async function read(archive: Buffer) {
  const found = [];
  for await (const each of archivedFiles(archive)) found.push(each);
  return found;
}

/** A tar with a name that the tar program would not write. */
function tarOf(names: string[]): Buffer {
  const content = Buffer.from('x');
  return Buffer.concat([
    ...names.flatMap(path => [
      encodeTarMember({ ...EMPTY_FILE, path, size: 1, storedSize: 1 }),
      content,
      memberPadding(1),
    ]),
    endOfTar,
  ]);
}

describe('archivedFiles', () => {
  test.each([
    ['npm', npmArchive({ 'index.js': 'one', 'lib/a b.js': 'two' })],
    ['gem', gemArchive({ 'index.js': 'one', 'lib/a b.js': 'two' })],
  ])('reads an archive of %s', async (_, archive) => {
    const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
    expect(await read(archive)).toEqual([
      { path: 'index.js', content: Buffer.from('one'), sha256: sha256('one') },
      { path: 'lib/a b.js', content: Buffer.from('two'), sha256: sha256('two') },
    ]);
  });

  test('leaves names that lead elsewhere, or that no list can hold', async () => {
    const names = ['package/../../etc/passwd', 'package/a\tb', 'package/good', 'package//x', 'package'];
    expect((await read(gzipSync(tarOf(names)))).map(each => each.path)).toEqual(['good', 'package']);
  });

  test.each<[string, Buffer, RegExp]>([
    ['a cut one', npmArchive({ a: 'x'.repeat(5000) }).subarray(0, 60), /not a sound archive of a package/],
    ['no archive', Buffer.from('hello'), /ends early|sound|truncated|too short|before/i],
    ['a .gem without data', tarOf(['metadata.gz']), /no data\.tar\.gz/],
    [
      'one that fills the memory',
      gzipSync(Buffer.concat([header('package/a', 2 ** 31)]), { level: 1 }),
      /end|short|cut/i,
    ],
  ])('refuses %s', async (_, archive, message) => {
    await expect(read(archive)).rejects.toThrow(message);
  });

  test('refuses what unpacks to more than any package has', async () => {
    const most = 1025 * 1024 * 1024;
    const zeros = gzipSync(Buffer.alloc(most / 5), { level: 1 });
    const archive = Buffer.concat([gzipSync(header('package/a', most)), zeros, zeros, zeros, zeros, zeros]);
    expect(archive.length).toBeLessThan(10 * 1024 * 1024);
    await expect(read(archive)).rejects.toThrow(/larger than any package/);
  });
});

function header(path: string, size: number): Buffer {
  return encodeTarMember({ ...EMPTY_FILE, path, size, storedSize: size });
}
