import type { PayloadMember } from '../bag/write-bag.ts';
import type { Target } from '../system/target.ts';
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
  paths: readonly string[],
  members: readonly PayloadMember[],
): Promise<string[]> {
  const all = new Set(paths);
  const databases = paths.filter(path => all.has(`${path}-wal`) || all.has(`${path}-journal`));
  const again = databases.flatMap(path => [path, `${path}-wal`]).filter(path => all.has(path));
  const grown = await findGrown(target, again, members);
  const isWhole = (path: string) => grown.get(path) === false && (!all.has(`${path}-wal`) || grown.has(`${path}-wal`));
  return databases.filter(path => !isWhole(path));
}
