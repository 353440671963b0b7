import { createReadStream, realpathSync } from 'node:fs';
import { mkdtemp, open, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve, sep } from 'node:path';
import { Readable } from 'node:stream';
import { PerennialError } from '../errors.ts';
import { isBagPath } from './bagit.ts';
import type { IndexEntry } from './index-entry.ts';
import { readIndex } from './index-file.ts';
import type { Manifest } from './manifest.ts';
import { parseManifest } from './manifest-file.ts';
import { unpackBag } from './unpack-bag.ts';
import { INDEX, MANIFEST, PAYLOAD } from './write-bag.ts';
import { decompressFrames } from './zstd-reader.ts';

export { packBag } from './pack-bag.ts';
export { verifyBag } from './verify-bag.ts';

/** A manifest of a hundred thousand packages is smaller. */
const LARGEST_MANIFEST = 64 * 1024 * 1024;

/** A bag that can be read. Nothing is written to it. */
export interface Bag {
  readonly dir: string;
  readonly manifest: Manifest;
  /** The lines of the index, in the order of comparePaths. */
  readIndex(): AsyncIterable<IndexEntry>;
  /** The payload, decompressed: a tar stream. */
  openPayload(): Readable;
  /** Absolute path of a plain file of the bag, by its relative path. Throws `bag-invalid` when it is missing or leads outside. */
  file(path: string): string;
  /** Removes what was unpacked; a bag that was opened as a folder stays as it is. */
  close(): Promise<void>;
}

/**
 * Opens a bag: a folder, or one packed by packBag (`.tar` or `.tar.zst`, told by content), which is unpacked below `tempDir`. Only the
 * manifest is read; verifyBag checks the rest. Throws `bad-input` when there is nothing, `bag-invalid` when it is no bag, `bag-newer`.
 */
export async function openBag(path: string, options: { tempDir?: string } = {}): Promise<Bag> {
  const found = await stat(path).catch(() => undefined);
  if (!found) {
    throw new PerennialError('bad-input', `There is no bag at ${path}`, {
      hint: 'Name the folder or the .tar.zst file that `perennial archive` wrote.',
    });
  }
  if (found.isDirectory()) return openFolder(resolve(path), path, async () => {});
  const temporary = await mkdtemp(join(options.tempDir ?? tmpdir(), 'perennial-bag-'));
  const close = () => rm(temporary, { recursive: true, force: true });
  try {
    await unpackBag(path, found.size, temporary);
    return await openFolder(await bagFolder(temporary), path, close);
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

async function openFolder(dir: string, name: string, close: () => Promise<void>): Promise<Bag> {
  const names = await readdir(dir).catch((): string[] => []);
  if (!names.includes('bagit.txt')) {
    throw new PerennialError('bag-invalid', `${name} is not a bag: it has no bagit.txt`, {
      hint: 'Name the folder or the .tar.zst file that `perennial archive` wrote.',
    });
  }
  const file = (path: string) => fileOf(dir, path);
  const manifest = parseManifest(await readSmall(file(MANIFEST)), `${name}/${MANIFEST}`);
  return {
    dir,
    manifest,
    file,
    close,
    readIndex: () => readIndex(createReadStream(file(INDEX)), `${name}/${INDEX}`),
    openPayload: () =>
      Readable.from(
        decompressFrames(createReadStream(file(PAYLOAD), { highWaterMark: 1024 * 1024 }), `${name}/${PAYLOAD}`),
        {
          objectMode: false,
          highWaterMark: 1024 * 1024,
        },
      ),
  };
}

/** Links inside a bag may lead anywhere: only where the path really ends counts. */
function fileOf(dir: string, path: string): string {
  if (!isBagPath(path)) throw missingFile(path);
  try {
    const real = realpathSync(join(dir, path));
    if (real.startsWith(realpathSync(dir) + sep)) return real;
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

async function readSmall(path: string): Promise<string> {
  await using file = await open(path);
  if ((await file.stat()).size > LARGEST_MANIFEST)
    throw new PerennialError('bag-invalid', `${path} is too large to be a manifest`);
  return file.readFile('utf8');
}
