import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import { interruption } from '../interruption.ts';
import type { Fixity } from './bagit.ts';

/** Bytes from which a thread of its own is worth its start. */
const LARGE = 16 * 1024 * 1024;

/** In a thread of its own, reading is as fast as it gets; as text, since a bundle has no second file. */
const PROGRAM = `
const { parentPort, workerData } = require('node:worker_threads');
const { createHash } = require('node:crypto');
const { openSync, readSync } = require('node:fs');
const file = openSync(workerData, 'r');
const hash = createHash('sha256');
const room = Buffer.allocUnsafeSlow(1024 * 1024);
let bytes = 0;
for (let read; (read = readSync(file, room, 0, room.length)) > 0; bytes += read) hash.update(room.subarray(0, read));
parentPort.postMessage({ sha256: hash.digest('hex'), bytes });
`;

/** Digest and size of a file, in constant memory; a large one is read by another thread, so that this one can work meanwhile. */
export async function hashFile(path: string): Promise<Fixity> {
  if ((await stat(path)).size >= LARGE) return inThread(path);
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    interruption.check();
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { sha256: hash.digest('hex'), bytes };
}

async function inThread(path: string): Promise<Fixity> {
  interruption.check();
  const worker = new Worker(PROGRAM, { eval: true, workerData: path });
  const over = interruption.onInterrupt(() => worker.terminate());
  try {
    return await new Promise<Fixity>((resolve, reject) => {
      worker.once('message', resolve).once('error', reject);
      worker.once('exit', () => reject(new Error(`${path} could not be read`)));
    });
  } finally {
    over();
    interruption.check();
  }
}
