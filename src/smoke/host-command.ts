import { spawn } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { CommandStream } from '../engine/engine.ts';
import { PerennialError } from '../errors.ts';

/** Bytes of stderr that are kept. */
const STDERR_LIMIT = 64 * 1024;

/** Full path of a program of this machine; undefined when it is not installed. */
export async function findProgram(name: string, path = process.env.PATH ?? ''): Promise<string | undefined> {
  for (const folder of path.split(delimiter).filter(part => part !== '')) {
    const there = await access(join(folder, name), constants.X_OK).then(
      () => true,
      () => false,
    );
    if (there) return join(folder, name);
  }
  return undefined;
}

/**
 * Environment of a command that a smoke test runs on this machine: what programs need to find things, and nothing of a
 * workflow's tokens. SHLVL, since bash reads ~/.bashrc when its input is a socket (node's pipes are) and no shell is above.
 */
export function hostEnvironment(added: Record<string, string>): Record<string, string> {
  const passed = [
    'PATH',
    'HOME',
    'USER',
    'LANG',
    'LC_ALL',
    'TMPDIR',
    'DOCKER_HOST',
    'DOCKER_CONFIG',
    'XDG_RUNTIME_DIR',
  ];
  const kept = passed.flatMap(name => (process.env[name] === undefined ? [] : [[name, process.env[name]]]));
  return { ...(Object.fromEntries(kept) as Record<string, string>), SHLVL: '1', ...added };
}

/**
 * Starts a program on this machine in a process group of its own, so that killing it takes its children along.
 * `done` never rejects on an exit code: that is an answer. It rejects with `command-failed` when it cannot be started.
 */
export function startOnHost(argv: string[], options: { env: Record<string, string>; cwd?: string }): CommandStream {
  const [program, ...args] = argv as [string, ...string[]];
  const child = spawn(program, args, { ...options, detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', chunk => {
    if (stderr.length < STDERR_LIMIT) stderr += chunk;
  });
  child.stdin.on('error', () => {}); // it need not read its input
  const done = new Promise<{ code: number; stderr: string }>((resolve, reject) => {
    child.on('error', cause => reject(new PerennialError('command-failed', `${program}: ${cause.message}`, { cause })));
    child.on('close', code => resolve({ code: code ?? 137, stderr }));
  });
  return { stdin: child.stdin, stdout: child.stdout, done, kill: () => killGroup(child.pid) };
}

function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // the group has ended by itself
  }
}
