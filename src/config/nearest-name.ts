/**
 * The known name that a person most likely meant, for "did you mean".
 * @param name what was written
 * @param known the names that are allowed
 * @returns undefined when nothing is near: at most a third of the letters may differ, and never more than three
 */
export function findNearestName(name: string, known: readonly string[]): string | undefined {
  const wanted = simplified(name);
  const ranked = known
    .map(candidate => ({ candidate, distance: editDistance(wanted, simplified(candidate)) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  const limit = Math.min(3, Math.max(1, Math.floor(wanted.length / 3)));
  return best && best.distance <= limit ? best.candidate : undefined;
}

/** `raw-data`, `raw_data` and `rawData` are the same word to the person who writes them. */
function simplified(name: string): string {
  return name
    .toLowerCase()
    .replace(/[-_\s]/g, '')
    .slice(0, 64);
}

/** Edits (insert, delete, replace, swap of neighbours) from `a` to `b`: optimal string alignment. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row[j] = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1));
      if (swapped) row[j] = Math.min(row[j]!, beforeLast[j - 2]! + 1);
    }
    [beforeLast, last] = [last, row];
  }
  return last[b.length]!;
}
