import { createReadStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { createZstdDecompress, zstdCompressSync } from 'node:zlib';
import { orStoreFailed, writeDurably } from '../bag/durable-file.ts';
import type { ContainerFacts, Engine } from '../engine/engine.ts';
import { endedEarly, useStream } from '../engine/use-stream.ts';
import { PerennialError } from '../errors.ts';
import { runRecord } from '../run-record.ts';
import { openContainer } from '../system/open-container.ts';
import { PACKAGE_PATHS } from '../system/package-manager.ts';
import { type SystemReading, systemReading } from '../system/read-system.ts';
import { readTarFiles } from '../system/system-files.ts';
import { imageTarget, type Target } from '../system/target.ts';
import { KnownRecords } from './known-records.ts';
import { lookStream, MARK_BYTES } from './look.ts';
import { PathTable } from './path-table.ts';
import { RecordRows } from './record-rows.ts';
import { parseRecords, type WalkEntry, walk, walkArguments } from './walk.ts';

const SCHEMA = 4;

/** The state that a service is compared with: its image, and itself at the start of operation. */
export interface Baseline {
  /** ISO 8601 */
  created: string;
  containerId: string;
  imageId: string;
  /** When the container was made, as seconds since 1970 in text: inodes that changed before are the image's. */
  since?: string;
  /** Every path of the image, with the inode times that an unchanged file still has in the container. */
  image: Map<string, WalkEntry>;
  /** Paths that differed from the image when operation began. */
  start: PathTable;
  /** The image's records as find wrote them. */
  records?: KnownRecords;
  /** The image's package database; accounts are not in it. */
  system?: SystemReading;
}

/** Baseline of a container that nobody prepared: its image alone, looked at in a throw-away container. */
export async function imageBaseline(
  engine: Engine,
  container: ContainerFacts,
  target: Target = imageTarget(engine, container.imageId),
): Promise<Baseline> {
  const { records, tar } = await lookAtImage(engine, container.imageId, target);
  const image = await readImage(records, tar);
  const { id: containerId, imageId } = container;
  return { created: '', containerId, imageId, ...creation(container), start: new PathTable(), ...image };
}

async function readImage(
  records: Buffer,
  tar: Buffer,
): Promise<Required<Pick<Baseline, 'image' | 'records' | 'system'>>> {
  const known = new KnownRecords(records);
  const image = new Map<string, WalkEntry>();
  parseRecords(records, 0, (entry, start, headEnd) => {
    image.set(entry.path, entry);
    known.add(entry, start, headEnd);
  });
  const system = systemReading(await readTarFiles(Readable.from([tar])));
  return { image, records: known, system };
}

/**
 * Takes a baseline of a running container now and writes it to a file (beside, then renamed).
 * The file is a line of JSON, then find's own records of the image and of the changed paths, then a tar of the image's
 * package database; zstd compressed.
 */
export async function takeBaseline(
  engine: Engine,
  container: ContainerFacts,
  mounts: string[],
  out: string,
): Promise<void> {
  const opened = await openContainer(engine, container);
  const [image, now] = await Promise.all([
    lookAtImage(engine, container.imageId, opened.image),
    rawWalk(opened.target, mounts),
  ]).finally(opened.close);
  const changed = changedRecords(image.records, now);
  const header = {
    schema: SCHEMA,
    created: new Date().toISOString(),
    containerId: container.id,
    imageId: container.imageId,
    imageBytes: image.records.length,
    changedBytes: changed.length,
  };
  const content = Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), image.records, changed, image.tar]);
  const partial = `${out}.partial-${process.pid}`;
  const gone = runRecord.add({ kind: 'folder', path: partial });
  try {
    await writeDurably(partial, 0o600, sink => sink(zstdCompressSync(content)));
    await orStoreFailed(out, () => rename(partial, out));
  } catch (error) {
    await rm(partial, { force: true }).catch(() => {}); // its folder may be none
    throw error;
  } finally {
    gone();
  }
}

/** Reads a file of takeBaseline. @throws PerennialError `bad-input` when it is none, or of another container */
export async function readBaseline(file: string, container?: ContainerFacts): Promise<Baseline> {
  const { header, image, start, tar } = await readParts(file);
  if (container && header.imageId !== container.imageId) {
    throw new PerennialError(
      'bad-input',
      `The baseline ${file} is of another image than container "${container.name}"`,
      {
        hint: 'Leave it out: the image itself then serves as the baseline.',
      },
    );
  }
  const { created, containerId, imageId } = header;
  const known = await readImage(image, tar);
  return { created, containerId, imageId, ...(container ? creation(container) : {}), start, ...known };
}

/** The engine's clock is that of its file systems. Nothing is said of a time that cannot be read. */
function creation({ created }: ContainerFacts): Pick<Baseline, 'since'> {
  const milliseconds = Date.parse(created);
  return Number.isNaN(milliseconds) ? {} : { since: String(milliseconds / 1000) };
}

interface Header {
  schema: number;
  created: string;
  containerId: string;
  imageId: string;
  /** Bytes of the two lists of records; the rest is the tar. */
  imageBytes: number;
  changedBytes: number;
}

interface Parts {
  header: Header;
  /** Records of the image, and its package database in a tar. */
  image: Buffer;
  tar: Buffer;
  start: PathTable;
}

async function readParts(file: string): Promise<Parts> {
  const wrong = (what: string, cause?: unknown) =>
    new PerennialError('bad-input', `The baseline ${file} ${what}`, {
      cause,
      hint: 'Take it again with `perennial baseline`, or leave it out.',
    });
  const parts = new BaselineParts(schema => wrong(`has schema ${schema}, known is ${SCHEMA}`));
  try {
    const packed = createReadStream(file);
    const content = packed.pipe(createZstdDecompress());
    packed.once('error', error => content.destroy(error)); // pipe does not hand errors on
    for await (const chunk of content as AsyncIterable<Buffer>) parts.add(chunk);
    return parts.end();
  } catch (cause) {
    throw cause instanceof PerennialError ? cause : wrong('cannot be read', cause);
  }
}

/** Takes the content of a baseline file apart while it is read: a service may begin with a million files, one that was restored for example. */
class BaselineParts {
  readonly #wrongSchema: (schema: unknown) => PerennialError;
  readonly #start = new PathTable();
  readonly #rows = new RecordRows({
    ...{ table: this.#start, rootLength: 0, known: () => [], isWanted: () => false, wantedEnds: '' },
  });
  #header: Header | undefined;
  /** What has not been taken yet: of the header, or a record that is not whole. */
  #rest: Buffer = Buffer.alloc(0);
  readonly #image: Buffer[] = [];
  readonly #tar: Buffer[] = [];
  /** Bytes that are still to come of the image's records, and of the changed ones. */
  #imageLeft = 0;
  #changedLeft = 0;

  /** @param wrongSchema makes the error of a file of another schema */
  constructor(wrongSchema: (schema: unknown) => PerennialError) {
    this.#wrongSchema = wrongSchema;
  }

  add(chunk: Buffer): void {
    const body = this.#header ? chunk : this.#afterHeader(chunk);
    const image = body.subarray(0, this.#imageLeft);
    const changed = body.subarray(image.length, image.length + this.#changedLeft);
    const tar = body.subarray(image.length + changed.length);
    this.#imageLeft -= image.length;
    this.#changedLeft -= changed.length;
    if (image.length > 0) this.#image.push(image);
    if (changed.length > 0) this.#addChanged(changed);
    if (tar.length > 0) this.#tar.push(tar);
  }

  /** @throws Error when the file ended early */
  end(): Parts {
    if (!this.#header || this.#imageLeft > 0 || this.#changedLeft > 0 || this.#rest.length > 0)
      throw new Error('It ends early');
    const [image, tar] = [Buffer.concat(this.#image), Buffer.concat(this.#tar)];
    return { header: this.#header, image, tar, start: this.#start };
  }

  #afterHeader(chunk: Buffer): Buffer {
    const begun = Buffer.concat([this.#rest, chunk]);
    const end = begun.indexOf(10);
    this.#rest = end < 0 ? begun : Buffer.alloc(0);
    if (end < 0) return Buffer.alloc(0);
    const header: Header = JSON.parse(begun.toString('utf8', 0, end));
    if (header?.schema !== SCHEMA) throw this.#wrongSchema(header?.schema);
    this.#header = header;
    this.#imageLeft = header.imageBytes;
    this.#changedLeft = header.changedBytes;
    return begun.subarray(end + 1);
  }

  #addChanged(chunk: Buffer): void {
    const records = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const take: RecordRows['take'] = (buffer, start, headEnd, end) => this.#rows.take(buffer, start, headEnd, end);
    const add = (entry: WalkEntry) => this.#start.add(entry);
    const end = parseRecords(records, 0, add, undefined, undefined, take);
    this.#rest = records.subarray(end);
  }
}

/**
 * A walk and a package database of an image as the programs printed them. What the image has in its volumes is on a
 * file system of its own in every container: its times say nothing, but its absence later does.
 */
async function lookAtImage(engine: Engine, imageId: string, target: Target): Promise<{ records: Buffer; tar: Buffer }> {
  const { volumes } = await engine.inspectImage(imageId);
  const paths = PACKAGE_PATHS.concat('etc/os-release', 'usr/lib/os-release');
  const stream = lookStream(target, { mounts: volumes, paths });
  const what = 'Listing the files of the image';
  const { result: stdout, code, stderr } = await useStream(stream, each => buffer(each.stdout), what);
  const end = parseRecords(stdout, 0, () => {});
  if (end === 0 || stdout[end] !== 0 || code > 1) throw endedEarly('Listing the files of the image', code, stderr);
  return { records: stdout.subarray(0, end), tar: stdout.subarray(end + MARK_BYTES) };
}

async function rawWalk(target: Target, mounts: string[]): Promise<Buffer> {
  if (target.files) {
    const stdout = await buffer(target.files.look(mounts, []).stdout);
    return stdout.subarray(
      0,
      parseRecords(stdout, 0, () => {}),
    );
  }
  const { stdout } = await target.exec(walkArguments('', mounts), { allowFailure: true, env: { LC_ALL: 'C' } });
  if (stdout.length === 0) await walk(target, mounts, () => {}); // says why
  return stdout;
}

/** The records of `now` that are not, byte for byte, in `before`. Of a million there is never a list. */
function changedRecords(before: Buffer, now: Buffer): Buffer {
  const known = new Set<string>();
  for (const [from, to] of recordsOf(before)) known.add(before.toString('latin1', from, to));
  const changed = Buffer.allocUnsafe(now.length);
  let length = 0;
  for (const [from, to] of recordsOf(now))
    if (!known.has(now.toString('latin1', from, to))) length += now.copy(changed, length, from, to);
  return changed.subarray(0, length);
}

/** Where each record begins and ends: two texts, each with a NUL at its end. */
function* recordsOf(records: Buffer): Generator<[from: number, to: number]> {
  for (let from = 0; ; ) {
    const head = records.indexOf(0, from);
    const end = head < 0 ? -1 : records.indexOf(0, head + 1);
    if (end < 0) return;
    yield [from, end + 1];
    from = end + 1;
  }
}
