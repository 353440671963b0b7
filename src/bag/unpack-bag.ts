import { createReadStream } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PerennialError } from '../errors.ts';
import { printable } from '../system/byte-text.ts';
import { isBagPath } from './bagit.ts';
import { readTar, type TarMember } from './tar-reader.ts';
import { decompressFrames } from './zstd-reader.ts';

const MOST_MEMBERS = 1_000_000;
/** What is large in a bag is compressed already, so a packed bag grows little: anything else is a bomb. */
const LARGEST_GROWTH = 100;
const SMALLEST_LIMIT = 1024 ** 3;

/**
 * Unpacks a packed bag into an empty folder. Only plain files and folders with safe names are made, each file once; `bag-invalid` for
 * links, devices, `..`, absolute names, too many members, or far more bytes than `packedSize` explains.
 */
export async function unpackBag(path: string, packedSize: number, into: string): Promise<void> {
  const limit = Math.max(SMALLEST_LIMIT, packedSize * LARGEST_GROWTH);
  let members = 0;
  let bytes = 0;
  for await (const member of readTar(await openPacked(path), path)) {
    bytes += member.header.size;
    if (++members > MOST_MEMBERS) throw refused(path, 'it has too many members');
    if (bytes > limit) throw refused(path, `it unpacks to more than ${limit} bytes`);
    await unpackMember(member, path, into);
  }
}

async function openPacked(path: string): Promise<AsyncIterable<Buffer>> {
  await using file = await open(path);
  const magic = Buffer.alloc(4);
  await file.read(magic, 0, 4, 0);
  const source = createReadStream(path, { highWaterMark: 1024 * 1024 });
  return magic.readUInt32LE() === 0xfd2fb528 ? decompressFrames(source, path) : source;
}

async function unpackMember({ header, body }: TarMember, name: string, into: string): Promise<void> {
  const { path, kind } = header;
  if (kind === 'directory' && path === '') return;
  if (!isBagPath(path)) throw refused(name, `its member ${printable(path)} has an unsafe name`);
  if (kind === 'directory') await once(name, path, () => mkdir(join(into, path), { recursive: true }));
  else if (kind === 'file' && !header.sparse) {
    await once(name, path, () => unpackFile(join(into, path), header.mode, body));
  } else throw refused(name, `its member ${printable(path)} is no plain file (${header.sparse ? 'sparse' : kind})`);
}

async function unpackFile(path: string, mode: number, body: AsyncIterable<Buffer>): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await using file = await open(path, 'wx', 0o600 | (mode & 0o777));
  for await (const chunk of body) await file.appendFile(chunk);
}

/** A name that is a file already, or a folder where a file shall be, is the archive's fault. */
async function once(name: string, path: string, make: () => Promise<unknown>): Promise<void> {
  try {
    await make();
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? '';
    if (!['EEXIST', 'EISDIR', 'ENOTDIR'].includes(code)) throw cause;
    throw refused(name, `its member ${printable(path)} is there twice`, cause);
  }
}

function refused(name: string, what: string, cause?: unknown): PerennialError {
  return new PerennialError('bag-invalid', `${name} is not a packed bag: ${what}`, {
    hint: 'Name the folder or the .tar.zst file that `perennial archive` wrote. Nothing of this one was used.',
    cause,
  });
}
