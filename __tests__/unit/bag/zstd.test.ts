import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
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
