import { lstat, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { PerennialError } from '../errors.ts';
import { runRecord } from '../run-record.ts';
import { BAGIT_TXT, type Fixity, formatBagInfo, formatDigests, isBagPath, payloadOxum } from './bagit.ts';
import { describeBag } from './describe-bag.ts';
import { orStoreFailed, syncDirectory, writeDurably } from './durable-file.ts';
import { checkFixity, throwProblems } from './fixity.ts';
import type { IndexEntry } from './index-entry.ts';
import { sortEntries, writeIndex } from './index-file.ts';
import type { Manifest } from './manifest.ts';
import { formatManifest } from './manifest-file.ts';
import { type PayloadMember, writePayload } from './payload-file.ts';
import { endOfTar } from './tar-encode.ts';

export type { PayloadMember } from './payload-file.ts';

export const PAYLOAD = 'data/payload.tar.zst';
export const INDEX = 'data/files.ndjson.zst';
export const MANIFEST = 'data/manifest.json';

/** A bag while it is written: beside its final place, which it takes only when it is complete and checked. */
export interface BagWriter {
  /** The folder that is being filled; `finish` moves it. */
  readonly partialDir: string;
  /**
   * Streams a tar into data/payload.tar.zst, byte for byte, and returns its members with the digests of their content. With
   * `onMember` they go there one by one instead and the list is empty, for archives whose list would fill the memory. A second call
   * replaces the first one's payload. `headBytes` says how much of the beginning of a file of a size `onMember` wants to see. Throws
   * `bag-truncated` when the stream ends early.
   */
  addPayload(
    tar: AsyncIterable<Buffer>,
    onMember?: (member: PayloadMember) => void | Promise<void>,
    headBytes?: (size: number) => number,
  ): Promise<PayloadMember[]>;
  /**
   * Writes a file at a path relative to the bag (`data/dumps/x.sql`, `restore.sh`) and returns its bytes. `mode` is 0o644 when
   * not given. Throws `bad-input` for a path that is not safe in a bag.
   */
  addFile(path: string, content: string | Buffer | AsyncIterable<Buffer>, options?: { mode?: number }): Promise<number>;
  /**
   * Writes the manifest, the index (a list is sorted; a stream must be in the order of comparePaths), README.md, ro-crate-metadata.json and
   * sbom.cdx.json where addFile has not written them, and BagIt's own files; checks every digest on the disk, and moves
   * the bag to its place. That payload and index decompress to what was given is proved while they are written (FrameWriter). Returns that place. `info` adds fields to bag-info.txt.
   */
  finish(
    manifest: Manifest,
    index: Iterable<IndexEntry> | AsyncIterable<IndexEntry>,
    info?: Record<string, string>,
  ): Promise<string>;
  /** Removes what was written. Harmless after finish. */
  abort(): Promise<void>;
}

/**
 * Starts a bag at `outDir`, whose parents are made. Throws `output-exists` when something is there already, other than an empty folder; with
 * `force` another bag is replaced at the end. Throws `store-failed` when the place cannot be written.
 */
export async function createBag(outDir: string, options: { force?: boolean } = {}): Promise<BagWriter> {
  const out = resolve(outDir);
  await checkPlace(out, options.force ?? false);
  const partial = `${out}.partial-${process.pid}`;
  let gone = () => {};
  await orStoreFailed(partial, async () => {
    await mkdir(dirname(out), { recursive: true });
    await rm(partial, { recursive: true, force: true }); // of a killed run whose id came round again
    gone = runRecord.add({ kind: 'folder', path: partial });
    await mkdir(partial, { mode: 0o700 }); // password hashes and keys: for the owner only
  });
  return new DirectoryBagWriter(out, partial, gone);
}

async function checkPlace(out: string, force: boolean): Promise<void> {
  const found = await lstat(out).catch(() => undefined);
  if (!found) return;
  const names = found.isDirectory() ? await readdir(out) : undefined;
  if (names?.length === 0 || (force && names?.includes('bagit.txt'))) return;
  throw new PerennialError('output-exists', `${out} exists already`, {
    hint: force ? 'Only a bag is replaced: name another folder.' : 'Name another folder, or remove this one first.',
  });
}

class DirectoryBagWriter implements BagWriter {
  readonly partialDir: string;
  readonly #out: string;
  readonly #files = new Map<string, Fixity>();

  readonly #gone: () => void;

  constructor(out: string, partial: string, gone: () => void) {
    this.#out = out;
    this.#gone = gone;
    this.partialDir = partial;
  }

  async addPayload(
    tar: AsyncIterable<Buffer>,
    onMember?: (member: PayloadMember) => void | Promise<void>,
    headBytes?: (size: number) => number,
  ): Promise<PayloadMember[]> {
    const members: PayloadMember[] = [];
    const take = onMember ?? ((member: PayloadMember) => void members.push(member));
    await this.#write(PAYLOAD, sink => writePayload(tar, sink, take, headBytes));
    return members;
  }

  async addFile(
    path: string,
    content: string | Buffer | AsyncIterable<Buffer>,
    options: { mode?: number } = {},
  ): Promise<number> {
    const chunks = typeof content === 'string' || Buffer.isBuffer(content) ? [Buffer.from(content)] : content;
    const produce = async (sink: (bytes: Buffer) => Promise<void>) => {
      for await (const chunk of chunks) await sink(chunk);
    };
    return (await this.#write(path, produce, options.mode)).bytes;
  }

  async finish(
    manifest: Manifest,
    index: Iterable<IndexEntry> | AsyncIterable<IndexEntry>,
    info: Record<string, string> = {},
  ): Promise<string> {
    const entries = Array.isArray(index) ? sortEntries(index) : index;
    if (!this.#files.has(PAYLOAD)) await this.addPayload(Readable.from([endOfTar]));
    await this.addFile(MANIFEST, formatManifest(manifest));
    await this.#write(INDEX, sink => writeIndex(entries, sink));
    const described = describeBag(manifest, this.#files);
    for (const [path, text] of described) if (!this.#files.has(path)) await this.addFile(path, text);
    await this.#writeTagFiles(manifest, info);
    throwProblems(this.#out, await checkFixity(this.partialDir));
    await this.#takePlace();
    return this.#out;
  }

  async abort(): Promise<void> {
    await rm(this.partialDir, { recursive: true, force: true });
    this.#gone();
  }

  async #write(
    path: string,
    produce: (sink: (bytes: Buffer) => Promise<void>) => Promise<unknown>,
    mode = 0o644,
  ): Promise<Fixity> {
    if (!isBagPath(path)) {
      throw new PerennialError('bad-input', `A bag cannot hold a file named ${JSON.stringify(path)}`, {
        hint: 'Names in a bag are UTF-8 without backslashes: rename the file or leave it out.',
      });
    }
    const fixity = await writeDurably(join(this.partialDir, path), mode, produce);
    this.#files.set(path, fixity);
    return fixity;
  }

  async #writeTagFiles(manifest: Manifest, info: Record<string, string>): Promise<void> {
    const payload = new Map([...this.#files].filter(([path]) => path.startsWith('data/')));
    await this.addFile('bagit.txt', BAGIT_TXT);
    await this.addFile(
      'bag-info.txt',
      formatBagInfo({ ...bagInfo(manifest), ...info, 'Payload-Oxum': payloadOxum(payload) }),
    );
    await this.addFile('manifest-sha256.txt', formatDigests(payload));
    const tags = new Map([...this.#files].filter(([path]) => !path.startsWith('data/')));
    await this.addFile('tagmanifest-sha256.txt', formatDigests(tags));
  }

  /** One rename: the bag is there completely or not at all. */
  async #takePlace(): Promise<void> {
    const old = `${this.#out}.replaced-${process.pid}`;
    await orStoreFailed(this.#out, async () => {
      const replaces = (await readdir(this.#out).catch(() => [])).length > 0;
      if (replaces) await rename(this.#out, old);
      await syncDirectory(this.partialDir);
      await rename(this.partialDir, this.#out);
      await syncDirectory(dirname(this.#out));
      this.#gone();
      if (replaces) await rm(old, { recursive: true, force: true });
    });
  }
}

function bagInfo(manifest: Manifest): Record<string, string> {
  const { service, system, tool, created } = manifest;
  return {
    'Bagging-Date': created.slice(0, 10),
    'Bag-Software-Agent': `${tool.name} ${tool.version}`,
    'External-Description': `Mutable data of the service ${service.name}, which ran on ${system.os.prettyName}`,
  };
}
