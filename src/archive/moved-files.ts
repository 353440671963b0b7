import type { Paths } from '../detect/path-table.ts';
import type { WalkEntry } from '../detect/walk.ts';

/**
 * Paths that came while others went, and that are as those were: a file that is moved (a mail that was read, a log that is rotated) keeps its time
 * to the nanosecond, size and owner (rename(2)). Pure.
 * @param gone paths of `before` that could not be read any more
 * @param kept paths of the later walk that would be archived
 */
export function movedPaths(gone: readonly string[], before: Paths, kept: Iterable<WalkEntry>): string[] {
  const wanted = new Set(gone.flatMap(path => traits(before.get(path))));
  if (wanted.size === 0) return [];
  const moved: string[] = [];
  for (const entry of kept)
    if (!before.has(entry.path) && traits(entry).some(each => wanted.has(each))) moved.push(entry.path);
  return moved;
}

/** Of a folder the time is another as soon as something in it moves. */
function traits(entry: WalkEntry | undefined): string[] {
  if (!entry || entry.kind === 'directory') return [];
  const { kind, size, mtime, uid, gid, mode, target } = entry;
  return [JSON.stringify([kind, size, mtime, uid, gid, mode, target])];
}
