import { createReadStream } from 'node:fs';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { encryptInto } from '../encryption/encrypt.ts';
import type { Lock } from '../encryption/lock.ts';
import { runCommand } from '../engine/command.ts';
import { PerennialError } from '../errors.ts';
import { interruption } from '../interruption.ts';
import { runRecord } from '../run-record.ts';
import { orStoreFailed, syncDirectory, writeDurably } from './durable-file.ts';
import { releaseBytes } from './release-bytes.ts';
import { encodeTarMember, endOfTar, memberPadding } from './tar-encode.ts';
import type { TarHeader } from './tar-header.ts';
import { FrameWriter } from './zstd-frames.ts';

/**
 * Packs a bag folder into one `.tar.zst` file with the folder's name at its top (RFC 8493, section 4.2), for stores that take single
 * files; with a lock that file is encrypted by age as a whole, so that not even names can be read. Names, contents and the files' modes decide
 * the bytes before encryption, times and owners do not. An existing file is replaced. Returns the file's bytes and sha256. With `consume` the
 * folder goes while it is packed, so that a large bag is never on the disk twice: it is gone afterwards, also when packing fails. Throws
 * `bag-invalid` for links and devices in the folder, `store-failed`.
 */
export async function packBag(
  dir: string,
  outFile: string,
  options: { consume?: boolean; lock?: Lock | undefined } = {},
): Promise<{ bytes: number; sha256: string }> {
  const out = resolve(outFile);
  const partial = `${out}.partial-${process.pid}`;
  const gone = runRecord.add({ kind: 'folder', path: partial });
  try {
    const fixity = await writeDurably(partial, 0o600, async sink => {
      const encrypted = options.lock ? await encryptInto(options.lock, sink) : undefined;
      const frames = new FrameWriter(encrypted ? bytes => encrypted.write(bytes) : sink);
      for await (const chunk of tarOf(resolve(dir), basename(resolve(dir)), options.consume ?? false)) {
        interruption.check();
        await frames.write(chunk);
        releaseBytes(chunk);
      }
      await frames.end();
      await encrypted?.end();
    });
    await orStoreFailed(out, () => rename(partial, out));
    await syncDirectory(dirname(out));
    return fixity;
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  } finally {
    if (options.consume) await rm(dir, { recursive: true, force: true });
    gone();
  }
}

async function* tarOf(dir: string, name: string, consume: boolean): AsyncGenerator<Buffer> {
  yield* tarMembers(dir, name, consume);
  yield endOfTar;
}

async function* tarMembers(path: string, name: string, consume: boolean): AsyncGenerator<Buffer> {
  yield encodeTarMember(headerOf(name, 'directory', 0o755, 0));
  const entries = await readdir(path, { withFileTypes: true });
  for (const entry of entries.toSorted((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)))) {
    const child = join(path, entry.name);
    if (entry.isDirectory()) yield* tarMembers(child, `${name}/${entry.name}`, consume);
    else if (entry.isFile()) yield* tarFile(child, `${name}/${entry.name}`, consume);
    else throw new PerennialError('bag-invalid', `${child} is neither a plain file nor a folder`);
  }
}

async function* tarFile(path: string, name: string, consume: boolean): AsyncGenerator<Buffer> {
  const { mode, size } = await stat(path);
  yield encodeTarMember(headerOf(name, 'file', mode, size));
  let sent = 0;
  const release = consume && size > RELEASE_BYTES ? blockReleaser(path) : undefined;
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    sent += chunk.length;
    if (sent <= size) yield chunk;
    await release?.(sent);
  }
  if (sent !== size) throw new PerennialError('changed-while-read', `${path} changed while it was packed`);
  yield memberPadding(size);
}

function headerOf(path: string, kind: 'file' | 'directory', mode: number, size: number): TarHeader {
  return {
    path,
    kind,
    linkTarget: '',
    mode: mode & 0o777,
    uid: 0,
    gid: 0,
    user: '',
    group: '',
    size,
    storedSize: size,
    mtime: '0',
    xattrs: {},
    devMajor: 0,
    devMinor: 0,
  };
}

/** Content that is given back to the file system at once. */
const RELEASE_BYTES = 64 * 1024 * 1024;

/**
 * Gives the blocks of a file back up to where it has been read, as far as the file system can (fallocate(1), --punch-hole); where it cannot, the
 * file stays whole until it is removed.
 */
function blockReleaser(path: string): (read: number) => Promise<void> {
  let released = 0;
  let isAble = true;
  return async read => {
    if (!isAble || read - released < RELEASE_BYTES) return;
    const length = RELEASE_BYTES * Math.floor((read - released) / RELEASE_BYTES);
    const words = ['--punch-hole', '--offset', String(released), '--length', String(length), path];
    isAble = await runCommand(['fallocate', ...words], { allowFailure: true }).then(
      ({ code }) => code === 0,
      () => false,
    );
    released += length;
  };
}
