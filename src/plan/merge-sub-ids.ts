import type { PasswdEntry, SubIdEntry } from '../system/system-facts.ts';

/** First id that useradd gives out, and the step between ranges (login.defs(5), SUB_UID_MIN and SUB_UID_COUNT). */
const FIRST = 100_000;

/**
 * Subordinate id ranges (subuid(5)): the old range, because files in rootless containers carry its numbers. A
 * range that meets another account's on the new system moves behind all others and is named in `moved`.
 * `people`: names whose ranges are taken from the old system; all other lines stay as built.
 */
export function mergeSubIds(
  old: readonly SubIdEntry[],
  built: readonly SubIdEntry[],
  people: ReadonlySet<string>,
  oldUsers: readonly PasswdEntry[],
): { entries: SubIdEntry[]; moved: string[] } {
  const nameOf = new Map(oldUsers.map(user => [`${user.uid}`, user.name]));
  const wanted = old
    .map(entry => ({ ...entry, name: nameOf.get(entry.name) ?? entry.name }))
    .filter(entry => people.has(entry.name));
  const owners = new Set(wanted.map(entry => entry.name));
  const entries = built.filter(entry => !owners.has(entry.name));
  const moved: string[] = [];
  for (const entry of wanted) {
    if (entries.some(other => same(other, entry))) continue;
    const clash = entries.some(other => other.name !== entry.name && overlap(other, entry));
    entries.push(clash ? { ...entry, start: behind([...entries, ...wanted]) } : entry);
    if (clash) moved.push(entry.name);
  }
  return { entries, moved };
}

function same(a: SubIdEntry, b: SubIdEntry): boolean {
  return a.name === b.name && a.start === b.start && a.count === b.count;
}

function overlap(a: SubIdEntry, b: SubIdEntry): boolean {
  return a.start < b.start + b.count && b.start < a.start + a.count;
}

function behind(entries: readonly SubIdEntry[]): number {
  return Math.max(FIRST, ...entries.map(entry => entry.start + entry.count));
}
