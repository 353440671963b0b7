import { createReadStream } from 'node:fs';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { PerennialError } from '../errors.ts';
import { orStoreFailed, syncDirectory, writeDurably } from './durable-file.ts';
import { encodeTarMember, endOfTar, memberPadding } from './tar-encode.ts';
import type { TarHeader } from './tar-header.ts';
import { FrameWriter } from './zstd-frames.ts';

/**
 * Packs a bag folder into one `.tar.zst` file with the folder's name at its top (RFC 8493, section 4.2), for stores that take single
 * files. Names, contents and the files' modes decide the bytes, times and owners do not. An existing file is replaced. Returns the file's bytes
 * and sha256. Throws `bag-invalid` for links and devices in the folder, `store-failed`.
 */
export async function packBag(dir: string, outFile: string): Promise<{ bytes: number; sha256: string }> {
  const out = resolve(outFile);
  const partial = `${out}.partial-${process.pid}`;
  try {
    const fixity = await writeDurably(partial, 0o600, async sink => {
      const frames = new FrameWriter(sink);
      for await (const chunk of tarOf(resolve(dir), basename(resolve(dir)))) await frames.write(chunk);
      await frames.end();
    });
    await orStoreFailed(out, () => rename(partial, out));
    await syncDirectory(dirname(out));
    return fixity;
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

async function* tarOf(dir: string, name: string): AsyncGenerator<Buffer> {
  yield* tarMembers(dir, name);
  yield endOfTar;
}

async function* tarMembers(path: string, name: string): AsyncGenerator<Buffer> {
  yield encodeTarMember(headerOf(name, 'directory', 0o755, 0));
  const entries = await readdir(path, { withFileTypes: true });
  for (const entry of entries.toSorted((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)))) {
    const child = join(path, entry.name);
    if (entry.isDirectory()) yield* tarMembers(child, `${name}/${entry.name}`);
    else if (entry.isFile()) yield* tarFile(child, `${name}/${entry.name}`);
    else throw new PerennialError('bag-invalid', `${child} is neither a plain file nor a folder`);
  }
}

async function* tarFile(path: string, name: string): AsyncGenerator<Buffer> {
  const { mode, size } = await stat(path);
  yield encodeTarMember(headerOf(name, 'file', mode, size));
  let sent = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    sent += chunk.length;
    if (sent <= size) yield chunk;
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
