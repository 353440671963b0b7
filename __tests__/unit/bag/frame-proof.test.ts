import { randomBytes } from 'node:crypto';
import { crc32, zstdCompressSync } from 'node:zlib';
import { expect, jest, test } from '@jest/globals';

/* What a thread gives back is not believed: here it makes mistakes. */
type Job = { content: SharedArrayBuffer; length: number; frame: SharedArrayBuffer };
let mistake: 'none' | 'content' | 'frame' = 'none';

jest.unstable_mockModule('../../../src/bag/frame-threads.ts', () => ({
  compressInThread: async ({ content, length, frame }: Job) => {
    const source = Buffer.from(new Uint8Array(content, 0, length));
    if (mistake === 'content') source[length >> 1]! ^= 1; // as if the room had been filled again too early
    const made = zstdCompressSync(source);
    Buffer.from(frame).set(made);
    const proved = { bytes: made.length, frame: crc32(made), content: crc32(source) };
    if (mistake === 'frame') Buffer.from(frame)[made.length >> 1]! ^= 1;
    return proved;
  },
}));
const { FRAME_BYTES, FrameWriter } = await import('../../../src/bag/zstd-frames.ts');

async function write(content: Buffer): Promise<number> {
  let bytes = 0;
  const writer = new FrameWriter(async frame => {
    bytes += frame.length;
  });
  for (let at = 0; at < content.length; at += 700_001) await writer.write(content.subarray(at, at + 700_001));
  await writer.end();
  return bytes;
}

const content = Buffer.concat([randomBytes(2 * FRAME_BYTES), Buffer.from('the end')]);

test('a frame that holds what was read, as it was made, goes out', async () => {
  mistake = 'none';
  expect(await write(content)).toBeGreaterThan(2 * FRAME_BYTES);
});

test.each(['content', 'frame'] as const)('a mistake in the %s is an error before anything is written', async where => {
  mistake = where;
  await expect(write(content)).rejects.toMatchObject({ code: 'bag-invalid' });
});
