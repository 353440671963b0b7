import { type SpawnSyncOptions, spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';

/** What a finished program gave back; `code` is 127 when it could not be started. */
export interface Finished {
  code: number;
  stdout: string;
  stderr: string;
}

export interface CommandOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  input?: string | Buffer;
  /** Seconds; the program is killed after that. */
  timeout?: number;
  /** Let the program write to our own stdout and stderr. */
  show?: boolean;
}

/** Runs a program to its end and never throws: the caller looks at `code`. */
export function tryRun(program: string, args: string[], options: CommandOptions = {}): Finished {
  const { timeout, show, ...rest } = options;
  const settings: SpawnSyncOptions = { ...rest, encoding: 'utf8', maxBuffer: 256 << 20 };
  if (timeout) settings.timeout = timeout * 1000;
  settings.stdio = [
    options.input === undefined ? 'ignore' : 'pipe',
    show ? 'inherit' : 'pipe',
    show ? 'inherit' : 'pipe',
  ];
  const done = spawnSync(program, args, settings);
  const stderr = String(done.stderr ?? '');
  if (done.error)
    return { code: done.status ?? 127, stdout: String(done.stdout ?? ''), stderr: `${stderr}${done.error.message}` };
  return { code: done.status ?? 128, stdout: String(done.stdout ?? ''), stderr };
}

/** Runs a program to its end and gives its stdout; throws with its stderr when it fails. */
export function run(program: string, args: string[], options: CommandOptions = {}): string {
  const done = tryRun(program, args, options);
  if (done.code !== 0) throw new Error(`${[program, ...args].join(' ')}: exit ${done.code}\n${done.stderr.trim()}`);
  return done.stdout;
}

/** True when `program` is found on PATH. */
export function hasProgram(program: string): boolean {
  return tryRun('sh', ['-c', 'command -v -- "$1"', 'sh', program]).code === 0;
}

/**
 * Starts a program that outlives us: own session, stdin closed, output in `log`, so that nobody who waits for our
 * stdout to close (a CI runner, a pipe) waits for it. Gives its process id.
 */
export function startDetached(program: string, args: string[], log: string): number {
  mkdirSync(dirname(log), { recursive: true });
  const out = openSync(log, 'a');
  const child = spawn(program, args, { detached: true, stdio: ['ignore', out, out] });
  child.on('error', error => console.error(`${program}: ${error.message}`));
  child.unref();
  closeSync(out);
  return child.pid ?? -1;
}
