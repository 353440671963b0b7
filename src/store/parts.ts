import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { orStoreFailed, writeDurably } from '../bag/durable-file.ts';
import { PerennialError } from '../errors.ts';
import { interruption } from '../interruption.ts';
import { isPassing, type Patience, type Request, send, wait } from './http.ts';

/** A piece of a packed bag, as stores with a limit on the size of a file keep it. `cat` puts the pieces together. */
export interface Part {
  name: string;
  bytes: number;
  /** Hex */
  sha256: string;
}

/** A part, and where it begins in the file. */
export interface CutPart extends Part {
  start: number;
}

/**
 * Where to cut a file: one part of its own name when it is small enough, else `NAME.000`, `NAME.001`, … of `partBytes` each. Reads the file once
 * to know each part's digest.
 */
export async function cutFile(
  bag: { file: string; name: string; bytes: number; sha256: string },
  partBytes: number,
): Promise<CutPart[]> {
  if (bag.bytes <= partBytes) return [{ name: bag.name, bytes: bag.bytes, sha256: bag.sha256, start: 0 }];
  const parts: CutPart[] = [];
  for (let start = 0; start < bag.bytes; start += partBytes) {
    const bytes = Math.min(partBytes, bag.bytes - start);
    const hash = createHash('sha256');
    for await (const chunk of readRange(bag.file, start, bytes)) hash.update(chunk);
    const name = `${bag.name}.${String(parts.length).padStart(3, '0')}`;
    parts.push({ name, bytes, sha256: hash.digest('hex'), start });
  }
  return parts;
}

/** The bytes of a file from `start` on. */
export function readRange(file: string, start: number, bytes: number): AsyncIterable<Buffer> {
  if (bytes === 0) return (async function* () {})();
  return createReadStream(file, { start, end: start + bytes - 1, highWaterMark: 1024 * 1024 });
}

/** A part, and how it is asked for. */
export interface FetchedPart extends Part {
  url: string;
  request: Pick<Request, 'headers'>;
}

/**
 * Fetches parts, one after the other, into one file: beside its place, each digest checked, flushed, renamed. A transfer that is cut goes on where
 * it was (`Range`, RFC 9110). @throws PerennialError `digest-mismatch` naming the part
 */
export async function fetchParts(
  parts: readonly FetchedPart[],
  whole: { sha256: string },
  file: string,
  patient: Patience,
): Promise<void> {
  const partial = `${file}.partial-${process.pid}`;
  await orStoreFailed(file, () => mkdir(dirname(file), { recursive: true, mode: 0o700 }));
  try {
    const { sha256 } = await writeDurably(partial, 0o600, async sink => {
      for (const part of parts) await fetchPart(part, sink, patient);
    });
    if (whole.sha256 !== '' && sha256 !== whole.sha256) throw damaged(file);
    await orStoreFailed(file, () => rename(partial, file));
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

async function fetchPart(part: FetchedPart, sink: (bytes: Buffer) => Promise<void>, patient: Patience): Promise<void> {
  const hash = createHash('sha256');
  let got = 0;
  for (let attempt = 0; got < part.bytes; attempt++) {
    try {
      const range = got > 0 ? { range: `bytes=${got}-` } : {};
      const answer = await send(part.url, { headers: { ...part.request.headers, ...range } }, patient);
      let skip = answer.status === 206 ? 0 : got; // a server may not know ranges
      for await (const chunk of answer.chunks()) {
        interruption.check();
        const fresh = chunk.subarray(Math.min(skip, chunk.length));
        skip -= chunk.length - fresh.length;
        if (fresh.length === 0) continue;
        got += fresh.length;
        if (got > part.bytes) throw damaged(part.name);
        hash.update(fresh);
        await sink(fresh);
      }
      if (got < part.bytes) throw new Error(`${part.name} ends early`);
    } catch (error) {
      const delay = patient.delays[attempt];
      if (delay === undefined || !isPassing(error)) throw error;
      await wait(delay);
    }
  }
  if (part.sha256 !== '' && hash.digest('hex') !== part.sha256) throw damaged(part.name);
}

function damaged(name: string): PerennialError {
  return new PerennialError('digest-mismatch', `${name} is not what was kept: its sha256 or size differs`, {
    hint: 'Try again: it was damaged on its way, or in the store. Nothing of it was used.',
  });
}
