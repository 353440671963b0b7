import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { usedUp } from '../../../src/bag/release-bytes.ts';
import { FRAME_BYTES, FrameWriter } from '../../../src/bag/zstd-frames.ts';
import { decompressFrames } from '../../../src/bag/zstd-reader.ts';

const text = Buffer.from('The quick brown fox. '.repeat(500_000)); // 10.5 MB: three frames
const zstd = (args: string[], input: Buffer) => execFileSync('zstd', args, { input, maxBuffer: 1e9 });

async function compress(content: Buffer, chunk: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  const frames = new FrameWriter(async bytes => void parts.push(Buffer.from(bytes)));
  for (let at = 0; at < content.length; at += chunk) await frames.write(content.subarray(at, at + chunk));
  await frames.end();
  return Buffer.concat(parts);
}

async function decompress(bytes: Buffer, chunk = 65_536): Promise<Buffer> {
  const source = async function* () {
    for (let at = 0; at < bytes.length; at += chunk) yield bytes.subarray(at, at + chunk);
  };
  return Buffer.concat(await Array.fromAsync(decompressFrames(source(), 'x')));
}

test.each([0, 1, FRAME_BYTES - 1, FRAME_BYTES, FRAME_BYTES + 1])('%d incompressible bytes come back', async size => {
  const content = randomBytes(size);
  const bytes = await compress(content, 1024 * 1024);
  expect(zstd(['-dc'], bytes).equals(content)).toBe(true);
  expect((await decompress(bytes)).equals(content)).toBe(true);
});

test('the chunks that are written do not show in the frames', async () => {
  const bytes = await compress(text, 3_333_333);
  expect(bytes.equals(await compress(text, 65_536))).toBe(true);
  expect((await decompress(bytes, 7)).equals(text)).toBe(true);
});

test.each([[['-3']], [['-19', '--long=27']], [['-1', '-T2', '--no-check']], [['-3', '--no-content-size']]])(
  'reads what zstd %j writes, concatenated and with a skippable frame',
  async args => {
    const skippable = Buffer.from([0x53, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
    const one = zstd([...args, '-c'], text);
    expect((await decompress(Buffer.concat([one, skippable, one]))).equals(Buffer.concat([text, text]))).toBe(true);
  },
);

test('every cut is found', async () => {
  const bytes = Buffer.concat([await compress(text.subarray(0, 5000), 5000), await compress(Buffer.from('x'), 1)]);
  const second = (await compress(text.subarray(0, 5000), 5000)).length;
  for (let cut = 0; cut < bytes.length; cut++) {
    if (cut === second) continue; // a whole stream of one frame
    expect([cut, await decompress(bytes.subarray(0, cut)).catch(error => error.code)]).toEqual([cut, 'bag-truncated']);
  }
});

test('a flipped byte is found, or changes nothing that was compressed', async () => {
  const content = randomBytes(300);
  const bytes = await compress(content, 300);
  for (let at = 0; at < bytes.length; at++) {
    const damaged = Buffer.from(bytes);
    damaged[at]! ^= 0x55;
    const outcome = await decompress(damaged).then(
      read => (read.equals(content) ? 'same' : 'other content'),
      error => error.code,
    );
    expect([at, outcome]).toEqual([at, expect.stringMatching(/^(same|bag-invalid|bag-truncated)$/)]);
  }
});

/** A frame that says how much it has, and has other blocks: runs of a byte. */
function runs(stated: number, blocks: number): Buffer {
  const head = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0b1010_0000, 0, 0, 0, 0]); // single segment, size in four bytes, no checksum
  head.writeUInt32LE(stated, 5);
  const bits = (131_072 << 3) | (1 << 1);
  const all = Buffer.alloc(4 * blocks, Buffer.from([bits & 255, (bits >> 8) & 255, bits >> 16, 65]));
  all[all.length - 4]! |= 1; // the last one
  return Buffer.concat([head, all]);
}

test('a frame of more than it says is refused before it fills the memory', async () => {
  expect((await decompress(runs(2 ** 21, 16))).equals(Buffer.alloc(2 ** 21, 65))).toBe(true);
  const bomb = runs(2 ** 21, 800_000);
  const before = process.memoryUsage().rss;
  await expect(decompress(bomb)).rejects.toThrow(expect.objectContaining({ code: 'bag-invalid' })); // 100 GB
  expect(process.memoryUsage().rss - before).toBeLessThan(100e6);
});

test('what comes before a damaged frame is given out first', async () => {
  const bytes = await compress(text, 65_536);
  bytes[bytes.length - 1]! ^= 1; // the checksum of the last of three
  let read = 0;
  const all = async () => {
    for await (const chunk of decompressFrames(oneByOne(bytes), 'x')) read += chunk.length;
  };
  await expect(all()).rejects.toThrow(expect.objectContaining({ code: 'bag-invalid' }));
  expect(read).toBeGreaterThanOrEqual(2 * FRAME_BYTES);
});

async function* oneByOne(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

test('chunks are their receiver’s, who may keep them or give their memory back', async () => {
  const frames = text.subarray(0, 2 * FRAME_BYTES);
  const bytes = await compress(frames, 65_536);
  const kept = await Array.fromAsync(decompressFrames(oneByOne(bytes), 'x'));
  expect(Buffer.concat(kept).equals(frames)).toBe(true);
  const released = await Array.fromAsync(usedUp(decompressFrames(oneByOne(bytes), 'x')));
  expect(released.every(chunk => chunk.length === 0)).toBe(true);
});
