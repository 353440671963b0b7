import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from '../engine/engine.ts';
import { PerennialError } from '../errors.ts';
import { printable } from '../system/byte-text.ts';
import { isOnLocalNetwork } from './route.ts';

/**
 * Looks once. Gives undefined when it is ready, else the reason in words why it is not yet.
 * Throws a PerennialError when it never will be (the container has ended): waiting stops at once.
 */
export type ReadyCheck = () => Promise<string | undefined>;

export interface Waiting {
  /** What is awaited, as it stands in a sentence: "port 445 of lab". */
  describe: string;
  check: ReadyCheck;
  timeoutSeconds: number;
  /** Milliseconds between two looks; default 200. */
  intervalMs?: number;
}

/** Lines of a container's log that an error shows. */
const LOG_LINES = 20;

/**
 * Looks again and again until it is ready.
 * @returns seconds that it took
 * @throws PerennialError `not-ready`, naming what was awaited, how long, and the last reason
 */
export async function waitUntilReady({ describe, check, timeoutSeconds, intervalMs = 200 }: Waiting): Promise<number> {
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  for (;;) {
    const reason = await withinTime(check, Math.max(1, timeoutSeconds - seconds()));
    if (reason === undefined) return seconds();
    if (seconds() >= timeoutSeconds) throw notReady(describe, seconds(), reason);
    await sleep(Math.min(intervalMs, Math.max(0, timeoutSeconds - seconds()) * 1000));
  }
}

/** Ready when all of them are, in this order; the first that is not gives the reason. */
export function allReady(...checks: ReadyCheck[]): ReadyCheck {
  return async () => {
    for (const check of checks) {
      const reason = await check();
      if (reason !== undefined) return reason;
    }
    return undefined;
  };
}

/** The container runs, and is healthy where its image has a health check. */
export function containerRuns(engine: Engine, container: string): ReadyCheck {
  return async () => {
    const facts = await engine.inspectContainer(container);
    if (!facts.running) throw await containerEnded(engine, container);
    if (facts.health === undefined || facts.health === 'healthy') return undefined;
    return `its health check says ${facts.health}`;
  };
}

/**
 * The port takes connections. Where this machine does not reach the address, the kernel's table of the container's
 * network is read instead (proc(5), /proc/net/tcp), which needs nothing but `cat`.
 */
export function portOpen(engine: Engine, container: string, address: string, port: number): ReadyCheck {
  if (isOnLocalNetwork(address)) return () => connectOnce(address, port);
  return async () => {
    const tables = await engine.exec(container, ['cat', '/proc/net/tcp', '/proc/net/tcp6'], { allowFailure: true });
    return listeningPorts(tables.stdout.toString()).has(port) ? undefined : `nothing listens on port ${port}`;
  };
}

/** A command in the container ends with exit code 0. */
export function commandSucceeds(engine: Engine, container: string, argv: string[]): ReadyCheck {
  return async () => {
    const { code, stdout, stderr } = await engine.exec(container, argv, { allowFailure: true });
    if (code === 0) return undefined;
    const said = (stderr || stdout.toString()).trim().split('\n').at(-1) ?? '';
    return `${argv[0]} ended with exit code ${code}${said ? `: ${printable(said)}` : ''}`;
  };
}

/** Ports in state LISTEN (0A) of /proc/net/tcp and tcp6: `sl local_address rem_address st ...`, in hexadecimal. */
export function listeningPorts(table: string): Set<number> {
  const rows = table.matchAll(/^\s*\d+: [0-9A-F]+:([0-9A-F]{4}) [0-9A-F]+:[0-9A-F]{4} 0A /gm);
  return new Set([...rows].map(row => Number.parseInt(row[1]!, 16)));
}

/** The error for a container that does not run, with the end of its log. */
export async function containerEnded(engine: Engine, container: string): Promise<PerennialError> {
  const log = await engine.logs(container, LOG_LINES).catch(() => '');
  const lines = log
    .trimEnd()
    .split(/\r?\n/)
    .slice(-LOG_LINES)
    .map(printable)
    .filter(line => line !== '');
  const said = lines.length > 0 ? `; the end of its log:\n  ${lines.join('\n  ')}` : '; its log is empty';
  return new PerennialError('not-ready', `The container "${container}" does not run${said}`, {
    hint: `Start it (${engine.name} start ${container}) and see why it ended.`,
  });
}

function connectOnce(address: string, port: number): Promise<string | undefined> {
  return new Promise(resolve => {
    const socket = connect({ host: address, port, timeout: 2000 });
    const settle = (reason: string | undefined) => {
      socket.destroy();
      resolve(reason);
    };
    socket.once('connect', () => settle(undefined));
    socket.once('timeout', () => settle(`port ${port} does not answer`));
    socket.once('error', error => settle(`port ${port}: ${(error as NodeJS.ErrnoException).code ?? error.message}`));
  });
}

/** A check that hangs (a command that never returns) must not hold up the end of the waiting. */
async function withinTime(check: ReadyCheck, seconds: number): Promise<string | undefined> {
  const clock = new AbortController();
  const late = sleep(seconds * 1000, 'the last look did not come to an end', { signal: clock.signal });
  late.catch(() => {}); // aborted below when the check was in time
  try {
    return await Promise.race([check(), late]);
  } finally {
    clock.abort();
  }
}

function notReady(describe: string, seconds: number, reason: string): PerennialError {
  return new PerennialError('not-ready', `Waited ${seconds.toFixed(1)} s for ${describe}: ${reason}`, {
    hint: 'If it only needs longer, raise the time limit; else look at the log of the service.',
  });
}
