import { basename } from 'node:path/posix';
import { printable } from '../system/byte-text.ts';
import type { ListeningSocket } from '../system/system-facts.ts';
import type { PlacedConfiguration } from './configuration.ts';
import { writeInPlace } from './differences.ts';
import type { Journal } from './journal.ts';
import { lastLines } from './last-lines.ts';
import { loggedReason } from './logged-reason.ts';
import type { NewSystem } from './new-system.ts';

/** Why a service did not come up. */
export interface Failure {
  /** What the start command and recent logs say. */
  said: string;
  /** Ports that nobody listens on, with the programs that did. */
  missing: readonly Pick<ListeningSocket, 'program' | 'protocol' | 'port'>[];
}

/**
 * Configuration that today's defaults were merged into, and which may be why a program does not run: files that it named, then those
 * that are called after it (`/etc/memcached.conf`, `/etc/nginx/nginx.conf`).
 */
export function mergedSuspects(placed: readonly PlacedConfiguration[], failure: Failure): PlacedConfiguration[] {
  const merged = placed.filter(each => !each.edited.equals(each.content));
  const names = failure.missing.map(each => basename(each.program)).filter(each => each.length > 2);
  const isNamed = (path: string) => failure.said.includes(path);
  const isAfter = (path: string) => names.some(name => path.split(/[/.]/).includes(name));
  return [
    ...merged.filter(({ path }) => isNamed(path)),
    ...merged.filter(({ path }) => !isNamed(path) && isAfter(path)),
  ];
}

/**
 * A merge without a conflict can still be wrong where no checker says so: the owner's own file takes its place, one file a time, unless
 * something mended it since.
 * @param tried paths that were looked at, also by this call
 * @returns whether a file was changed, so that another start is worth it
 */
export async function dropDefaults(
  system: NewSystem,
  placed: readonly PlacedConfiguration[],
  failure: Failure,
  tried: Set<string>,
  journal: Journal,
): Promise<boolean> {
  for (const { path, content, edited } of mergedSuspects(placed, failure)) {
    if (tried.has(path)) continue;
    tried.add(path);
    if (!(await system.read(path))?.equals(content)) continue;
    await writeInPlace(system, path, edited);
    const why = `merged with them, the service did not start: ${whyNot(failure)}`;
    journal.look(
      'start',
      `${printable(path)}: the edited file is used without today's defaults`,
      why,
      'start/defaults',
    );
    return true;
  }
  return false;
}

/** The ports that are missed, and what the log of the first program says; without ports the end of what was said. Pure. */
export function whyNot({ said, missing }: Failure): string {
  if (missing.length === 0) return printable(lastLines(said, 2));
  const ports = missing.map(each => `${each.protocol} port ${each.port}`);
  const reason = loggedReason(said, missing[0]!.program);
  return `nobody listened on ${[...new Set(ports)].join(', ')}${reason ? `; ${reason.log} says: ${reason.line}` : ''}`;
}
