import { setTimeout as sleep } from 'node:timers/promises';
import { PerennialError } from '../errors.ts';
import type { CommandStream } from './engine.ts';

/** Milliseconds that a command gets to end after its output ended. */
const END_MS = 2000;

/**
 * Works with a running command and does not outlive it: when the work fails, the command is killed, so that nothing is
 * left running and this process can end; when it succeeds, the command's own end is awaited.
 * @param what names the work in an error, e.g. "Reading the package database"
 * @returns what the work gave and how the command ended
 * @throws the work's error; but where the output ended early because the command failed, that is the error (see endedEarly)
 */
export async function useStream<T>(
  stream: CommandStream,
  work: (stream: CommandStream) => Promise<T>,
  what = 'A command',
): Promise<{ result: T; code: number; stderr: string }> {
  let result: T;
  try {
    result = await work(stream);
  } catch (error) {
    const cut = error instanceof PerennialError && error.code === 'bag-truncated';
    const end = cut ? await Promise.race([stream.done, sleep(END_MS, undefined, { ref: false })]) : undefined;
    stream.kill();
    stream.stdout.destroy();
    stream.stdin.destroy();
    throw end && end.code !== 0 ? endedEarly(what, end.code, end.stderr) : error;
  }
  return { result, ...(await stream.done) };
}

/**
 * The error for a command in a container whose output is not whole.
 * `image-unsuitable` when the program is not there or not GNU's, `engine-failed` otherwise: the engine or the container ended.
 */
export function endedEarly(what: string, code: number, stderr: string): PerennialError {
  const last = stderr.trim().split('\n').at(-1);
  const said = last ? `: ${last}` : '';
  return /executable file .*not found|: not found|unrecognized|unknown predicate|invalid option/i.test(stderr)
    ? new PerennialError('image-unsuitable', `${what} is not possible (exit code ${code})${said}`, {
        hint: 'The container needs GNU find and GNU tar (findutils, tar). Use --rootfs on an unpacked copy of its file system otherwise.',
      })
    : new PerennialError('engine-failed', `${what} ended early (exit code ${code})${said}`, {
        hint: 'Did the engine or the container end? See that both run, and try again.',
      });
}
