import { createReadStream, type Stats } from 'node:fs';
import { access, link, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { isBagFileName, isEncryptedName } from '../bag/bag-file-name.ts';
import { orStoreFailed, syncDirectory, writeDurably } from '../bag/durable-file.ts';
import { hashFile } from '../bag/hash-file.ts';
import { parseManifest } from '../bag/manifest-file.ts';
import { findPackedManifest } from '../bag/packed-manifest.ts';
import { MANIFEST } from '../bag/write-bag.ts';
import { HEAD_BYTES, isEncrypted } from '../encryption/decrypt.ts';
import { PerennialError } from '../errors.ts';
import { interruption } from '../interruption.ts';
import type { KeptBag, PackedBag, Readers, Store } from './store.ts';
import { keptWrong, nameTaken } from './store-errors.ts';

/**
 * A folder, for instance of a mounted disk, or a file in one. A bag is written beside its place, flushed, read again, and takes its
 * name in one step that never replaces another file. Beside it `NAME.sha256` is for `sha256sum --check`.
 */
export class DirectoryStore implements Store {
  readonly place: string;
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
    this.place = path;
  }

  async readers(): Promise<Readers> {
    return 'owner';
  }

  async put(bag: PackedBag): Promise<KeptBag> {
    const file = await this.#target(bag.name);
    const there = await stat(file).catch(() => undefined);
    if (there?.isFile() && there.size === bag.bytes && (await hashFile(file)).sha256 === bag.sha256)
      return kept(file, bag);
    if (there) throw nameTaken(basename(file), dirname(file), 'Name another file or folder; nothing is replaced.');
    await this.#write(bag, file);
    return kept(file, bag);
  }

  async fetch(): Promise<string> {
    await access(this.#path).catch(cause => {
      throw new PerennialError('bad-input', `There is no bag at ${this.#path}`, {
        cause,
        hint: 'Name the folder or the file that `perennial archive` wrote, or another store: see `perennial restore --help`.',
      });
    });
    const bags = await this.list();
    if (bags.length > 1) {
      throw new PerennialError('bad-input', `${this.#path} has ${bags.length} bags`, {
        hint: `Say which: ${bags.map(bag => bag.reference).join(', ')}.`,
      });
    }
    return bags[0]?.reference ?? this.#path;
  }

  async list(): Promise<KeptBag[]> {
    const found = await stat(this.#path).catch(() => undefined);
    if (!found) {
      throw new PerennialError('bad-input', `There is no folder ${this.#path}`, { hint: 'Name a folder with bags.' });
    }
    const here = await describe(this.#path);
    if (here) return [here];
    const names = found.isDirectory() ? (await readdir(this.#path)).sort() : [];
    const all = await Promise.all(names.map(name => describe(join(this.#path, name))));
    return all.filter(each => each !== undefined);
  }

  /** A path that is named like a file of a bag is that file; any other one is a folder, which takes the bag under its own name. */
  async #target(name: string): Promise<string> {
    const found = await stat(this.#path).catch(() => undefined);
    const isFile = found ? !found.isDirectory() : FILE_ENDING.test(this.#path);
    if (found && isFile && !FILE_ENDING.test(this.#path)) throw noFolder(this.#path);
    const file = resolve(isFile ? this.#path : join(this.#path, name));
    await checkParent(dirname(file));
    return file;
  }

  async #write(bag: PackedBag, file: string): Promise<void> {
    const partial = `${file}.partial-${process.pid}`;
    try {
      await orStoreFailed(dirname(file), () => mkdir(dirname(file), { recursive: true }));
      await writeDurably(partial, 0o600, async sink => {
        for await (const chunk of createReadStream(bag.file, { highWaterMark: 1024 * 1024 })) {
          interruption.check();
          await sink(chunk as Buffer);
        }
      });
      const { sha256 } = await hashFile(partial);
      if (sha256 !== bag.sha256) throw keptWrong(basename(file), dirname(file), sha256, bag.sha256);
      await this.#takeName(partial, file);
      await orStoreFailed(file, () => writeFile(`${file}.sha256`, `${sha256}  ${basename(file)}\n`));
      await syncDirectory(dirname(file));
    } finally {
      await rm(partial, { force: true });
    }
  }

  /** A link fails where rename would replace; file systems without links (FAT, some network shares) take the rename. */
  async #takeName(partial: string, file: string): Promise<void> {
    await orStoreFailed(file, async () => {
      try {
        await link(partial, file);
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'EEXIST')
          throw nameTaken(basename(file), dirname(file), 'Name another file; nothing is replaced.');
        if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(code ?? '')) throw error;
        await rename(partial, file);
      }
    });
  }
}

function kept(file: string, bag: PackedBag): KeptBag {
  const { service, bytes, sha256, created } = bag;
  const name = basename(file);
  return { reference: file, name, service, bytes, sha256, created, expires: '', encrypted: isEncryptedName(bag.name) };
}

/** What a person calls the file of a packed bag. */
const FILE_ENDING = /[^/]\.(?:tar|tar\.zst|tzst|zst|age)$/;

function noFolder(path: string): PerennialError {
  return new PerennialError('output-exists', `${path} is a file, not a folder`, {
    hint: 'Name a folder, or the file that the bag shall be, NAME.tar.zst (NAME.tar.zst.age when it is encrypted).',
  });
}

/** One folder is made, not two: a disk that is not mounted must not become folders of the disk below it. */
async function checkParent(folder: string): Promise<void> {
  const parent = dirname(folder);
  const isThere = (path: string) =>
    stat(path).then(
      found => found.isDirectory(),
      () => false,
    );
  if ((await isThere(folder)) || (await isThere(parent))) return;
  throw new PerennialError('bad-input', `${folder} cannot be made: there is no folder ${parent}`, {
    hint: 'Is the disk mounted? Make the folder first (`mkdir -p`) when it is meant.',
  });
}

/** Undefined for what is no bag. */
async function describe(path: string): Promise<KeptBag | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) return describeFolder(path);
  if (!found?.isFile() || !isBagFileName(basename(path))) return undefined;
  return describeFile(path, found);
}

/** Service and time of an encrypted bag are nobody's business: its time is that of the file. */
async function describeFile(path: string, { size, mtime }: Stats): Promise<KeptBag> {
  const stated = await readFile(`${path}.sha256`, 'utf8').catch(() => '');
  const encrypted = isEncryptedName(path) || (await isAgeFile(path));
  const manifest = encrypted ? undefined : await findPackedManifest(path).catch(() => undefined);
  return {
    reference: path,
    name: basename(path),
    service: manifest?.service.name ?? '',
    bytes: size,
    sha256: /^[0-9a-f]{64}/.exec(stated)?.[0] ?? '',
    created: manifest?.created ?? mtime.toISOString(),
    expires: '',
    encrypted,
  };
}

/** Also one under another name. */
async function isAgeFile(path: string): Promise<boolean> {
  try {
    await using file = await open(path);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return isEncrypted(buffer.subarray(0, bytesRead), path);
  } catch {
    return false; // restore says what is wrong with it
  }
}

async function describeFolder(path: string): Promise<KeptBag | undefined> {
  const text = await readFile(join(path, MANIFEST), 'utf8').catch(() => undefined);
  if (text === undefined || !(await stat(join(path, 'bagit.txt')).catch(() => undefined))) return undefined;
  try {
    const { service, created } = parseManifest(text, path);
    const bytes = await folderBytes(path);
    const name = basename(resolve(path));
    return { reference: path, name, service: service.name, bytes, sha256: '', created, expires: '', encrypted: false };
  } catch {
    return undefined; // no bag of ours
  }
}

async function folderBytes(path: string): Promise<number> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries.filter(entry => entry.isFile());
  const sizes = await Promise.all(files.map(async file => (await stat(join(file.parentPath, file.name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
