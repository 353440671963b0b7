import { readFile, rename, rm } from 'node:fs/promises';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { orStoreFailed, writeDurably } from '../bag/durable-file.ts';
import type { ContainerFacts, Engine } from '../engine/engine.ts';
import { PerennialError } from '../errors.ts';
import { containerTarget, imageTarget, type Target } from '../system/target.ts';
import { parseRecords, type WalkEntry, walk, walkArguments } from './walk.ts';

const SCHEMA = 2;

/** The state that a service is compared with: its image, and itself at the start of operation. */
export interface Baseline {
  /** ISO 8601 */
  created: string;
  containerId: string;
  imageId: string;
  /** Every path of the image, with the inode times that an unchanged file still has in the container. */
  image: Map<string, WalkEntry>;
  /** Paths that differed from the image when operation began. */
  start: Map<string, WalkEntry>;
}

/** Baseline of a container that nobody prepared: its image alone, walked in a throw-away container. */
export async function imageBaseline(engine: Engine, container: ContainerFacts): Promise<Baseline> {
  const image = new Map<string, WalkEntry>();
  await walk(imageTarget(engine, container.imageId), [], entry => image.set(entry.path, entry));
  return { created: '', containerId: container.id, imageId: container.imageId, image, start: new Map() };
}

/**
 * Takes a baseline of a running container now and writes it to a file (beside, then renamed).
 * The file is a line of JSON and then find's own records of the image and of the changed paths, zstd compressed.
 */
export async function takeBaseline(
  engine: Engine,
  container: ContainerFacts,
  mounts: string[],
  out: string,
): Promise<void> {
  const [image, now] = await Promise.all([
    rawWalk(imageTarget(engine, container.imageId), []),
    rawWalk(containerTarget(engine, container.id), mounts),
  ]);
  const header = {
    schema: SCHEMA,
    created: new Date().toISOString(),
    containerId: container.id,
    imageId: container.imageId,
    imageBytes: image.length,
  };
  const content = Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), image, changedRecords(image, now)]);
  const partial = `${out}.partial-${process.pid}`;
  try {
    await writeDurably(partial, 0o600, sink => sink(zstdCompressSync(content)));
    await orStoreFailed(out, () => rename(partial, out));
  } catch (error) {
    await rm(partial, { force: true }).catch(() => {}); // its folder may be none
    throw error;
  }
}

/** Reads a file of takeBaseline. @throws PerennialError `bad-input` when it is none, or of another container */
export async function readBaseline(file: string, container?: ContainerFacts): Promise<Baseline> {
  const { header, body } = await readParts(file);
  if (container && header.imageId !== container.imageId) {
    throw new PerennialError(
      'bad-input',
      `The baseline ${file} is of another image than container "${container.name}"`,
      {
        hint: 'Leave it out: the image itself then serves as the baseline.',
      },
    );
  }
  return {
    created: header.created,
    containerId: header.containerId,
    imageId: header.imageId,
    image: records(body.subarray(0, header.imageBytes)),
    start: records(body.subarray(header.imageBytes)),
  };
}

interface Header {
  schema: number;
  created: string;
  containerId: string;
  imageId: string;
  imageBytes: number;
}

async function readParts(file: string): Promise<{ header: Header; body: Buffer }> {
  const wrong = (what: string, cause?: unknown) =>
    new PerennialError('bad-input', `The baseline ${file} ${what}`, {
      cause,
      hint: 'Take it again with `perennial baseline`, or leave it out.',
    });
  let header: Header;
  let content: Buffer;
  try {
    content = zstdDecompressSync(await readFile(file));
    header = JSON.parse(content.toString('utf8', 0, content.indexOf(10)));
  } catch (cause) {
    throw wrong('cannot be read', cause);
  }
  if (header?.schema !== SCHEMA) throw wrong(`has schema ${header?.schema}, known is ${SCHEMA}`);
  return { header, body: content.subarray(content.indexOf(10) + 1) };
}

function records(buffer: Buffer): Map<string, WalkEntry> {
  const entries = new Map<string, WalkEntry>();
  parseRecords(buffer, 0, entry => entries.set(entry.path, entry));
  return entries;
}

async function rawWalk(target: Target, mounts: string[]): Promise<Buffer> {
  const { stdout } = await target.exec(walkArguments('', mounts), { allowFailure: true, env: { LC_ALL: 'C' } });
  if (stdout.length === 0) await walk(target, mounts, () => {}); // says why
  return stdout;
}

/** The records of `now` that are not, byte for byte, in `before`. */
function changedRecords(before: Buffer, now: Buffer): Buffer {
  const known = new Set(splitRecords(before));
  return Buffer.from(
    splitRecords(now)
      .filter(record => !known.has(record))
      .join(''),
    'latin1',
  );
}

function splitRecords(buffer: Buffer): string[] {
  return buffer.toString('latin1').match(/[^\0]*\0[^\0]*\0/g) ?? [];
}
