import { promisify } from 'node:util';
import { constants, crc32, zstdCompress, zstdDecompress } from 'node:zlib';
import { PerennialError } from '../errors.ts';
import { compressInThread, type ProvedFrame } from './frame-threads.ts';

const [compress, decompress] = [promisify(zstdCompress), promisify(zstdDecompress)];

/** Content bytes of one frame. Frames are independent, so several are compressed at once by threads. */
export const FRAME_BYTES = 4 * 1024 * 1024;
const FRAMES_IN_FLIGHT = 3;

const LEVEL = 3;

/** Content that is small as a whole costs no time at the best level. */
const SMALL_BYTES = 512 * 1024;
const SMALL_LEVEL = 19;

/** A frame in its turn, and the checksum of what it should hold. */
interface Frame {
  bytes: Buffer;
  proved: ProvedFrame;
  checksum: number;
}

/** Memory of one frame that is compressed by another thread, used again for later ones. */
interface Room {
  content: SharedArrayBuffer;
  frame: SharedArrayBuffer;
}

/**
 * Compresses what is written into independent zstd frames (RFC 8878), which any zstd program reads as one stream.
 * (Node's own `ZSTD_c_nbWorkers` breaks streams: nodejs/node#59899.) The same bytes give the same frames, however they
 * were cut into chunks. Each frame is decompressed again where it was made, and is an error unless that gives what was written: checksums are taken
 * of the chunks as they came, and of the frame before it goes to `sink`. `sink` gets the frames in order and may push back by its promise; it must not use a frame afterwards, whose memory is used
 * again.
 */
export class FrameWriter {
  readonly #sink: (frame: Buffer) => Promise<void>;
  /** As many as are in flight, and the one that is being filled. */
  readonly #rooms: Room[] = [];
  #filling: Buffer | undefined;
  #filled = 0;
  /** Of what is being filled, as it came. */
  #checksum = 0;
  #frames = 0;
  #inFlight: Promise<Frame>[] = [];

  constructor(sink: (frame: Buffer) => Promise<void>) {
    this.#sink = sink;
  }

  /** Copies a chunk: it may be used again afterwards. */
  async write(chunk: Buffer): Promise<void> {
    for (let at = 0; at < chunk.length; ) {
      this.#filling ??= Buffer.from(this.#room().content);
      const copied = chunk.copy(this.#filling, this.#filled, at);
      this.#checksum = crc32(chunk.subarray(at, at + copied), this.#checksum);
      this.#filled += copied;
      at += copied;
      if (this.#filled === FRAME_BYTES) await this.#endFrame(LEVEL);
    }
  }

  /** Writes what is left. Empty content is one empty frame. */
  async end(): Promise<void> {
    const small = this.#frames === 0 && this.#filled <= SMALL_BYTES;
    if (this.#filled > 0 || this.#frames === 0) await this.#endFrame(small ? SMALL_LEVEL : LEVEL);
    while (this.#inFlight.length > 0) await this.#pass();
  }

  /** The next frame in turn goes out. @throws PerennialError `bag-invalid` when it is not what was written */
  async #pass(): Promise<void> {
    const { bytes, proved, checksum } = await this.#inFlight.shift()!;
    if (proved.content !== checksum || proved.frame !== crc32(bytes)) throw notWhatWasRead();
    await this.#sink(bytes);
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
    const made =
      length < FRAME_BYTES
        ? compressSmall(Buffer.from(this.#filling?.subarray(0, length) ?? []), options)
        : compressRoom(this.#room(), length, options);
    const checksum = this.#checksum;
    const frame = made.then(each => ({ ...each, checksum }));
    frame.catch(() => {}); // whoever takes its turn sees it
    this.#inFlight.push(frame);
    this.#filling = undefined;
    this.#filled = 0;
    this.#checksum = 0;
    this.#frames++;
    if (this.#inFlight.length >= FRAMES_IN_FLIGHT) await this.#pass();
  }
}

async function compressRoom(
  room: Room,
  length: number,
  options: { params: Record<number, number>; chunkSize: number },
): Promise<Omit<Frame, 'checksum'>> {
  const proved = await compressInThread({ ...room, length, options });
  return { bytes: Buffer.from(room.frame, 0, proved.bytes), proved };
}

async function compressSmall(
  content: Buffer,
  options: { params: Record<number, number>; chunkSize: number },
): Promise<Omit<Frame, 'checksum'>> {
  // Level 19 takes 80 MB where it is not told how little there is.
  const bytes = await compress(content, { ...options, pledgedSrcSize: content.length });
  const back = await decompress(bytes, { chunkSize: Math.max(64, content.length + 64) });
  return { bytes, proved: { bytes: bytes.length, frame: crc32(bytes), content: crc32(back) } };
}

function notWhatWasRead(): PerennialError {
  return new PerennialError('bag-invalid', 'What was compressed is not what was read', {
    hint: 'The memory of this machine may be faulty. Nothing half written is left; try again, on another machine if it comes again.',
  });
}

/** Room for an incompressible frame: with Node's default of 16 KiB every chunk goes round through the main thread. */
function outputRoom(length: number): number {
  return length + Math.ceil(length / 256) + 64;
}
