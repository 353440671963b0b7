import type { InstalledPackage } from '../system/system-facts.ts';
import type { Resolution } from './resolve-packages.ts';
import { editedConffiles, findVanished } from './vanished-packages.ts';
import { versionPattern } from './version-token.ts';

/** Which comes first, a package of today or the old one's state. `auto` decides for each package. */
export const ORDERS = ['auto', 'packages-first', 'state-first'] as const;
export type Order = (typeof ORDERS)[number];

/** What a package of today has in it: the text of its maintainer scripts, and the paths that it ships. */
export interface PackageContent {
  scripts: string;
  paths: ReadonlySet<string>;
}

export interface OrderDecision {
  old: InstalledPackage;
  successor: string;
  order: 'state-first' | 'packages-first';
  why: string;
}

/**
 * Decides for the packages whose state could come first. State first lets the distribution's own scripts carry it over; packages
 * first lets today's defaults be merged, and is right for every other package: a script that checks what it finds would stop.
 * @param today of successors, by name; one that is missing could not be read
 */
export function decideOrder(
  old: InstalledPackage[],
  resolutions: Resolution[],
  order: Order,
  today: ReadonlyMap<string, PackageContent> = new Map(),
): OrderDecision[] {
  const successors = new Map(resolutions.map(each => [each.old, each.new]));
  const decide = (each: InstalledPackage): OrderDecision => {
    const successor = successors.get(each.name)!;
    if (order !== 'auto') return { old: each, successor, order, why: 'asked for' };
    return { old: each, successor, ...judge(each, today.get(successor)) };
  };
  const candidates = order === 'state-first' ? carriable(old, successors) : findVanished(old, resolutions);
  return candidates.map(decide);
}

/** Packages that can come after their old state: of those that the base has, dpkg's one record is today's, and a second is an error. */
export function notInBase(old: InstalledPackage[], base: readonly InstalledPackage[]): InstalledPackage[] {
  const there = new Set(base.filter(each => each.status !== 'config-files').map(each => each.name));
  return old.filter(each => !there.has(each.name));
}

/** Packages with edited configuration that today's have under the same or another name; other version numbers excepted. */
function carriable(old: InstalledPackage[], successors: ReadonlyMap<string, string | undefined>): InstalledPackage[] {
  return old.filter(each => {
    const successor = successors.get(each.name);
    if (!each.manual || each.priority === 'required' || successor === undefined) return false;
    const isVersioned = successor !== each.name && versionPattern(successor) === versionPattern(each.name);
    return !isVersioned && editedConffiles(each).length > 0;
  });
}

function judge(old: InstalledPackage, today: PackageContent | undefined): Pick<OrderDecision, 'order' | 'why'> {
  if (!today) return { order: 'state-first', why: 'the scripts of today could not be read; most carry what they find' };
  const files = editedConffiles(old);
  const named =
    files.find(path => today.scripts.includes(path)) ?? foldersOf(old.name).find(path => today.scripts.includes(path));
  if (named) return { order: 'state-first', why: `the scripts of today name ${named}` };
  const shipped = files.find(path => today.paths.has(path));
  if (shipped) return { order: 'packages-first', why: `the package of today ships ${shipped}: it is merged` };
  return { order: 'packages-first', why: 'the scripts of today name no file of the old package' };
}

function foldersOf(name: string): string[] {
  return [`/etc/${name}`, `/var/lib/${name}`, `/etc/default/${name}`];
}
