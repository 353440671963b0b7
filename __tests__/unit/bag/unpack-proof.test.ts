import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import type { IndexEntry } from '../../../src/bag/index-entry.ts';
import { reconcilePayload } from '../../../src/bag/reconcile-payload.ts';
import { EMPTY_FILE } from '../../../src/bag/tar-header.ts';
import { encodeTarMember, endOfTar, memberPadding } from '../../../src/bag/tar-reader.ts';
import { npmArchive } from '../../support/package-archives.ts';

const sha256 = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest('hex');

function entry(path: string, content: string | Buffer, changes: Partial<IndexEntry>): IndexEntry {
  return {
    ...{ path, kind: 'file', mode: '0644', uid: 0, gid: 0, user: 'root', group: 'root', size: content.length },
    ...{
      mtime: '1',
      sha256: sha256(content),
      disposition: 'leave',
      rule: 'language/npm',
      why: '',
      origin: 'operation',
    },
    ...changes,
  };
}

async function problems(archive: Buffer, changes: Partial<IndexEntry> = {}): Promise<string[]> {
  const index = [
    entry('/root/a.tgz', archive, { disposition: 'keep', rule: 'language/archive', ...changes }),
    entry('/srv/index.js', 'one', {}),
  ];
  const size = archive.length;
  const payload = [
    ...[encodeTarMember({ ...EMPTY_FILE, path: 'root/a.tgz', size, storedSize: size }), Buffer.from(archive)],
    ...[Buffer.from(memberPadding(size)), Buffer.from(endOfTar)],
  ];
  const found = await reconcilePayload(streamOf(index), streamOf(payload));
  return found.map(each => each.text);
}

async function* streamOf<T>(all: T[]): AsyncGenerator<T> {
  yield* all;
}

const MISSING = '/srv/index.js is left to the archive of its package, and no archive in the payload has it';

test('a file that was left to an archive has to be in it', async () => {
  expect(await problems(npmArchive({ 'index.js': 'one' }))).toEqual([]);
  expect(await problems(npmArchive({ 'index.js': 'two' }))).toEqual([MISSING]);
  expect(await problems(npmArchive({ 'index.js': 'one' }), { rule: 'unowned/operation' })).toEqual([MISSING]);
});

test('an archive that cannot be read, or is another one, is a problem', async () => {
  expect(await problems(Buffer.from('nothing'))).toEqual([expect.stringMatching(/./), MISSING]);
  const other = { sha256: sha256('other') };
  expect(await problems(npmArchive({ 'index.js': 'one' }), other)).toEqual([
    expect.stringMatching(/has not the sha256/),
  ]);
});
