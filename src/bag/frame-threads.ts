import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

/** Compresses the first bytes of a room into another one. Both are shared: nothing is allocated here for a frame. */
interface Compression {
  content: SharedArrayBuffer;
  length: number;
  frame: SharedArrayBuffer;
  /** Of zlib's zstdCompressSync. */
  options: { params: Record<number, number>; chunkSize: number };
}

/** Decompresses the frame at the beginning of a shared room into memory that becomes the caller's. */
interface Decompression {
  packed: SharedArrayBuffer;
  length: number;
  /** Bytes of the content, as the frame says; more is an error. */
  most: number;
}

/** A frame that was made, and proved: checksums (zlib's crc32) of its bytes and of what they decompress to again. */
export interface ProvedFrame {
  bytes: number;
  frame: number;
  content: number;
}

/** As text, since a bundle has no second file. What a job fails with is an answer, too: the thread stays. */
const PROGRAM = `
const { parentPort } = require('node:worker_threads');
const { crc32, zstdCompressSync, zstdDecompressSync } = require('node:zlib');
function compress({ content, length, frame, options }) {
  const made = zstdCompressSync(new Uint8Array(content, 0, length), options);
  const back = zstdDecompressSync(made, { chunkSize: length + 64, maxOutputLength: length });
  const proved = { bytes: made.length, frame: crc32(made), content: crc32(back) };
  new Uint8Array(frame).set(made);
  for (const { buffer } of [made, back]) if (buffer.byteLength > 1024 * 1024) buffer.transfer(0); // before the next one, not when garbage is collected
  parentPort.postMessage(proved);
}
function decompress({ packed, length, most }) {
  const options = { chunkSize: most + 64, maxOutputLength: most };
  const made = zstdDecompressSync(new Uint8Array(packed, 0, length), options);
  const own = made.buffer.byteLength >= most + 64;
  const content = own ? made : new Uint8Array(made);
  parentPort.postMessage(new Uint8Array(content.buffer, content.byteOffset, content.length), [content.buffer]);
}
parentPort.on('message', job => {
  try {
    if (job.packed) decompress(job);
    else compress(job);
  } catch (error) {
    parentPort.postMessage({ failed: error.message });
  }
});
`;

const MOST_THREADS = 3;
/** Megabytes: all that is large lies outside of the heap. */
const SMALL_HEAP = { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 32 };

interface Thread {
  worker: Worker;
  busy: boolean;
}

const threads: Thread[] = [];
const waiting: ((thread: Thread) => void)[] = [];

/**
 * Compresses in one of a few threads that stay for the next frames, and decompresses what came of it. zlib's own asynchronous functions make new memory for each frame in the
 * heap of the caller, whose garbage collection then costs as much as the compression.
 * @throws what the thread failed with
 */
export async function compressInThread(job: Compression): Promise<ProvedFrame> {
  return (await inThread(job)) as ProvedFrame;
}

/**
 * The content of a whole frame, decompressed in one of the same threads. Its memory is the caller's alone (see releaseBytes).
 * @throws Error when the frame is damaged, or has more content than it says
 */
export async function decompressInThread(job: Decompression): Promise<Buffer> {
  const content = (await inThread(job)) as Uint8Array<ArrayBuffer>;
  return Buffer.from(content.buffer, content.byteOffset, content.byteLength);
}

async function inThread(job: Compression | Decompression): Promise<unknown> {
  const thread = await freeThread();
  const { worker } = thread;
  worker.ref();
  try {
    const answer = await answerOf(thread, job);
    const failed = (answer as { failed?: string }).failed;
    if (failed === undefined) return answer;
    throw new Error(failed);
  } finally {
    worker.unref(); // an idle thread does not keep the process
    const next = waiting.shift();
    if (next && threads.includes(thread)) next(thread);
    else if (next) next(newThread());
    else thread.busy = false;
  }
}

/** A thread that breaks is none of ours any more. */
function answerOf(thread: Thread, job: Compression | Decompression): Promise<unknown> {
  const { worker } = thread;
  return new Promise((resolve, reject) => {
    const over = () => worker.off('message', done).off('error', broken).off('exit', ended);
    const done = (answer: unknown) => {
      over();
      resolve(answer);
    };
    const broken = (error: Error) => {
      over();
      threads.splice(threads.indexOf(thread), 1);
      reject(error);
    };
    const ended = () => broken(new Error('A thread that compresses has ended'));
    worker.on('message', done).on('error', broken).on('exit', ended);
    worker.postMessage(job);
  });
}

async function freeThread(): Promise<Thread> {
  const free = threads.find(each => !each.busy);
  if (free) {
    free.busy = true;
    return free;
  }
  if (threads.length < Math.min(availableParallelism(), MOST_THREADS)) return newThread();
  return new Promise(resolve => waiting.push(resolve));
}

function newThread(): Thread {
  const thread = { worker: new Worker(PROGRAM, { eval: true, resourceLimits: SMALL_HEAP }), busy: true };
  thread.worker.unref();
  threads.push(thread);
  return thread;
}
