import { execFileSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import type { IndexEntry } from '../../../src/bag/index-entry.ts';
import { comparePaths, readIndex, sortEntries, writeIndex } from '../../../src/bag/index-file.ts';
import { FrameWriter } from '../../../src/bag/zstd-frames.ts';
import { decodeBytes, encodeBytes } from '../../../src/system/byte-text.ts';
import { tinyIndex } from '../../support/tiny-bag.ts';

const base = tinyIndex()[1]!;
const odd = decodeBytes(Buffer.from([0x2f, 0x61, 0xe9]));

async function written(entries: Iterable<IndexEntry>): Promise<Buffer> {
  const parts: Buffer[] = [];
  await writeIndex(entries, async bytes => void parts.push(Buffer.from(bytes)));
  return Buffer.concat(parts);
}

async function compressed(text: string): Promise<Buffer> {
  const parts: Buffer[] = [];
  const frames = new FrameWriter(async bytes => void parts.push(Buffer.from(bytes)));
  await frames.write(Buffer.from(text));
  await frames.end();
  return Buffer.concat(parts);
}

async function read(bytes: Buffer, chunk = 1000): Promise<IndexEntry[]> {
  const source = async function* () {
    for (let at = 0; at < bytes.length; at += chunk) yield bytes.subarray(at, at + chunk);
  };
  return Array.fromAsync(readIndex(source(), 'index'));
}

describe('files.ndjson.zst', () => {
  test('gives back what was written, odd names included', async () => {
    const entries = sortEntries([
      ...tinyIndex(),
      { ...base, path: odd, xattrs: { 'user.x': 'AA==' } },
      { ...base, path: '/n\n' },
    ]);
    expect(await read(await written(entries))).toEqual(entries);
  });

  test('is what zstd and a JSON reader see', async () => {
    const text = execFileSync('zstd', ['-dc'], { input: await written(tinyIndex()), encoding: 'utf8' });
    expect(
      text
        .trim()
        .split('\n')
        .map(line => JSON.parse(line).path),
    ).toEqual(tinyIndex().map(entry => entry.path));
  });

  test('streams many entries over many frames', async () => {
    const many = function* () {
      for (let i = 0; i < 60_000; i++) yield { ...base, path: `/srv/${String(i).padStart(9, '0')}` };
    };
    const bytes = await written(many());
    expect((await read(bytes, 65_536)).length).toBe(60_000);
    expect(execFileSync('zstd', ['-dc'], { input: bytes, maxBuffer: 1e9 }).length).toBeGreaterThan(8 * 1024 * 1024);
  });

  test('refuses to write what is out of order', async () => {
    await expect(written([base, base])).rejects.toThrow(TypeError);
  });

  const line = (changes: Record<string, unknown>) => `${JSON.stringify({ ...base, ...changes })}\n`;
  test.each([
    ['another shape', line({ path: 7 }), 'bag-invalid', /line 1: path/],
    ['a relative path', line({ path: 'etc' }), 'bag-invalid', /line 1: path/],
    ['a path that climbs', line({ path: '/etc/../x' }), 'bag-invalid', /line 1: path/],
    ['an unknown disposition', line({}) + line({ disposition: 'x' }), 'bag-invalid', /line 2: disposition/],
    ['no JSON', '{\n', 'bag-invalid', /not JSON/],
    ['half a line', line({}).slice(0, -1), 'bag-truncated', /middle of a line/],
    ['an endless line', 'x'.repeat(5e6), 'bag-invalid', /longer/],
  ])('%s is a clear error', async (_, text, code, message) => {
    const failure = await read(await compressed(text)).catch(error => error);
    expect(failure).toMatchObject({ code, message: expect.stringMatching(message) });
  });

  test('keys of a later schema are passed over', async () => {
    expect(await read(await compressed(line({ later: true })))).toEqual([base]);
  });
});

test('comparePaths orders as bytes do', () => {
  const paths = ['/a', '/a-b', '/a/b', '/z', '/ä', '/\uffee', '/😀', odd, '/', '/a/b/c'];
  const bytes = paths.toSorted((a, b) => Buffer.compare(encodeBytes(a), encodeBytes(b)));
  expect(paths.toSorted(comparePaths)).toEqual(bytes);
});
