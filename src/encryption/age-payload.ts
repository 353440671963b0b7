import { createDecipheriv, hkdfSync } from 'node:crypto';
import type { ByteSource } from '../bag/byte-source.ts';

const CHUNK = 64 * 1024;
const TAG = 16;
const NONCE = 16;
const KEY = 32;

/**
 * The plain bytes behind the header of an age file (https://github.com/C2SP/C2SP/blob/main/age.md, "Payload"): chunks of 64 KiB, each
 * authentic before it is given out. By the ChaCha20-Poly1305 of Node: that of the library is JavaScript, and a multiple of the time.
 * @param fileKey as the header has it, unwrapped
 * @throws Error when a byte was changed, or the end is missing
 */
export async function* decryptPayload(source: ByteSource, fileKey: Uint8Array): AsyncGenerator<Buffer> {
  const key = Buffer.from(hkdfSync('sha256', fileKey, await source.take(NONCE), 'payload', KEY));
  const sealed = Buffer.allocUnsafeSlow(CHUNK + TAG);
  let used = 0;
  let count = 0;
  for (let piece = await source.next(sealed.length); piece; piece = await source.next(sealed.length - used)) {
    used += piece.copy(sealed, used);
    if (used < sealed.length || (await source.isAtEnd())) continue;
    yield open(key, count++, false, sealed);
    used = 0;
  }
  const last = open(key, count, true, sealed.subarray(0, used));
  if (count > 0 && last.length === 0) throw new Error('the last chunk is empty');
  yield last;
}

/** One chunk. Its nonce is its number, and whether it is the last: chunks can be neither exchanged nor left out. */
function open(key: Buffer, number: number, isLast: boolean, sealed: Buffer): Buffer {
  if (sealed.length < TAG) throw new Error('the last chunk is cut');
  const nonce = Buffer.alloc(12);
  nonce.writeUIntBE(number, 5, 6);
  nonce[11] = isLast ? 1 : 0;
  const decipher = createDecipheriv('chacha20-poly1305', key, nonce, { authTagLength: TAG });
  decipher.setAuthTag(sealed.subarray(-TAG));
  const plain = decipher.update(sealed.subarray(0, -TAG));
  decipher.final();
  return plain;
}
