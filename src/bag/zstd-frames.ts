import { promisify } from 'node:util';
import { constants, zstdCompress } from 'node:zlib';

const compress = promisify(zstdCompress);

/** Content bytes of one frame. Frames are independent, so several are compressed at once by Node's threads. */
export const FRAME_BYTES = 4 * 1024 * 1024;
const FRAMES_IN_FLIGHT = 3;

const LEVEL = 3;

/** Content that is small as a whole costs no time at the best level. */
const SMALL_BYTES = 512 * 1024;
const SMALL_LEVEL = 19;

/**
 * Compresses what is written into independent zstd frames (RFC 8878), which any zstd program reads as one stream.
 * (Node's own `ZSTD_c_nbWorkers` breaks streams: nodejs/node#59899.) The same bytes give the same frames, however they
 * were cut into chunks. `sink` gets the frames in order and may push back by its promise.
 */
export class FrameWriter {
  readonly #sink: (frame: Buffer) => Promise<void>;
  #chunks: Buffer[] = [];
  #filled = 0;
  #frames = 0;
  #inFlight: Promise<Buffer>[] = [];

  constructor(sink: (frame: Buffer) => Promise<void>) {
    this.#sink = sink;
  }

  /** Takes a chunk over: it must not be changed afterwards. */
  async write(chunk: Buffer): Promise<void> {
    for (let at = 0; at < chunk.length; ) {
      const piece = chunk.subarray(at, at + FRAME_BYTES - this.#filled);
      this.#chunks.push(piece);
      this.#filled += piece.length;
      at += piece.length;
      if (this.#filled === FRAME_BYTES) await this.#endFrame(LEVEL);
    }
  }

  /** Writes what is left. Empty content is one empty frame. */
  async end(): Promise<void> {
    const small = this.#frames === 0 && this.#filled <= SMALL_BYTES;
    if (this.#filled > 0 || this.#frames === 0) await this.#endFrame(small ? SMALL_LEVEL : LEVEL);
    while (this.#inFlight.length > 0) await this.#sink(await this.#inFlight.shift()!);
  }

  async #endFrame(level: number): Promise<void> {
    const content = Buffer.concat(this.#chunks, this.#filled);
    const params = { [constants.ZSTD_c_compressionLevel]: level, [constants.ZSTD_c_checksumFlag]: 1 };
    this.#inFlight.push(compress(content, { params, chunkSize: outputRoom(content.length) }));
    this.#chunks = [];
    this.#filled = 0;
    this.#frames++;
    if (this.#inFlight.length >= FRAMES_IN_FLIGHT) await this.#sink(await this.#inFlight.shift()!);
  }
}

/** Room for an incompressible frame: with Node's default of 16 KiB every chunk goes round through the main thread. */
function outputRoom(length: number): number {
  return length + Math.ceil(length / 256) + 64;
}
