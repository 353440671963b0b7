import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { HEAD_BYTES, isEncrypted, openEncrypted } from '../encryption/decrypt.ts';
import { type Keys, noKeys } from '../encryption/lock.ts';
import { PerennialError } from '../errors.ts';
import { printable } from '../system/byte-text.ts';
import { type Fixity, isBagPath } from './bagit.ts';
import { ByteSource } from './byte-source.ts';
import { FrameTable, type OpenPacked, type PackedFile } from './read-packed.ts';
import { usedUp } from './release-bytes.ts';
import { readTar, type TarMember } from './tar-reader.ts';
import { decompressFrames } from './zstd-reader.ts';

const MOST_MEMBERS = 1_000_000;
/** What is large in a bag is compressed already, so a packed bag grows little: anything else is a bomb. */
const LARGEST_GROWTH = 100;
const SMALLEST_LIMIT = 1024 ** 3;

/** What may be large: it is read from where it lies. The folder of the bag is at the top. */
const LEFT_PACKED = /^(?:[^/]+\/)?data\/(payload\.tar\.zst|files\.ndjson\.zst|dumps\/.+)$/;

/** What of a packed bag was not copied to the disk. */
export interface LeftPacked {
  /** By the path in the archive. */
  files: Map<string, PackedFile>;
  /** For readPacked; undefined for a plain tar. */
  table: FrameTable | undefined;
  encrypted: boolean;
  open: OpenPacked;
}

const ZSTD_MAGIC = 0xfd2fb528;

/**
 * Unpacks a packed bag into an empty folder, but for payload, index and exports, which are digested and left where they are. Only plain
 * files and folders with safe names are taken, each file once; `bag-invalid` for links, devices, `..`, absolute names, too many members,
 * or far more bytes than `packedSize` explains. An encrypted one needs `keys` (see openEncrypted for what it throws then).
 */
export async function unpackBag(
  path: string,
  packedSize: number,
  into: string,
  keys: Keys = noKeys,
): Promise<LeftPacked> {
  const limit = Math.max(SMALLEST_LIMIT, packedSize * LARGEST_GROWTH);
  const left = await openPacked(path, keys);
  let members = 0;
  let bytes = 0;
  for await (const member of readTar(usedUp(contentOf(left, path)), path)) {
    bytes += member.header.size;
    if (++members > MOST_MEMBERS) throw refused(path, 'it has too many members');
    if (bytes > limit) throw refused(path, `it unpacks to more than ${limit} bytes`);
    await unpackMember(member, path, into, left);
  }
  return left;
}

/** Nothing of it is read yet, but what kind of file it is. */
async function openPacked(path: string, keys: Keys): Promise<LeftPacked> {
  const encrypted = isEncrypted(await readHead(path), path) ? await openEncrypted(path, keys, path) : undefined;
  const open: OpenPacked = encrypted
    ? start => encrypted.read(start)
    : start => createReadStream(path, { start, highWaterMark: 1024 * 1024 });
  const isCompressed = await beginsWithFrame(open(0));
  const table = isCompressed ? new FrameTable() : undefined;
  return { files: new Map(), table, encrypted: encrypted !== undefined, open };
}

function contentOf({ open, table }: LeftPacked, path: string): AsyncIterable<Buffer> {
  if (!table) return open(0);
  return decompressFrames(usedUp(open(0)), path, (packed, content) => table.add(packed, content));
}

async function beginsWithFrame(bytes: AsyncIterable<Buffer>): Promise<boolean> {
  const source = new ByteSource(bytes, '');
  try {
    const magic = await source.find(4);
    return magic?.readUInt32LE() === ZSTD_MAGIC;
  } catch (error) {
    if (error instanceof PerennialError && error.code === 'bag-truncated') return false;
    throw error;
  } finally {
    await source.close();
  }
}

async function readHead(path: string): Promise<Buffer> {
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
  return buffer.subarray(0, bytesRead);
}

async function unpackMember(
  { header, body, offset }: TarMember,
  name: string,
  into: string,
  left: LeftPacked,
): Promise<void> {
  const { path, kind } = header;
  if (kind === 'directory' && path === '') return;
  if (!isBagPath(path)) throw refused(name, `its member ${printable(path)} has an unsafe name`);
  if (kind === 'directory') await once(name, path, () => mkdir(join(into, path), { recursive: true }), into);
  else if (kind === 'file' && !header.sparse && LEFT_PACKED.test(path)) {
    if (left.files.has(path)) throw refused(name, `its member ${printable(path)} is there twice`);
    left.files.set(path, { offset, ...(await digestOf(body)) });
  } else if (kind === 'file' && !header.sparse) {
    await once(name, path, () => unpackFile(join(into, path), header.mode, body), into);
  } else throw refused(name, `its member ${printable(path)} is no plain file (${header.sparse ? 'sparse' : kind})`);
}

async function digestOf(body: AsyncIterable<Buffer>): Promise<Fixity> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of body) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { sha256: hash.digest('hex'), bytes };
}

async function unpackFile(path: string, mode: number, body: AsyncIterable<Buffer>): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await using file = await open(path, 'wx', 0o600 | (mode & 0o777));
  for await (const chunk of body) await file.appendFile(chunk);
}

/** A name that is a file already, or a folder where a file shall be, is the archive's fault. */
async function once(name: string, path: string, make: () => Promise<unknown>, into: string): Promise<void> {
  try {
    await make();
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? '';
    if (['ENOSPC', 'EDQUOT', 'EACCES', 'EROFS', 'EIO'].includes(code)) throw noRoom(path, into, cause as Error);
    if (!['EEXIST', 'EISDIR', 'ENOTDIR'].includes(code)) throw cause;
    throw refused(name, `its member ${printable(path)} is there twice`, cause);
  }
}

function noRoom(path: string, into: string, cause: Error): PerennialError {
  return new PerennialError(
    'store-failed',
    `Cannot write ${printable(path)} to the temporary folder ${into}: ${cause.message}`,
    {
      hint: 'Free space there, or set TMPDIR to a folder that has some. Nothing of the bag was used.',
      cause,
    },
  );
}

function refused(name: string, what: string, cause?: unknown): PerennialError {
  return new PerennialError('bag-invalid', `${name} is not a packed bag: ${what}`, {
    hint: 'Name the folder or the .tar.zst file that `perennial archive` wrote. Nothing of this one was used.',
    cause,
  });
}
