import { type ChildProcess, spawn } from 'node:child_process';
import { PerennialError } from '../errors.ts';
import { interruption } from '../interruption.ts';
import { runRecord, startTime } from '../run-record.ts';
import type { CommandResult, CommandStream } from './engine.ts';

export interface RunCommandOptions {
  input?: string | Buffer;
  allowFailure?: boolean;
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  /** Cleaning up: runs, and runs on, when the process is to end. */
  cleanup?: boolean;
  /** Called with every complete line of stdout and stderr, for long commands such as a build. */
  onLine?: (line: string) => void;
  /** Kills the command. */
  signal?: AbortSignal;
}

/** Characters that are kept of what a streaming command says on stderr. */
export const MOST_STDERR = 64 * 1024;

/** Bytes that are collected of a command: what is larger is read as a stream. A program in a container may print for ever. */
export const MOST_OUTPUT = 512 * 1024 * 1024;

/**
 * Runs a command to its end and collects what it prints. The only runner of the project beside `streamCommand`.
 * @throws PerennialError `command-failed` on a non-zero exit unless `allowFailure`; `engine-missing` when the program is absent.
 */
export async function runCommand(argv: string[], options: RunCommandOptions = {}): Promise<CommandResult> {
  const [program, ...args] = argv as [string, ...string[]];
  if (!options.cleanup) interruption.check();
  const child = spawn(program, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: options.env,
    cwd: options.cwd,
    detached: true, // a Ctrl-C of the terminal is for us: we end our commands ourselves, in order
  });
  const stopped = endWithProcess(child, options.cleanup);
  const abort = () => void child.kill('SIGKILL');
  options.signal?.addEventListener('abort', abort, { once: true });
  if (options.signal?.aborted) abort();
  child.stdin.on('error', () => {}); // the command may end before it has read its input: its exit code tells
  child.stdin.end(options.input);
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  const onLine = options.onLine;
  const lines = onLine ? [lineSplitter(onLine), lineSplitter(onLine)] : [];
  let bytes = 0;
  const collect = (into: Buffer[], chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MOST_OUTPUT) child.kill('SIGKILL');
    else into.push(chunk);
  };
  child.stdout.on('data', chunk => {
    collect(stdout, chunk);
    lines[0]?.(chunk);
  });
  child.stderr.on('data', chunk => {
    collect(stderr, chunk);
    lines[1]?.(chunk);
  });
  const code = await exitOf(child, program).finally(() => {
    stopped();
    options.signal?.removeEventListener('abort', abort);
  });
  if (!options.cleanup) interruption.check();
  if (bytes > MOST_OUTPUT)
    throw new PerennialError('command-failed', `${argv.slice(0, 2).join(' ')} printed more than ${MOST_OUTPUT} bytes`);
  const result = { code, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString() };
  if (code !== 0 && !options.allowFailure) throw commandFailed(argv, code, result.stderr || result.stdout.toString());
  return result;
}

/** Starts a command whose input and output are streams with back-pressure (payloads, walks). */
export function streamCommand(
  argv: string[],
  options: { allowFailure?: boolean; env?: NodeJS.ProcessEnv } = {},
): CommandStream {
  const [program, ...args] = argv as [string, ...string[]];
  interruption.check();
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], env: options.env, detached: true });
  const stopped = endWithProcess(child);
  keepUnread(child);
  child.stdin.on('error', () => {});
  let stderr = '';
  child.stderr.on('data', chunk => {
    if (stderr.length < MOST_STDERR) stderr += chunk;
  });
  const exited = exitOf(child, program).finally(stopped);
  const done = exited.then(code => {
    interruption.check();
    if (code !== 0 && !options.allowFailure) throw commandFailed(argv, code, stderr);
    return { code, stderr };
  });
  done.catch(() => {}); // whoever awaits `done` sees it; an unread stream must not kill the process first
  return { stdin: child.stdin, stdout: child.stdout, done, kill: () => child.kill('SIGKILL') };
}

/**
 * Node throws away what a command printed when it ends before anybody reads (`flushStdio` of its child_process makes the stream
 * flow). While somebody waits for a stream to become readable it does not.
 */
function keepUnread(child: ChildProcess): void {
  child.once('exit', () => {
    const { stdout } = child;
    if (!stdout || stdout.readableFlowing !== null) return;
    const hold = () => {};
    stdout.on('readable', hold);
    setImmediate(() => stdout.off('readable', hold)); // whoever comes later may read it in any way
  });
}

/** Has a command killed when this process is to end. Returns what takes that back. */
function endWithProcess(child: ChildProcess, cleanup = false): () => void {
  const { pid } = child;
  const ended = pid === undefined ? () => {} : runRecord.add({ kind: 'process', pid, started: startTime(pid) });
  const over = cleanup ? () => {} : interruption.onInterrupt(() => void child.kill('SIGKILL'));
  return () => {
    over();
    ended();
  };
}

/** The error of a command: its name and first words (arguments may hold secrets) and the end of what it said. */
export function commandFailed(argv: string[], code: number, said: string): PerennialError {
  const tail = said.trim().split('\n').slice(-12).join('\n');
  return new PerennialError('command-failed', `${argv.slice(0, 2).join(' ')} ended with exit code ${code}: ${tail}`);
}

function exitOf(child: ReturnType<typeof spawn>, program: string): Promise<number> {
  return new Promise((resolve, reject) => {
    child.on('error', cause => {
      const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
      reject(
        missing
          ? new PerennialError('engine-missing', `The program ${program} is not installed`, { cause })
          : new PerennialError('command-failed', `${program} could not be started: ${cause.message}`, { cause }),
      );
    });
    child.on('close', (code, signal) => resolve(code ?? 128 + (signal === 'SIGKILL' ? 9 : 15)));
  });
}

function lineSplitter(onLine: (line: string) => void): (chunk: Buffer) => void {
  let rest = '';
  return chunk => {
    const parts = (rest + chunk.toString()).split('\n');
    rest = parts.pop()!;
    for (const line of parts) onLine(line);
  };
}
