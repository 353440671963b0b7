import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { CommandStream } from '../engine/engine.ts';

/** What came out of a stream. More than CONTENT_LIMIT is known by its digest only. */
export interface Content {
  /** Bytes */
  size: number;
  /** Hex */
  sha256: string;
  bytes: Buffer | undefined;
}

/** Bytes that are kept of one answer. */
export const CONTENT_LIMIT = 16 * 1024 * 1024;

/** Content of bytes that are there already. */
export function contentOf(bytes: Buffer): Content {
  return { size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex'), bytes };
}

/**
 * Reads a stream to its end in bounded memory.
 * @throws whatever the stream is destroyed with
 */
export async function readContent(stream: Readable): Promise<Content> {
  const hash = createHash('sha256');
  let kept: Buffer[] | undefined = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    hash.update(chunk);
    size += chunk.length;
    if (size > CONTENT_LIMIT) kept = undefined;
    kept?.push(chunk);
  }
  return { size, sha256: hash.digest('hex'), bytes: kept && Buffer.concat(kept) };
}

/**
 * Runs a command that has been started to its end.
 * @param input what it reads
 * @param signal kills it and rejects; inside a container only the engine's own client can be killed
 * @returns stdout as content; stderr as the stream keeps it
 */
export async function finish(
  stream: CommandStream,
  signal: AbortSignal,
  input = '',
): Promise<{ code: number; stdout: Content; stderr: string }> {
  const kill = () => {
    stream.kill();
    stream.stdout.destroy(signal.reason as Error);
  };
  stream.done.catch(() => {}); // awaited below, unless reading fails first
  signal.addEventListener('abort', kill);
  try {
    signal.throwIfAborted();
    stream.stdin.end(input);
    const stdout = await readContent(stream.stdout);
    const { code, stderr } = await stream.done;
    signal.throwIfAborted();
    return { code, stdout, stderr };
  } finally {
    signal.removeEventListener('abort', kill);
  }
}
