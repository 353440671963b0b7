import { createReadStream } from 'node:fs';
import { crc32 } from 'node:zlib';
import type { BagProblem } from './fixity.ts';
import { FRAME_BYTES } from './zstd-frames.ts';
import { frameChecksums } from './zstd-reader.ts';

/**
 * Checksums of a content, block by block, each of as many bytes as a frame has (FrameWriter): taken of what was read before it was
 * compressed, they tell whether a file on the disk has just that. zlib's crc32; the frame itself has zstd's xxHash of what was compressed.
 */
export class ContentBlocks {
  readonly #blocks: number[] = [];
  #filled = 0;
  #current = 0;

  add(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; ) {
      const end = Math.min(chunk.length, at + FRAME_BYTES - this.#filled);
      this.#current = crc32(chunk.subarray(at, end), this.#current);
      this.#filled += end - at;
      at = end;
      if (this.#filled === FRAME_BYTES) this.#close();
    }
  }

  /** Of all blocks, the last of which may be shorter. Nothing is added afterwards. */
  end(): readonly number[] {
    if (this.#filled > 0 || this.#blocks.length === 0) this.#close();
    return this.#blocks;
  }

  #close(): void {
    this.#blocks.push(this.#current);
    this.#filled = 0;
    this.#current = 0;
  }
}

/**
 * Decompresses a file as FrameWriter wrote it, in threads, and holds each frame against the block that it was made of.
 * @param name of the file in its bag
 * @throws PerennialError `bag-truncated` and `bag-invalid` as decompressFrames
 */
export async function checkBlocks(file: string, name: string, blocks: readonly number[]): Promise<BagProblem[]> {
  let at = 0;
  for await (const checksum of frameChecksums(createReadStream(file, { highWaterMark: 1024 * 1024 }), name)) {
    if (checksum !== blocks[at])
      return [{ code: 'digest-mismatch', text: `${name}: block ${at} is not what was read` }];
    at++;
  }
  if (at === blocks.length) return [];
  return [{ code: 'bag-truncated', text: `${name} has ${at} blocks, not ${blocks.length}` }];
}
