import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Compares a fresh build with the committed one byte by byte. Gives one line for every file that is missing, left over
 * or different, sorted by path.
 */
export function distDifferences(fresh: string, committed: string): string[] {
  const built = filesBelow(fresh);
  const kept = filesBelow(committed);
  return [...built.union(kept)].sort().flatMap(path => {
    if (!kept.has(path)) return [`${path}: is missing`];
    if (!built.has(path)) return [`${path}: no source builds it any more`];
    const same = readFileSync(join(fresh, path)).equals(readFileSync(join(committed, path)));
    return same ? [] : [`${path}: is not what the sources build to`];
  });
}

/** Relative paths of all files below a directory; none when there is no such directory. */
function filesBelow(directory: string): Set<string> {
  return new Set(globSync('**', { cwd: directory }).filter(path => statSync(join(directory, path)).isFile()));
}
