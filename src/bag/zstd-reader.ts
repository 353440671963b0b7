import { pipeline, Readable } from 'node:stream';
import { createZstdDecompress } from 'node:zlib';
import { PerennialError } from '../errors.ts';
import { interruption } from '../interruption.ts';
import { ByteSource } from './byte-source.ts';
import { decompressInThread } from './frame-threads.ts';
import { FRAME_BYTES } from './zstd-frames.ts';

const MAGIC = 0xfd2fb528;
const SKIPPABLE_MAGIC = 0x184d2a50;
const OUTPUT_CHUNK = 256 * 1024;

/** Frames of this program's own size are decompressed by threads; smaller ones are not worth it, larger ones do not fit. */
const SMALLEST_AHEAD = 1024 * 1024;
/** Raw bytes of a frame that is collected for a thread: an incompressible one is a little longer than its content. */
const ROOM_BYTES = FRAME_BYTES + 64 * 1024;
/** Frames that are being decompressed, while one more is read by whoever wants the content. */
const FRAMES_AHEAD = 2;

/**
 * The content of a zstd stream of any number of frames, by whatever program it was written. Node's decompressor stops
 * silently after the first frame and ignores what follows it, so the frames are told apart here (RFC 8878, section 3.1). Frames of a few
 * megabytes are decompressed ahead by threads. The chunks belong to whoever asks for them: see `usedUp`.
 * `name` is used in error messages. `onFrame` is told where each frame begins, in the stream and in the content. Throws `bag-truncated` on an
 * early end, `bag-invalid` on damage.
 */
export async function* decompressFrames(
  source: AsyncIterable<Buffer>,
  name: string,
  onFrame: (packed: number, content: number) => void = () => {},
): AsyncGenerator<Buffer> {
  const frames = new FrameReader(source, name);
  let content = 0;
  try {
    for await (const { at, chunks } of frames.inOrder()) {
      onFrame(at, content);
      for await (const chunk of chunks) {
        interruption.check();
        content += chunk.length;
        yield chunk;
      }
    }
  } finally {
    await frames.close();
  }
}

/** A frame in its turn. */
interface Frame {
  /** Bytes of the stream before it. */
  at: number;
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>;
}

/** Reads frames, and has those that are small enough decompressed before it is their turn. */
class FrameReader {
  readonly #bytes: ByteSource;
  readonly #name: string;
  /** Raw bytes of frames that threads work at: of each its own, used in turns. */
  readonly #rooms: SharedArrayBuffer[] = [];
  #read = 0;

  constructor(source: AsyncIterable<Buffer>, name: string) {
    this.#bytes = new ByteSource(source, name);
    this.#name = name;
  }

  /** What is wrong with a frame is thrown in its turn, after the content before it. A frame is used before the next one is asked for. */
  async *inOrder(): AsyncGenerator<Frame> {
    const ahead: (() => Promise<Frame>)[] = [];
    for (let isOver = false; !isOver || ahead.length > 0; ) {
      if (isOver || ahead.length === FRAMES_AHEAD) {
        yield await ahead.shift()!();
        continue;
      }
      const next = await this.#next().catch((error: unknown) => ({ error }));
      if (next === undefined) isOver = true;
      else if ('error' in next) {
        isOver = true;
        ahead.push(() => Promise.reject(next.error));
      } else if ('content' in next) ahead.push(async () => ({ at: next.at, chunks: [await next.content] }));
      else {
        while (ahead.length > 0) yield await ahead.shift()!();
        yield next; // the stream goes on where it ends
      }
    }
  }

  async close(): Promise<void> {
    await this.#bytes.close();
  }

  /** The next frame: its content to come, or its chunks, which are read from the stream itself. */
  async #next(): Promise<{ at: number; content: Promise<Buffer> } | Frame | undefined> {
    const bytes = this.#bytes;
    // A stream without a single frame is one that was cut.
    for (
      let magic = bytes.position === 0 ? await bytes.take(4) : await bytes.find(4);
      magic;
      magic = await bytes.find(4)
    ) {
      const number = magic.readUInt32LE();
      if ((number & 0xfffffff0) >>> 0 === SKIPPABLE_MAGIC) await bytes.skip((await bytes.take(4)).readUInt32LE());
      else if (number === MAGIC) return this.#frame(magic);
      else throw damaged(this.#name);
    }
    return undefined;
  }

  async #frame(magic: Buffer): Promise<{ at: number; content: Promise<Buffer> } | Frame> {
    const name = this.#name;
    const at = this.#bytes.position - 4;
    const head = await readHead(this.#bytes, magic);
    const raw = readFrame(this.#bytes, head, name);
    if (head.content === undefined || head.content < SMALLEST_AHEAD || head.content > FRAME_BYTES)
      return { at, chunks: decompressFrame(raw, name) };
    const room = this.#room();
    const { length, rest } = await fill(room, raw);
    // More blocks than such a content needs.
    if (rest) return { at, chunks: decompressFrame(joined(Buffer.from(room, 0, length), rest, raw), name) };
    this.#read++;
    const content = decompressInThread({ packed: room, length, most: head.content }).catch(cause => {
      throw damaged(name, cause);
    });
    content.catch(() => {}); // whoever takes its turn sees it
    return { at, content };
  }

  /** No thread has it: a frame is read when fewer than all are ahead. */
  #room(): SharedArrayBuffer {
    const at = this.#read % FRAMES_AHEAD;
    this.#rooms[at] ??= new SharedArrayBuffer(ROOM_BYTES);
    return this.#rooms[at];
  }
}

/** Copies what a frame has into a room. `rest` is the first piece that did not fit. */
async function fill(
  room: SharedArrayBuffer,
  raw: AsyncGenerator<Buffer>,
): Promise<{ length: number; rest: Buffer | undefined }> {
  const into = Buffer.from(room);
  let length = 0;
  for (let next = await raw.next(); !next.done; next = await raw.next()) {
    if (length + next.value.length > into.length) return { length, rest: next.value };
    length += next.value.copy(into, length);
  }
  return { length, rest: undefined };
}

async function* joined(first: Buffer, second: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield second;
  yield* rest;
}

async function* decompressFrame(frame: AsyncIterable<Buffer>, name: string): AsyncGenerator<Buffer> {
  const decoder = createZstdDecompress({ chunkSize: OUTPUT_CHUNK });
  // Errors of either end reach the loop below through the decoder, which is still at work at a piece when the next one is read.
  pipeline(Readable.from(copies(frame)), decoder, () => {});
  try {
    for await (const chunk of decoder as AsyncIterable<Buffer>) {
      interruption.check();
      // What is not full is filled by the decoder later: its own still.
      yield chunk.length === chunk.buffer.byteLength ? chunk : Buffer.from(chunk);
    }
  } catch (cause) {
    throw cause instanceof PerennialError ? cause : damaged(name, cause);
  } finally {
    decoder.destroy();
  }
}

async function* copies(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const piece of pieces) yield Buffer.from(piece);
}

/** The header of a frame, and the bytes of the content where it says so. */
interface FrameHead {
  bytes: Buffer;
  hasChecksum: boolean;
  content: number | undefined;
}

async function readHead(bytes: ByteSource, magic: Buffer): Promise<FrameHead> {
  const descriptor = await bytes.take(1);
  const flags = descriptor[0]!;
  const sizeBytes = contentSizeBytes(flags);
  const rest = await bytes.take(windowAndDictionaryBytes(flags) + sizeBytes);
  return {
    bytes: Buffer.concat([magic, descriptor, rest]),
    hasChecksum: (flags & 0b100) !== 0,
    content: contentSize(rest.subarray(rest.length - sizeBytes)),
  };
}

/** The raw bytes of exactly one frame. */
async function* readFrame(bytes: ByteSource, head: FrameHead, name: string): AsyncGenerator<Buffer> {
  yield head.bytes;
  for (let last = false; !last; ) {
    const header = await bytes.take(3);
    const bits = header.readUIntLE(0, 3);
    last = (bits & 1) === 1;
    const type = (bits >> 1) & 3;
    if (type === 3) throw damaged(name);
    yield header;
    for (let left = type === 1 ? 1 : bits >> 3; left > 0; ) {
      const piece = await bytes.some(left);
      left -= piece.length;
      yield piece;
    }
  }
  if (head.hasChecksum) yield await bytes.take(4);
}

function windowAndDictionaryBytes(flags: number): number {
  const singleSegment = (flags >> 5) & 1;
  return (singleSegment ? 0 : 1) + [0, 1, 2, 4][flags & 3]!;
}

function contentSizeBytes(flags: number): number {
  const singleSegment = (flags >> 5) & 1;
  const sizeFlag = flags >> 6;
  return sizeFlag === 0 ? singleSegment : 1 << sizeFlag;
}

/** Two bytes count from 256 (RFC 8878, 3.1.1.1.4). */
function contentSize(field: Buffer): number | undefined {
  if (field.length === 0) return undefined;
  if (field.length === 8) return Number(field.readBigUInt64LE());
  return field.readUIntLE(0, field.length) + (field.length === 2 ? 256 : 0);
}

function damaged(name: string, cause?: unknown): PerennialError {
  return new PerennialError('bag-invalid', `${name} is damaged: it does not decompress`, {
    hint: 'Fetch the bag again from where it is kept; `perennial verify` names every damaged file.',
    cause,
  });
}
