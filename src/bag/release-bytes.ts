/**
 * Gives the memory of a buffer back at once, whose content nobody reads any more: it is empty afterwards. The garbage collector looks for
 * such memory only now and then, over all that the program holds: in a stream of gigabytes that took as long as compressing them.
 * @param bytes as it came from a stream or from zlib, the only user of its memory
 */
export function releaseBytes(bytes: Buffer): void {
  const { buffer, byteOffset, byteLength } = bytes;
  if (byteOffset !== 0 || !(buffer instanceof ArrayBuffer)) return;
  // Buffers below half of the pool's size may be cut from the pool, which others use.
  if (byteLength >= Buffer.poolSize >>> 1 || buffer.byteLength > Buffer.poolSize) buffer.transfer(0);
}

/** The chunks of a stream whose reader is done with each one when it asks for the next: their memory is given back then. */
export async function* usedUp(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    yield chunk;
    releaseBytes(chunk);
  }
}
