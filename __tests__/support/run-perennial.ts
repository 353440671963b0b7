import { spawn } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const NODE = join(ROOT, 'node_modules/.bin/node');
const MAIN = join(ROOT, 'src/cli/main.ts');

export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  env?: Record<string, string>;
  /** Run as this user of the machine (needs root). */
  user?: string;
  /** What is on stdin, which is closed then; nothing otherwise. */
  input?: string;
  /** Called when it has been started; may send a signal. */
  onStart?: (kill: (signal: NodeJS.Signals) => void) => void;
  /** Called with what was printed to stderr so far; may send a signal. */
  onStderr?: (text: string, kill: (signal: NodeJS.Signals) => void) => void;
}

/** Runs the command line from its sources, as a person would, and waits for its end. */
export function runPerennial(args: string[], options: RunOptions = {}): Promise<Ended> {
  const command = [NODE, MAIN, ...args];
  const argv = options.user ? ['runuser', '-u', options.user, '--', ...command] : command;
  const child = spawn(argv[0]!, argv.slice(1), {
    env: { ...process.env, ...options.env },
    stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  child.stdin?.on('error', () => {}).end(options.input); // it may end before it has read that
  options.onStart?.(signal => child.kill(signal));
  const said = { stdout: '', stderr: '' };
  child.stdout!.on('data', chunk => {
    said.stdout += chunk;
  });
  child.stderr!.on('data', chunk => {
    said.stderr += chunk;
    options.onStderr?.(said.stderr, signal => child.kill(signal));
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ ...said, code: code ?? (signal === null ? 1 : 1000) }));
  });
}

/** runPerennial that has to end well: throws what was said otherwise. Gives stdout. */
export async function perennial(args: string[], options: RunOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await runPerennial(args, options);
  if (code === 0) return stdout;
  throw new Error(`perennial ${args.join(' ')} ended with exit code ${code}:\n${stderr.slice(-3000)}${stdout}`);
}
