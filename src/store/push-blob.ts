import { HttpError, isPassing, type Patience, wait } from './http.ts';
import type { Part } from './parts.ts';
import type { Registry } from './registry.ts';

/** Bytes of a part, from `start` of the part on. */
export type PartBytes = (start: number, bytes: number) => AsyncIterable<Buffer>;

/** Parts larger than this go in pieces of this size, so that a cut costs one piece. */
export const CHUNK_BYTES = 64 * 1024 * 1024;

/**
 * Puts a part into a registry as a blob, unless it is there already (distribution-spec, "Pushing blobs"). The registry compares the digest.
 * @throws HttpError
 */
export async function pushBlob(
  registry: Registry,
  source: PartBytes,
  part: Part,
  patient: Patience,
  chunkBytes = CHUNK_BYTES,
): Promise<void> {
  const digest = `sha256:${part.sha256}`;
  const there = await registry.call(registry.url(`blobs/${digest}`), { method: 'HEAD', accept: [404], push: true });
  await there.drain();
  if (there.status === 200) return;
  try {
    if (part.bytes > chunkBytes) await pushInChunks(registry, source, part, digest, patient, chunkBytes);
    else await pushWhole(registry, source, part, digest, patient);
  } catch (error) {
    if (!(error instanceof ChunksRefused)) throw error;
    await pushWhole(registry, source, part, digest, patient);
  }
}

/** An upload's address serves once, so each attempt begins a new upload. */
async function pushWhole(
  registry: Registry,
  source: PartBytes,
  part: Part,
  digest: string,
  patient: Patience,
): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      const body = () => source(0, part.bytes);
      await finishUpload(registry, await beginUpload(registry), digest, { body, bytes: part.bytes });
      return;
    } catch (error) {
      const delay = patient.delays[attempt];
      if (delay === undefined || !isPassing(error)) throw error;
      await wait(delay);
    }
  }
}

async function pushInChunks(
  registry: Registry,
  source: PartBytes,
  part: Part,
  digest: string,
  patient: Patience,
  chunkBytes: number,
): Promise<void> {
  let location = await beginUpload(registry);
  let sent = 0;
  for (let attempt = 0; sent < part.bytes; ) {
    const bytes = Math.min(chunkBytes, part.bytes - sent);
    try {
      const answer = await registry.call(location, {
        method: 'PATCH',
        bytes,
        body: () => source(sent, bytes),
        headers: { 'content-type': 'application/octet-stream', 'content-range': `${sent}-${sent + bytes - 1}` },
        again: false,
      });
      await answer.drain();
      location = locationOf(registry, answer.headers, location);
      sent += bytes;
      attempt = 0;
    } catch (error) {
      const delay = patient.delays[attempt++];
      if (sent === 0 && error instanceof HttpError && [400, 404, 405, 415, 416, 501].includes(error.status)) {
        throw new ChunksRefused();
      }
      if (delay === undefined || !(isPassing(error) || (error instanceof HttpError && error.status === 416)))
        throw error;
      await wait(delay);
      ({ location, sent } = await whereItIs(registry, location));
    }
  }
  await finishUpload(registry, location, digest, { bytes: 0 });
}

/** After a cut the registry says how much it has (`Range: 0-N`). */
async function whereItIs(registry: Registry, location: URL): Promise<{ location: URL; sent: number }> {
  const answer = await registry.call(location, { method: 'GET' });
  await answer.drain();
  const last = /^(?:bytes=)?0-(\d+)$/.exec(answer.headers.get('range') ?? '')?.[1];
  const sent = last === undefined || last === '0' ? 0 : Number(last) + 1;
  return { location: locationOf(registry, answer.headers, location), sent };
}

async function beginUpload(registry: Registry): Promise<URL> {
  const url = registry.url('blobs/uploads/');
  const answer = await registry.call(url, { method: 'POST', bytes: 0, push: true });
  await answer.drain();
  return locationOf(registry, answer.headers, url);
}

async function finishUpload(
  registry: Registry,
  location: URL,
  digest: string,
  content: { body?: () => AsyncIterable<Buffer>; bytes: number },
): Promise<void> {
  const url = new URL(location);
  url.searchParams.set('digest', digest);
  const headers = { 'content-type': 'application/octet-stream' };
  const answer = await registry.call(url, { method: 'PUT', headers, again: false, ...content });
  await answer.drain();
}

function locationOf(registry: Registry, headers: Headers, before: URL): URL {
  const location = headers.get('location');
  return location ? new URL(location, before) : registry.url(before.href);
}

/** Some registries take a blob in one piece only. */
class ChunksRefused extends Error {}
