import type { Paths } from '../detect/path-table.ts';
import type { Mount } from '../engine/engine.ts';
import { mountAround } from '../plan/links-between-mounts.ts';

/**
 * Names that tar took for another name of a file that it had read, although each was a file of its own: it tells files by their inodes, and a file that is
 * replaced meanwhile gives its inode to the next one. Content of the other file would come back. Pure.
 * @param links path -> the path that it is said to be the same as
 * @param before the walk, which counted names
 * @param mounts where one file may be seen twice that has one name
 */
export function falseLinks(
  links: Iterable<readonly [path: string, target: string]>,
  before: Paths,
  mounts: readonly Mount[],
): string[] {
  const isAlone = (path: string) => (before.get(path)?.links ?? 2) < 2;
  const found: string[] = [];
  for (const [path, target] of links)
    if ((isAlone(path) || isAlone(target)) && mountAround(path, mounts) === mountAround(target, mounts))
      found.push(path);
  return found;
}
