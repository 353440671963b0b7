import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import { releaseBytes } from '../bag/release-bytes.ts';

/*
 * The payload of an age file: a nonce, and after it the content in chunks of 64 KiB, each sealed by ChaCha20-Poly1305 under a key of this file,
 * with its number and whether it is the last as nonce (https://github.com/C2SP/C2SP/blob/main/age.md#payload, the STREAM construction). age's library
 * does keys and headers; this it does in JavaScript, at a tenth of the speed of OpenSSL, and only from the beginning.
 */

/** Bytes of the nonce before the first chunk. */
export const NONCE_BYTES = 16;
const CHUNK_BYTES = 64 * 1024;
const TAG_BYTES = 16;
const SEALED_BYTES = CHUNK_BYTES + TAG_BYTES;
const CIPHER = 'chacha20-poly1305';

/** The key of a payload's chunks. @param fileKey from the header @param nonce NONCE_BYTES from before the first chunk */
export function payloadKey(fileKey: Uint8Array, nonce: Uint8Array): Buffer {
  return Buffer.from(hkdfSync('sha256', fileKey, nonce, 'payload', 32));
}

/** Where to begin to read for a byte of the content: bytes of sealed chunks before it, and how many of what they hold to pass over. */
export function chunkOf(content: number): { number: number; sealed: number; skip: number } {
  const number = Math.floor(content / CHUNK_BYTES);
  return { number, sealed: number * SEALED_BYTES, skip: content % CHUNK_BYTES };
}

/**
 * Seals a stream. Each chunk is handed to `sink` as soon as it is known not to be the last; `sink` may push back by its promise, and does not keep
 * what it gets. Errors of `sink` come out of `write` and `end`.
 */
export class PayloadSealer {
  readonly #key: Buffer;
  readonly #sink: (bytes: Buffer) => Promise<void>;
  readonly #chunk = Buffer.alloc(CHUNK_BYTES);
  #filled = 0;
  #number = 0;

  constructor(key: Buffer, sink: (bytes: Buffer) => Promise<void>) {
    this.#key = key;
    this.#sink = sink;
  }

  /** Takes bytes of the content, which are not kept. */
  async write(bytes: Buffer): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      if (this.#filled === CHUNK_BYTES) await this.#seal(false);
      const copied = bytes.copy(this.#chunk, this.#filled, at);
      this.#filled += copied;
      at += copied;
    }
  }

  /** Writes the last chunk. */
  async end(): Promise<void> {
    await this.#seal(true);
  }

  async #seal(isLast: boolean): Promise<void> {
    const cipher = createCipheriv(CIPHER, this.#key, nonceOf(this.#number++, isLast), { authTagLength: TAG_BYTES });
    const sealed = cipher.update(this.#chunk.subarray(0, this.#filled));
    this.#filled = 0;
    cipher.final();
    await this.#sink(sealed);
    releaseBytes(sealed);
    await this.#sink(cipher.getAuthTag());
  }
}

/**
 * The content of sealed chunks, each authentic before it is given out; the chunks belong to whoever asks for them.
 * @param sealed from the beginning of chunk `number` to the end of the file
 * @throws Error when a chunk was changed, is missing or is one too many, or the last one is not there
 */
export async function* openPayload(sealed: AsyncIterable<Buffer>, key: Buffer, number = 0): AsyncGenerator<Buffer> {
  let next = number;
  const held = Buffer.alloc(SEALED_BYTES);
  let filled = 0;
  for await (const piece of sealed) {
    // What is followed by anything is not the last one.
    for (let at = 0; at < piece.length; ) {
      if (filled === SEALED_BYTES) {
        yield open(held, key, nonceOf(next++, false));
        filled = 0;
      }
      if (filled === 0 && piece.length - at > SEALED_BYTES) {
        yield open(piece.subarray(at, at + SEALED_BYTES), key, nonceOf(next++, false));
        at += SEALED_BYTES;
      } else {
        const copied = piece.copy(held, filled, at);
        filled += copied;
        at += copied;
      }
    }
  }
  const last = open(held.subarray(0, filled), key, nonceOf(next, true));
  if (last.length > 0) yield last;
  else if (next > 0) throw new Error('the last chunk is empty');
}

function open(sealed: Buffer, key: Buffer, nonce: Buffer): Buffer {
  if (sealed.length < TAG_BYTES) throw new Error('a chunk is shorter than its tag');
  const end = sealed.length - TAG_BYTES;
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAuthTag(sealed.subarray(end));
  const content = decipher.update(sealed.subarray(0, end));
  decipher.final();
  return content;
}

/** The chunk's number in eleven bytes, big endian, and one that tells the last. */
function nonceOf(number: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUIntBE(number, 5, 6);
  nonce[11] = isLast ? 1 : 0;
  return nonce;
}
