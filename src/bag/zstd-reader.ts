import { pipeline, Readable } from 'node:stream';
import { createZstdDecompress } from 'node:zlib';
import { PerennialError } from '../errors.ts';
import { interruption } from '../interruption.ts';
import { ByteSource } from './byte-source.ts';

const MAGIC = 0xfd2fb528;
const SKIPPABLE_MAGIC = 0x184d2a50;
const OUTPUT_CHUNK = 256 * 1024;

/**
 * The content of a zstd stream of any number of frames, by whatever program it was written. Node's decompressor stops
 * silently after the first frame and ignores what follows it, so the frames are told apart here (RFC 8878, section 3.1).
 * `name` is used in error messages. `onFrame` is told where each frame begins, in the stream and in the content. Throws `bag-truncated` on an
 * early end, `bag-invalid` on damage.
 */
export async function* decompressFrames(
  source: AsyncIterable<Buffer>,
  name: string,
  onFrame: (packed: number, content: number) => void = () => {},
): AsyncGenerator<Buffer> {
  const bytes = new ByteSource(source, name);
  let content = 0;
  try {
    for (let magic: Buffer | undefined = await bytes.take(4); magic; magic = await bytes.find(4)) {
      const number = magic.readUInt32LE();
      if ((number & 0xfffffff0) >>> 0 === SKIPPABLE_MAGIC) await bytes.skip((await bytes.take(4)).readUInt32LE());
      else if (number === MAGIC) {
        onFrame(bytes.position - 4, content);
        for await (const chunk of decompressFrame(readFrame(bytes, magic, name), name)) {
          content += chunk.length;
          yield chunk;
        }
      } else throw damaged(name);
    }
  } finally {
    await bytes.close();
  }
}

async function* decompressFrame(frame: AsyncIterable<Buffer>, name: string): AsyncGenerator<Buffer> {
  const decoder = createZstdDecompress({ chunkSize: OUTPUT_CHUNK });
  // Errors of either end reach the loop below through the decoder.
  pipeline(Readable.from(frame), decoder, () => {});
  try {
    for await (const chunk of decoder) {
      interruption.check();
      yield chunk;
    }
  } catch (cause) {
    throw cause instanceof PerennialError ? cause : damaged(name, cause);
  } finally {
    decoder.destroy();
  }
}

/** The raw bytes of exactly one frame. */
async function* readFrame(bytes: ByteSource, magic: Buffer, name: string): AsyncGenerator<Buffer> {
  const descriptor = await bytes.take(1);
  const flags = descriptor[0]!;
  yield Buffer.concat([magic, descriptor, await bytes.take(frameHeaderRest(flags))]);
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
  if (flags & 0b100) yield await bytes.take(4); // content checksum
}

/** Bytes of a frame header after its descriptor: window, dictionary id, content size. */
function frameHeaderRest(flags: number): number {
  const singleSegment = (flags >> 5) & 1;
  const sizeFlag = flags >> 6;
  const size = sizeFlag === 0 ? singleSegment : 1 << sizeFlag;
  return (singleSegment ? 0 : 1) + [0, 1, 2, 4][flags & 3]! + size;
}

function damaged(name: string, cause?: unknown): PerennialError {
  return new PerennialError('bag-invalid', `${name} is damaged: it does not decompress`, {
    hint: 'Fetch the bag again from where it is kept; `perennial verify` names every damaged file.',
    cause,
  });
}
