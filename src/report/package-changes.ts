import type { InstalledPackage } from '../system/system-facts.ts';

/** One package then and now; an empty version says that it was not there. */
export interface PackageChange {
  name: string;
  before: string;
  after: string;
  /** Chosen by a person then: a change that the owner cares about. */
  main: boolean;
}

/** A package that has another name now. */
export interface Successor {
  old: string;
  new?: string;
}

/**
 * What became of the packages, in the order of their names: only what differs. A package with a successor is one line
 * `ntp -> ntpsec`. Pure.
 */
export function packageChanges(
  then: readonly InstalledPackage[],
  now: readonly InstalledPackage[],
  successors: readonly Successor[],
): PackageChange[] {
  const after = versions(now);
  const renamed = new Map(
    successors.flatMap(each => (each.new && each.new !== each.old ? [[each.old, each.new]] : [])),
  );
  const old = then.filter(isThere).map(each => changeOf(each, after, renamed.get(each.name)));
  const known = new Set(then.filter(isThere).map(each => each.name));
  const used = new Set(renamed.values());
  const fresh = [...after]
    .filter(([name]) => !known.has(name) && !used.has(name))
    .map(([name, version]): PackageChange => ({ name, before: '', after: version, main: false }));
  return [...old, ...fresh].filter(each => each.before !== each.after).toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function changeOf(old: InstalledPackage, after: Map<string, string>, successor: string | undefined): PackageChange {
  const base = { before: old.version, main: old.manual && old.priority !== 'required' && old.priority !== 'important' };
  const same = after.get(old.name);
  const renamed = successor ? after.get(successor) : undefined;
  if (same === undefined && renamed !== undefined)
    return { ...base, name: `${old.name} -> ${successor}`, after: renamed };
  return { ...base, name: old.name, after: same ?? '' };
}

function versions(packages: readonly InstalledPackage[]): Map<string, string> {
  return new Map(packages.filter(isThere).map(each => [each.name, each.version]));
}

function isThere(each: InstalledPackage): boolean {
  return each.status === 'installed' || each.status === 'hold';
}
