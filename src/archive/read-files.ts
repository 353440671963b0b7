import type { BagWriter } from '../bag/write-bag.ts';
import { type Decided, type DecideOptions, type Detection, decide, type Scan, scan } from '../detect/detect.ts';
import type { Judging } from '../detect/expectation.ts';
import type { Progress } from '../progress.ts';
import type { Inventory } from '../proof/inventory.ts';
import type { Target } from '../system/target.ts';
import { falseLinks } from './false-links.ts';
import { clockOf, type LateChanges, lateChanges } from './late-changes.ts';
import { movedPaths } from './moved-files.ts';
import { type Payload, writePayload } from './payload.ts';

/** Files that are moved or replaced while they are read are looked for again this many times. */
const ATTEMPTS = 3;

/** Everything that is read of a service's files, of one look. */
export interface Reading {
  seen: Scan;
  found: Detection;
  payload: Payload;
  /** Rows of databases before they were read. */
  rows: Inventory[];
  /** Paths that have the content of another file in the payload, at the last attempt too. */
  mistaken: string[];
  /** What happened between the look and the end of the reading. */
  late: LateChanges;
  /** Paths that files were moved to while they were read, at the last attempt too: they are not in the payload. */
  escaped: string[];
}

/** How files are read: what decide() wants, and what else is asked of them. */
export interface ReadingOptions extends Omit<DecideOptions, 'target'> {
  bag: BagWriter;
  progress: Progress;
  /** Nothing changes meanwhile: the service is frozen. */
  isStill: boolean;
  /** Counts rows of databases among what is kept. */
  rowsOf(target: Target, seen: Scan, found: Detection): Promise<Inventory[]>;
}

/** A scan, and what the target's clock showed before (clockOf). */
export interface TimedScan {
  seen: Scan;
  since: string | undefined;
}

/** Looks at every path. @param expected what an earlier scan decided beforehand */
export async function timedScan(
  target: Target,
  options: Pick<ReadingOptions, 'mounts'> & Judging,
  expected?: Scan['expected'],
): Promise<TimedScan> {
  const since = await clockOf(target);
  return { seen: await scan(target, options.mounts, options, expected), since };
}

/**
 * Decides about every path and writes the payload. Where paths went away meanwhile and others came that are the same files, everything is looked at
 * again: a file that was only moved would be in neither place. The same goes for files that tar takes for each other (falseLinks).
 * @param first an earlier look
 */
export async function readFiles(target: Target, first: TimedScan, options: ReadingOptions): Promise<Reading> {
  const { bag, progress, mounts } = options;
  let { seen, since } = first;
  let found = await decide(seen, { ...options, target });
  for (let attempt = 1; ; attempt++) {
    const rows = await options.rowsOf(target, seen, found);
    progress.step(`Archiving ${countOf(payloadPaths(found.decided))} paths`);
    const payload = await writePayload(target, payloadPaths(found.decided), seen.entries, bag, progress);
    const mistaken = falseLinks(payload.members.links(), seen.entries, mounts);
    const inPayload = (path: string) => payload.members.has(path);
    const late = await lateChanges(target, seen, options.isStill ? undefined : since, inPayload, options);
    const reading = { seen, found, payload, rows, escaped: [], mistaken, late };
    if (payload.vanished.length + mistaken.length + late.came.length === 0) return reading;
    const next = await timedScan(target, options, seen.expected);
    const foundNext = await decide(next.seen, { ...options, target });
    const moved = movedPaths(payload.vanished, seen.entries, keptEntries(foundNext.decided));
    if (moved.length + mistaken.length === 0 || attempt === ATTEMPTS)
      return { ...reading, escaped: moved, late: { ...late, came: newPaths(foundNext.decided, seen, moved) } };
    progress.warn(`${moved.length + mistaken.length} files were moved or replaced while they were read; looking again`);
    ({ seen, since } = next);
    found = foundNext;
  }
}

/** What would be kept, too, had an earlier look seen it. @param moved is told otherwise */
function newPaths(decided: Iterable<Decided>, before: Scan, moved: readonly string[]): string[] {
  const known = new Set(moved);
  const found: string[] = [];
  for (const { path, kind } of keptEntries(decided))
    if (kind !== 'directory' && !before.entries.has(path) && !known.has(path)) found.push(path);
  return found;
}

/** Payload members: everything that is carried as bytes. */
export function isPayload(each: Decided): boolean {
  return (each.disposition === 'keep' || each.disposition === 'record') && each.entry.kind !== 'socket';
}

function* keptEntries(decided: Iterable<Decided>) {
  for (const each of decided) if (isPayload(each)) yield each.entry;
}

/** Paths of the payload, in the order of `decided` whenever they are iterated. */
function payloadPaths(decided: Iterable<Decided>): Iterable<string> {
  return {
    *[Symbol.iterator]() {
      for (const { path } of keptEntries(decided)) yield path;
    },
  };
}

function countOf(all: Iterable<unknown>): number {
  let count = 0;
  for (const _ of all) count++;
  return count;
}
