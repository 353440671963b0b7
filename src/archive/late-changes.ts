import { ruleFinder } from '../classify/rule.ts';
import type { DecideOptions, Scan } from '../detect/detect.ts';
import { type WalkEntry, walkSince } from '../detect/walk.ts';
import type { Target } from '../system/target.ts';

/** What happened to files between a walk and the end of their reading. */
export interface LateChanges {
  /** Files of the payload that are not what the walk saw: among others they may be of another moment. */
  changed: string[];
  /** Paths that the walk did not see, and that may have to be kept. */
  came: string[];
}

const NO_CHANGES: LateChanges = { changed: [], came: [] };

/** The kernel stamps files with its clock of the last tick, which is some milliseconds behind (ktime_get_coarse_real_ts64). */
const TICK_NANOSECONDS = 20_000_000n;

/**
 * The target's clock, for lateChanges: seconds since 1970 as find(1) takes them. Undefined where nobody can tell, and where files are read through the
 * engine, of which no time of the status change is known.
 */
export async function clockOf(target: Target): Promise<string | undefined> {
  if (target.files) return undefined;
  const { code, stdout } = await target.exec(['date', '+%s%N'], { allowFailure: true, env: { LC_ALL: 'C' } });
  const text = stdout.toString().trim();
  if (code !== 0 || !/^\d{18,20}$/.test(text)) return undefined;
  const digits = String(BigInt(text) - TICK_NANOSECONDS);
  return `${digits.slice(0, -9)}.${digits.slice(-9)}`;
}

/**
 * Looks for files whose inodes changed since a walk began: each file of the payload is sound, but a program that keeps its data in several needs all
 * of one moment. Logs only grow, and SQLite's files are held against each other (unsettledDatabases).
 * @param since clockOf before the walk
 * @param isKept whether a path is in the payload
 * @param judging by which paths that came are left at once
 */
export async function lateChanges(
  target: Target,
  { entries, mounts }: Pick<Scan, 'entries' | 'mounts'>,
  since: string | undefined,
  isKept: (path: string) => boolean,
  judging: Pick<DecideOptions, 'rules' | 'owner' | 'replacedBy'>,
): Promise<LateChanges> {
  if (since === undefined || target.files) return NO_CHANGES;
  const found: LateChanges = { changed: [], came: [] };
  const kept = mounts.filter(mount => mount.kept).map(mount => mount.destination);
  const isLeft = leaving(judging);
  await walkSince(target, kept, since, entry => {
    const { path, kind, ctime } = entry;
    const was = entries.get(path);
    if (!was && !isLeft(entry)) found.came.push(path);
    else if (was && kind === 'file' && was.ctime !== ctime && isKept(path) && !isAlone(path, entries))
      found.changed.push(path);
  });
  return { changed: [...new Set(found.changed)].sort(), came: [...new Set(found.came)] };
}

/** What is surely left, without a look at anything else. */
function leaving({ rules, owner, replacedBy }: Pick<DecideOptions, 'rules' | 'owner' | 'replacedBy'>) {
  const findRule = ruleFinder(rules);
  return ({ path, kind, target }: WalkEntry): boolean => {
    if (kind === 'directory' || kind === 'socket') return true;
    if (owner.include(path)) return false;
    const rule = findRule(path, kind, target);
    const byRule = rule?.action === 'leave' && !rule.exceptMounts && !rule.unlessTargetKept && !rule.onlyAlternatives;
    return owner.exclude(path) || byRule || replacedBy(path) !== undefined;
  };
}

/** Whether a file need not be of one moment with others, or was held against them. */
function isAlone(path: string, entries: Pick<Scan['entries'], 'has'>): boolean {
  return (
    /^\/var\/log\/|\.log$|-(?:wal|shm|journal)$/.test(path) ||
    ['wal', 'journal'].some(log => entries.has(`${path}-${log}`))
  );
}
