import type { Manifest } from '../bag/manifest.ts';
import type { InstalledPackage, SystemFacts } from '../system/system-facts.ts';

/** Names as dpkg allows them: they stand in command lines and, in this order, in sorted lists. */
function packageNames(names: Iterable<string>): string[] {
  return [...new Set(names)].filter(name => /^[a-z0-9][a-z0-9+.-]+$/.test(name)).sort();
}

/** Names of installed packages that somebody asked for, sorted; the required ones are in every base. */
export function chosenPackages(packages: InstalledPackage[]): string[] {
  const isChosen = (each: InstalledPackage) => each.manual && isThere(each) && each.priority !== 'required';
  return packageNames(packages.filter(isChosen).map(each => each.name));
}

function isThere(each: InstalledPackage): boolean {
  return each.status === 'installed' || each.status === 'hold';
}

/** Packages that the owner had removed, and those of which nothing was left; of the others dpkg kept configuration files. */
export function removedPackages({ packages, removed }: SystemFacts): { remove: string[]; purge: string[] } {
  const kept = packages.filter(each => each.status === 'config-files').map(each => each.name);
  return { remove: [...new Set([...removed, ...kept])], purge: removed.filter(name => !kept.includes(name)) };
}

/**
 * Lists of package names that restore/apply.sh reads, a name a line, sorted: `packages` that somebody chose, `automatic` ones that came
 * with them, and those that the owner had `removed`, with their configuration files those that are `purged`, too.
 */
export function packageLists({ system }: Manifest): [string, Buffer][] {
  const packages = chosenPackages(system.packages);
  const others = system.packages.filter(each => isThere(each) && !each.manual && each.priority !== 'required');
  const { remove, purge } = removedPackages(system);
  const list = (names: string[]) => Buffer.from(names.map(name => `${name}\n`).join(''));
  return [
    ['packages', list(packages)],
    ['automatic', list(packageNames(others.map(each => each.name)))],
    ['removed', list(packageNames(remove))],
    ['purged', list(packageNames(purge))],
  ];
}
