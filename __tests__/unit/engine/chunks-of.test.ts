import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { chunksOf } from '../../../src/engine/chunks-of.ts';

/** A program that prints 20 MB. */
const printing = () => spawn('sh', ['-c', 'head -c 20000000 /dev/zero'], { stdio: ['ignore', 'pipe', 'ignore'] });

test('gives every byte of a pipe, also to a slow reader', async () => {
  const { stdout } = printing();
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of chunksOf(stdout)) {
    if (bytes < 2_000_000) await new Promise(done => setTimeout(done, 5));
    bytes += chunk.length;
    hash.update(chunk);
  }
  const all = createHash('sha256').update(Buffer.alloc(20_000_000)).digest('hex');
  expect([bytes, hash.digest('hex')]).toEqual([20_000_000, all]);
});

test('a slow reader holds the writer back', async () => {
  const child = printing();
  const chunks = chunksOf(child.stdout);
  await chunks.next();
  await new Promise(done => setTimeout(done, 200));
  expect(child.exitCode).toBeNull(); // it waits: not everything was taken into memory
  await chunks.return(undefined);
  expect(child.stdout.destroyed).toBe(true);
});

test('a stream that is cut is an error, not an end', async () => {
  const { stdout } = printing();
  const read = async () => {
    for await (const _ of chunksOf(stdout)) stdout.destroy();
  };
  await expect(read()).rejects.toThrow(/closed before its end/);
});
