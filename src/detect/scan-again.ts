import { unchanged } from '../classify/classify.ts';
import type { Mount } from '../engine/engine.ts';
import { DATABASE_PATHS, FEW_PATHS, systemReading } from '../system/read-system.ts';
import { readSystemFiles } from '../system/system-files.ts';
import type { Target } from '../system/target.ts';
import { type Scan, scan, walkTarget } from './detect.ts';
import type { Paths } from './path-table.ts';
import type { WalkEntry } from './walk.ts';

/**
 * Walks a target again and reads its accounts and release; of the package database, by far the larger part, only what is not inode by
 * inode what it was.
 * @param before an earlier scan of the same target
 */
export async function scanAgain(target: Target, engineMounts: Mount[], before: Scan): Promise<Scan> {
  // Where the database lies behind links, a walk does not tell whether it has changed.
  if (!isPlain(before.entries)) return scan(target, engineMounts);
  const started = performance.now();
  const { files, ...seen } = await walkTarget(target, engineMounts, { paths: FEW_PATHS });
  const changed = changedDatabase(before.entries, seen.entries);
  if (changed.length > 0) files.adopt(await readSystemFiles(target, changed), changed);
  files.adopt(
    before.system.files,
    DATABASE_PATHS.filter(path => !changed.includes(path)),
  );
  const isSame = (path: string) => files.bytes(path).equals(before.system.files.bytes(path));
  const hasSameFacts = changed.length === 0 && isSame('/etc/os-release') && isSame('/usr/lib/os-release');
  const system = systemReading(files, hasSameFacts ? before.system.facts : undefined);
  return { ...seen, system, seconds: (performance.now() - started) / 1000 };
}

/** Whether dpkg's database is where it is looked for, and nothing of any database is a link. */
function isPlain(entries: Paths): boolean {
  const found = DATABASE_PATHS.map(path => entries.get(`/${path}`));
  return entries.has('/var/lib/dpkg/status') && found.every(each => each?.kind !== 'symlink');
}

/** Paths of DATABASE_PATHS at or below which anything is another inode than before, has come or is gone. */
export function changedDatabase(before: Paths, now: Paths): string[] {
  const was = databaseEntries(before);
  const is = databaseEntries(now);
  return DATABASE_PATHS.filter(path => {
    const [old, today] = [was.get(path) ?? [], is.get(path) ?? []];
    return old.length !== today.length || today.some(entry => !unchanged(entry, before.get(entry.path)));
  });
}

function databaseEntries(paths: Paths): Map<string, WalkEntry[]> {
  const found = new Map<string, WalkEntry[]>();
  for (const entry of paths.values()) {
    if (!/^\/(etc|lib|usr\/lib|var)\//.test(entry.path)) continue;
    for (const path of DATABASE_PATHS) {
      if (!entry.path.startsWith(path, 1) || !/^(\/|$)/.test(entry.path.slice(path.length + 1))) continue;
      const known = found.get(path);
      if (known) known.push(entry);
      else found.set(path, [entry]);
    }
  }
  return found;
}
