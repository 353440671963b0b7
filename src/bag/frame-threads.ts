import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

/** What a thread does to the first bytes of a room, into another one. Both are shared: nothing is allocated here for a frame. */
interface Job {
  content: SharedArrayBuffer;
  length: number;
  frame: SharedArrayBuffer;
  /** Of zlib's zstdCompressSync. */
  options: { params: Record<number, number>; chunkSize: number };
}

/** As text, since a bundle has no second file. */
const PROGRAM = `
const { parentPort } = require('node:worker_threads');
const { zstdCompressSync } = require('node:zlib');
parentPort.on('message', ({ content, length, frame, options }) => {
  const made = zstdCompressSync(new Uint8Array(content, 0, length), options);
  const bytes = made.length;
  new Uint8Array(frame).set(made);
  if (made.buffer.byteLength > 1024 * 1024) made.buffer.transfer(0); // before the next one, not when garbage is collected
  parentPort.postMessage(bytes);
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
 * Compresses in one of a few threads that stay for the next frames. zlib's own asynchronous functions make new memory for each frame in the
 * heap of the caller, whose garbage collection then costs as much as the compression.
 * @returns bytes of the frame @throws what the thread failed with
 */
export async function compressInThread(job: Job): Promise<number> {
  const thread = await freeThread();
  const { worker } = thread;
  worker.ref();
  try {
    return await new Promise<number>((resolve, reject) => {
      const over = () => worker.off('message', done).off('error', failed).off('exit', ended);
      const done = (length: number) => {
        over();
        resolve(length);
      };
      const failed = (error: Error) => {
        over();
        reject(error);
      };
      const ended = () => failed(new Error('A thread that compresses has ended'));
      worker.on('message', done).on('error', failed).on('exit', ended);
      worker.postMessage(job);
    });
  } catch (error) {
    threads.splice(threads.indexOf(thread), 1);
    throw error;
  } finally {
    worker.unref(); // an idle thread does not keep the process
    const next = waiting.shift();
    if (next && threads.includes(thread)) next(thread);
    else if (next) next(newThread());
    else thread.busy = false;
  }
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
