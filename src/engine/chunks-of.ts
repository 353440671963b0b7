import type { Readable } from 'node:stream';

/** Chunks that wait before the stream is asked to pause: of a pipe some 2 MB. */
const MOST_WAITING = 32;

/**
 * The chunks of a stream as the system gave them. The iterator that streams have joins what waits into new buffers, which for gigabytes
 * is much copying and garbage. Ending early destroys the stream; throws what it fails with.
 */
export async function* chunksOf(stream: Readable): AsyncGenerator<Buffer> {
  const waiting: Buffer[] = [];
  let ended = false;
  let failed: Error | undefined;
  let wake = () => {};
  const onData = (chunk: Buffer) => {
    waiting.push(chunk);
    if (waiting.length >= MOST_WAITING) stream.pause();
    wake();
  };
  const onEnd = () => {
    ended = true;
    wake();
  };
  const onClose = () => {
    if (!ended) failed ??= new Error('The stream was closed before its end');
    wake();
  };
  const onError = (error: Error) => {
    failed = error;
    wake();
  };
  stream.on('data', onData).on('end', onEnd).on('close', onClose).on('error', onError);
  try {
    for (;;) {
      const chunk = waiting.shift();
      if (chunk) yield chunk;
      else if (failed) throw failed;
      else if (ended) return;
      else {
        const woken = new Promise<void>(resolve => {
          wake = resolve;
        });
        stream.resume();
        await woken;
      }
    }
  } finally {
    stream.off('data', onData).off('end', onEnd).off('close', onClose);
    if (!ended) stream.destroy();
  }
}
