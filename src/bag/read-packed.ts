import type { Fixity } from './bagit.ts';
import { ByteSource } from './byte-source.ts';
import { usedUp } from './release-bytes.ts';
import { decompressFrames } from './zstd-reader.ts';

/** A place in a zstd stream where reading can begin. */
interface FrameStart {
  /** Bytes before it in the file. */
  packed: number;
  /** Bytes before it in the content. */
  content: number;
}

/** Nearer frames are not remembered, however small a stranger made them. */
const STEP = 1024 * 1024;

/** Where the frames of a zstd stream begin: random access to what is packed in frames of a few megabytes each. */
export class FrameTable {
  readonly #starts: FrameStart[] = [{ packed: 0, content: 0 }];

  /** Takes the start of the next frame. */
  add(packed: number, content: number): void {
    if (content - this.#starts.at(-1)!.content >= STEP) this.#starts.push({ packed, content });
  }

  /** The last place at or before this byte of the content. */
  before(content: number): FrameStart {
    return this.#starts.findLast(start => start.content <= content)!;
  }
}

/** A file inside a packed bag: where its content is in the tar, and what it was when the bag was opened. */
export interface PackedFile extends Fixity {
  offset: number;
}

/** Where a packed bag lies: its bytes, decrypted where it is encrypted, from `start` on. The chunks belong to whoever asks for them. */
export type OpenPacked = (start: number) => AsyncIterable<Buffer>;

/**
 * Streams a file of a packed bag from where it lies: nothing is copied to the disk.
 * @param table frames of a compressed one; undefined for a plain tar
 * @param name is used in errors
 */
export async function* readPacked(
  open: OpenPacked,
  file: PackedFile,
  table: FrameTable | undefined,
  name: string,
): AsyncGenerator<Buffer> {
  const start = table?.before(file.offset) ?? { packed: file.offset, content: file.offset };
  const raw = open(start.packed);
  const source = new ByteSource(table ? decompressFrames(usedUp(raw), name) : raw, name);
  try {
    await source.skip(file.offset - start.content);
    for (let left = file.bytes; left > 0; ) {
      const piece = await source.some(left);
      left -= piece.length;
      yield piece;
    }
  } finally {
    await source.close();
  }
}
