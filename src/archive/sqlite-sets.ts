import { comparePaths } from '../bag/index-file.ts';
import type { Target } from '../system/target.ts';
import type { ArchivedMembers } from './archived-members.ts';
import { findGrown } from './grown-files.ts';

/**
 * SQLite databases that were in use while they were archived, and are not whole in the archive. A database is its file and its
 * write-ahead log (https://www.sqlite.org/wal.html, https://www.sqlite.org/tempfiles.html): when a checkpoint moves the log into the file
 * between the reading of the two, transactions are lost. Both were of one moment when, read again, the file is the same and
 * the log begins with what was archived.
 * @param paths what was to be archived
 */
export async function unsettledDatabases(
  target: Target,
  paths: Iterable<string>,
  members: Pick<ArchivedMembers, 'get'>,
): Promise<string[]> {
  const logged = new Set<string>();
  for (const path of paths) {
    const log = /-(?:wal|journal)$/.exec(path);
    if (log) logged.add(path.slice(0, log.index));
  }
  if (logged.size === 0) return [];
  const all = new Set<string>(); // of the list, what belongs to such a database
  for (const path of paths) if (logged.has(path) || /-(?:wal|journal)$/.test(path)) all.add(path);
  const databases = [...logged].filter(path => all.has(path)).sort(comparePaths);
  const again = databases.flatMap(path => [path, `${path}-wal`]).filter(path => all.has(path));
  const grown = await findGrown(target, again, members);
  const isWhole = (path: string) => grown.get(path) === false && (!all.has(`${path}-wal`) || grown.has(`${path}-wal`));
  return databases.filter(path => !isWhole(path));
}
