import { promisify } from 'node:util';
import { constants, zstdCompress } from 'node:zlib';
import { compressInThread } from './frame-threads.ts';

const compress = promisify(zstdCompress);

/** Content bytes of one frame. Frames are independent, so several are compressed at once by threads. */
export const FRAME_BYTES = 4 * 1024 * 1024;
const FRAMES_IN_FLIGHT = 3;

const LEVEL = 3;

/** Content that is small as a whole costs no time at the best level. */
const SMALL_BYTES = 512 * 1024;
const SMALL_LEVEL = 19;

/** Memory of one frame that is compressed by another thread, used again for later ones. */
interface Room {
  content: SharedArrayBuffer;
  frame: SharedArrayBuffer;
}

/**
 * Compresses what is written into independent zstd frames (RFC 8878), which any zstd program reads as one stream.
 * (Node's own `ZSTD_c_nbWorkers` breaks streams: nodejs/node#59899.) The same bytes give the same frames, however they
 * were cut into chunks. `sink` gets the frames in order and may push back by its promise; it must not use a frame afterwards, whose memory is used
 * again.
 */
export class FrameWriter {
  readonly #sink: (frame: Buffer) => Promise<void>;
  /** As many as are in flight, and the one that is being filled. */
  readonly #rooms: Room[] = [];
  #filling: Buffer | undefined;
  #filled = 0;
  #frames = 0;
  #inFlight: Promise<Buffer>[] = [];

  constructor(sink: (frame: Buffer) => Promise<void>) {
    this.#sink = sink;
  }

  /** Copies a chunk: it may be used again afterwards. */
  async write(chunk: Buffer): Promise<void> {
    for (let at = 0; at < chunk.length; ) {
      this.#filling ??= Buffer.from(this.#room().content);
      const copied = chunk.copy(this.#filling, this.#filled, at);
      this.#filled += copied;
      at += copied;
      if (this.#filled === FRAME_BYTES) await this.#endFrame(LEVEL);
    }
  }

  /** Writes what is left. Empty content is one empty frame. */
  async end(): Promise<void> {
    const small = this.#frames === 0 && this.#filled <= SMALL_BYTES;
    if (this.#filled > 0 || this.#frames === 0) await this.#endFrame(small ? SMALL_LEVEL : LEVEL);
    while (this.#inFlight.length > 0) await this.#sink(await this.#inFlight.shift()!);
  }

  /** The one that is being filled: no frame in flight has it. */
  #room(): Room {
    const at = this.#frames % FRAMES_IN_FLIGHT;
    this.#rooms[at] ??= {
      content: new SharedArrayBuffer(FRAME_BYTES),
      frame: new SharedArrayBuffer(outputRoom(FRAME_BYTES)),
    };
    return this.#rooms[at];
  }

  async #endFrame(level: number): Promise<void> {
    const length = this.#filled;
    const params = { [constants.ZSTD_c_compressionLevel]: level, [constants.ZSTD_c_checksumFlag]: 1 };
    const options = { params, chunkSize: outputRoom(length) };
    const frame =
      length < FRAME_BYTES
        ? compress(Buffer.from(this.#filling?.subarray(0, length) ?? []), options)
        : compressRoom(this.#room(), length, options);
    frame.catch(() => {}); // whoever takes its turn sees it
    this.#inFlight.push(frame);
    this.#filling = undefined;
    this.#filled = 0;
    this.#frames++;
    if (this.#inFlight.length >= FRAMES_IN_FLIGHT) await this.#sink(await this.#inFlight.shift()!);
  }
}

async function compressRoom(
  room: Room,
  length: number,
  options: { params: Record<number, number>; chunkSize: number },
): Promise<Buffer> {
  return Buffer.from(room.frame, 0, await compressInThread({ ...room, length, options }));
}

/** Room for an incompressible frame: with Node's default of 16 KiB every chunk goes round through the main thread. */
function outputRoom(length: number): number {
  return length + Math.ceil(length / 256) + 64;
}
