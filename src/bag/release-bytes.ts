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
