import { createReadStream, lstatSync, realpathSync } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import type { Keys } from '../encryption/lock.ts';
import { PerennialError } from '../errors.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { type Fixity, isBagPath } from './bagit.ts';
import type { IndexEntry } from './index-entry.ts';
import { readIndex } from './index-file.ts';
import type { Manifest } from './manifest.ts';
import { parseManifest } from './manifest-file.ts';
import { readPacked } from './read-packed.ts';
import { usedUp } from './release-bytes.ts';
import { type LeftPacked, unpackBag } from './unpack-bag.ts';
import { INDEX, MANIFEST, PAYLOAD } from './write-bag.ts';
import { decompressFrames } from './zstd-reader.ts';

export { packBag } from './pack-bag.ts';
export { verifyBag } from './verify-bag.ts';

/** A manifest of a hundred thousand packages is smaller. */
const LARGEST_MANIFEST = 64 * 1024 * 1024;

/** A bag that can be read. Nothing is written to it. */
export interface Bag {
  readonly dir: string;
  /** What it was opened as, for messages. */
  readonly name: string;
  readonly manifest: Manifest;
  /** Size of the packed file; undefined for a folder. */
  readonly packedBytes: number | undefined;
  readonly encrypted: boolean;
  /** The lines of the index, in the order of comparePaths. */
  readIndex(): AsyncIterable<IndexEntry>;
  /** The payload, decompressed: a tar stream, whose chunks belong to whoever asks for them. */
  openPayload(): AsyncGenerator<Buffer>;
  /** The packed file itself, decrypted; its chunks belong to whoever asks for them. Undefined for a folder. */
  readonly plain: (() => AsyncIterable<Buffer>) | undefined;
  /** Files that are not in `dir`, but in the packed bag still: path -> what they are. */
  readonly packed: ReadonlyMap<string, Fixity>;
  /** Streams a file of the bag, by its relative path. Throws as `file`. */
  read(path: string): AsyncIterable<Buffer>;
  /** Absolute path of a plain file of `dir`, by its relative path. Throws `bag-invalid` when it is missing or leads outside. */
  file(path: string): string;
  /** Removes what was unpacked; a bag that was opened as a folder stays as it is. */
  close(): Promise<void>;
}

/**
 * Opens a bag: a folder, or one packed by packBag (`.tar`, `.tar.zst` or `.tar.zst.age`, told by content), of which the small files are unpacked
 * below `tempDir` into a folder for this user only. Only the manifest is read; verifyBag checks the rest. Throws
 * `bad-input` when there is nothing, `bag-invalid` when it is no bag, `bag-newer`; `key-missing`, `wrong-key`, `digest-mismatch` where it is
 * encrypted.
 */
export async function openBag(
  path: string,
  options: { tempDir?: string; keys?: Keys; name?: string } = {},
): Promise<Bag> {
  const name = options.name ?? path;
  const found = await stat(path).catch(() => undefined);
  if (!found) {
    throw new PerennialError('bad-input', `There is no bag at ${path}`, {
      hint: 'Name the folder or the .tar.zst file that `perennial archive` wrote.',
    });
  }
  if (found.isDirectory()) return openFolder(resolve(path), name, async () => {});
  const folder = await temporaryFolder('bag', options.tempDir);
  const temporary = folder.path;
  const close = () => folder.remove();
  try {
    const left = await unpackBag(path, found.size, temporary, options.keys);
    const dir = await bagFolder(temporary);
    return await openFolder(dir, name, close, packedFiles(path, left, relative(temporary, dir), found.size));
  } catch (error) {
    await close();
    throw error;
  }
}

/** A packed bag has one folder at its top (RFC 8493, section 4.2). */
async function bagFolder(unpacked: string): Promise<string> {
  const names = await readdir(unpacked);
  return names.length === 1 ? join(unpacked, names[0]!) : unpacked;
}

interface Packed {
  bytes: number | undefined;
  encrypted: boolean;
  files: Map<string, Fixity>;
  plain: (() => AsyncIterable<Buffer>) | undefined;
  read(path: string): AsyncIterable<Buffer> | undefined;
}

/** @param top the bag's folder in the archive */
function packedFiles(path: string, { files, table, encrypted, open }: LeftPacked, top: string, bytes: number): Packed {
  const prefix = top === '' ? '' : `${top}/`;
  const own = new Map(
    [...files].map(([name, file]) => [name.startsWith(prefix) ? name.slice(prefix.length) : name, file]),
  );
  return {
    bytes,
    encrypted,
    files: own,
    plain: () => open(0),
    read(name) {
      const file = own.get(name);
      return file && readPacked(open, file, table, path);
    },
  };
}

const NOTHING_PACKED: Packed = {
  bytes: undefined,
  encrypted: false,
  files: new Map(),
  plain: undefined,
  read: () => undefined,
};

async function openFolder(
  dir: string,
  name: string,
  close: () => Promise<void>,
  packed: Packed = NOTHING_PACKED,
): Promise<Bag> {
  const names = await readdir(dir).catch((): string[] => []);
  if (!names.includes('bagit.txt')) {
    throw new PerennialError('bag-invalid', `${name} is not a bag: it has no bagit.txt`, {
      hint: 'Name the folder or the .tar.zst file that `perennial archive` wrote.',
    });
  }
  const file = (path: string) => fileOf(dir, path);
  const read = (path: string): AsyncIterable<Buffer> =>
    packed.read(path) ?? createReadStream(file(path), { highWaterMark: 1024 * 1024 });
  const manifest = parseManifest(`${await readBagFile({ file }, MANIFEST, LARGEST_MANIFEST)}`, `${name}/${MANIFEST}`);
  return {
    dir,
    name,
    manifest,
    packed: packed.files,
    plain: packed.plain,
    read,
    packedBytes: packed.bytes,
    encrypted: packed.encrypted,
    file,
    close,
    readIndex: () => readIndex(read(INDEX), `${name}/${INDEX}`),
    openPayload: () => decompressFrames(usedUp(read(PAYLOAD)), `${name}/${PAYLOAD}`),
  };
}

/** Links inside a bag may lead anywhere: only where the path really ends counts. */
function fileOf(dir: string, path: string): string {
  if (!isBagPath(path)) throw missingFile(path);
  try {
    const real = realpathSync(join(dir, path));
    // Opening a pipe would wait for whoever writes into it.
    if (real.startsWith(realpathSync(dir) + sep) && lstatSync(real).isFile()) return real;
  } catch {
    // named below
  }
  throw missingFile(path);
}

function missingFile(path: string): PerennialError {
  return new PerennialError('bag-invalid', `The bag has no file ${JSON.stringify(path)}`, {
    hint: '`perennial verify` names everything that is missing; fetch the bag again from where it is kept.',
  });
}

/** Reads a file of a bag into memory. Throws `bag-invalid` when it has more than `most` bytes, or is none. */
export async function readBagFile(bag: Pick<Bag, 'file'>, path: string, most: number): Promise<Buffer> {
  await using file = await open(bag.file(path));
  const { size } = await file.stat();
  if (size <= most) return file.readFile();
  throw new PerennialError('bag-invalid', `${path} of the bag has ${size} bytes; at most ${most} are read of it`, {
    hint: 'No bag of Perennial has that: do not use this one.',
  });
}
