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
  /**
   * Content is copied into a few buffers that are used again: what is allocated outside of JavaScript's heap for each frame would stay until
   * the collector comes, and it is in no hurry for memory that is none of its own.
   */
  #content = Buffer.allocUnsafeSlow(FRAME_BYTES);
  readonly #spare: Buffer<ArrayBuffer>[] = [];
  #filled = 0;
  #frames = 0;
  #inFlight: Promise<Buffer>[] = [];

  constructor(sink: (frame: Buffer) => Promise<void>) {
    this.#sink = sink;
  }

  async write(chunk: Buffer): Promise<void> {
    for (let at = 0; at < chunk.length; ) {
      const length = chunk.copy(this.#content, this.#filled, at);
      this.#filled += length;
      at += length;
      if (this.#filled === FRAME_BYTES) await this.#endFrame(LEVEL);
    }
  }

  /** Writes what is left. Empty content is one empty frame. */
  async end(): Promise<void> {
    const small = this.#frames === 0 && this.#filled <= SMALL_BYTES;
    if (this.#filled > 0 || this.#frames === 0) await this.#endFrame(small ? SMALL_LEVEL : LEVEL);
    while (this.#inFlight.length > 0) await this.#sink(await this.#inFlight.shift()!);
    for (const content of [this.#content, ...this.#spare]) release(content);
  }

  async #endFrame(level: number): Promise<void> {
    this.#inFlight.push(this.#compress(this.#content, this.#filled, level));
    this.#filled = 0;
    this.#frames++;
    if (this.#inFlight.length >= FRAMES_IN_FLIGHT) await this.#sink(await this.#inFlight.shift()!);
    this.#content = this.#spare.pop() ?? Buffer.allocUnsafeSlow(FRAME_BYTES);
  }

  async #compress(content: Buffer<ArrayBuffer>, length: number, level: number): Promise<Buffer> {
    const params = { [constants.ZSTD_c_compressionLevel]: level, [constants.ZSTD_c_checksumFlag]: 1 };
    const room = outputRoom(length);
    const frame = await compress(content.subarray(0, length), { params, chunkSize: room });
    this.#spare.push(content);
    return withoutRoom(frame, room);
  }
}

/** A frame that left most of its room empty, in a buffer of its own; the room is given back at once. */
function withoutRoom(frame: Buffer, room: number): Buffer {
  if (frame.length > room / 2 || frame.buffer.byteLength !== room) return frame;
  const own = Buffer.from(frame);
  release(frame as Buffer<ArrayBuffer>);
  return own;
}

/** Gives the memory of a buffer that nobody looks at any more back at once (ECMA-262, ArrayBuffer.prototype.transfer). */
function release(buffer: Buffer<ArrayBuffer>): void {
  buffer.buffer.transfer(0);
}

/** Room for an incompressible frame: with Node's default of 16 KiB every chunk goes round through the main thread. */
function outputRoom(length: number): number {
  return length + Math.ceil(length / 256) + 64;
}
