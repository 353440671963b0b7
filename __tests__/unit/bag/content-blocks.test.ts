import { randomBytes, randomInt } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ContentBlocks, checkBlocks } from '../../../src/bag/content-blocks.ts';
import { FRAME_BYTES, FrameWriter } from '../../../src/bag/zstd-frames.ts';
import { tempDir } from '../../support/temp-dir.ts';

/** Writes a content in pieces of any size, and takes its checksums on the way. */
async function written(content: Buffer, longest: number): Promise<{ file: string; blocks: readonly number[] }> {
  const frames: Buffer[] = [];
  const writer = new FrameWriter(async frame => void frames.push(Buffer.from(frame)));
  const blocks = new ContentBlocks();
  for (let at = 0; at < content.length; ) {
    const piece = content.subarray(at, at + randomInt(1, longest));
    blocks.add(piece);
    await writer.write(piece);
    at += piece.length;
  }
  await writer.end();
  const file = join(tempDir(), 'file.zst');
  writeFileSync(file, Buffer.concat(frames));
  return { file, blocks: blocks.end() };
}

const contents: [string, Buffer, number][] = [
  ['nothing', Buffer.alloc(0), 2],
  ['a little', randomBytes(700), 50],
  ['just one frame', Buffer.alloc(FRAME_BYTES, 'x'), 900_000],
  ['some frames, the last one short', randomBytes(2 * FRAME_BYTES + 1_300_000), 900_000],
  ['some frames, the last one tiny', Buffer.concat([randomBytes(FRAME_BYTES), Buffer.from('end')]), 5_000_000],
];

test.each(contents)('what was read is on the disk: %s', async (_, content, longest) => {
  const { file, blocks } = await written(content, longest);
  await expect(checkBlocks(file, 'payload', blocks)).resolves.toEqual([]);
});

test('another content, sound as it is, is not', async () => {
  const content = randomBytes(2 * FRAME_BYTES + 5000);
  const { blocks } = await written(content, 900_000);
  for (const at of [0, FRAME_BYTES, content.length - 1]) {
    const other = Buffer.from(content);
    other[at]! ^= 1;
    const { file } = await written(other, 900_000);
    const block = Math.floor(at / FRAME_BYTES);
    await expect(checkBlocks(file, 'payload', blocks)).resolves.toEqual([
      { code: 'digest-mismatch', text: `payload: block ${block} is not what was read` },
    ]);
  }
  const { file } = await written(content.subarray(0, FRAME_BYTES), 900_000);
  await expect(checkBlocks(file, 'payload', blocks)).resolves.toEqual([
    { code: 'bag-truncated', text: 'payload has 1 blocks, not 3' },
  ]);
});

test('a damaged frame is an error', async () => {
  const { file, blocks } = await written(randomBytes(FRAME_BYTES + 10), 900_000);
  const bytes = readFileSync(file);
  bytes[2_000_000]! ^= 1;
  writeFileSync(file, bytes);
  await expect(checkBlocks(file, 'payload', blocks)).rejects.toMatchObject({ code: 'bag-invalid' });
});
