import { posix } from 'node:path';
import type { InstalledPackage } from '../system/system-facts.ts';
import { upstreamVersion } from './debian-version.ts';
import { findSubstitutions, mapPath, type Substitution } from './path-substitution.ts';

/** A path component that is nothing but a version of two numbers or more: `5.36.0` of `/usr/share/perl/5.36.0`. */
const VERSION = /^\d+(?:\.\d+)+$/;

/** Where a person puts what programs of packages look for (FHS 3.0, 4.9). */
export const LOCAL = '/usr/local/';

/**
 * The paths of package file lists whose last component is a version. Names of packages tell `ruby3.1`, but only the lists tell
 * that its gems are in `/var/lib/gems/3.1.0`.
 * @param paths what the packages ship
 * @returns sorted
 */
export function versionedDirectories(paths: Iterable<string>): string[] {
  const found: string[] = [];
  for (const path of paths) if (VERSION.test(path.slice(path.lastIndexOf('/') + 1))) found.push(path);
  return found.sort();
}

/**
 * Versions that moved, told by the file lists of then and now: a directory that today's packages do not ship, beside exactly one of
 * as many numbers that the old ones did not ship. Where two directories give one stem and version two answers, there is none.
 * @param old versionedDirectories of the old system
 * @param today versionedDirectories of the new one
 * @param known substitutions of the plan, which have the first word
 */
export function deriveDirectoryVersions(old: string[], today: string[], known: Substitution[]): Substitution[] {
  const before = new Set(old.map(path => mapPath(path, known)));
  const after = new Set(today);
  const found = new Map<string, Substitution | undefined>();
  for (const path of before) {
    if (after.has(path)) continue;
    const [parent, version] = [posix.dirname(path), posix.basename(path)];
    const stem = posix.basename(parent);
    const candidates = today.filter(
      each => posix.dirname(each) === parent && !before.has(each) && sameLength(posix.basename(each), version),
    );
    if (candidates.length !== 1 || !/^[a-z][a-z0-9+._-]*$/.test(stem)) continue;
    const change = { stem, old: version, new: posix.basename(candidates[0]!) };
    const key = `${stem} ${version}`;
    const other = found.get(key);
    found.set(key, found.has(key) && other?.new !== change.new ? undefined : change);
  }
  return [...found.values()]
    .flatMap(each => each ?? [])
    .filter(each => findSubstitutions(`/${each.stem}/${each.old}`, known, false).length === 0)
    .sort((a, b) => (a.stem < b.stem ? -1 : 1));
}

/**
 * Versions that moved, told by folders that a person made in /usr/local for a program's own version, where no file list knows any:
 * `/usr/local/share/perl/5.32.1` beside perl-base 5.32.1 is `5.40.1` beside perl-base 5.40.1.
 * @param known what the plan and the file lists tell, which have the first word
 */
export function deriveLocalVersions(
  folders: string[],
  old: readonly VersionedPackage[],
  today: readonly VersionedPackage[],
  known: Substitution[],
): Substitution[] {
  const now = new Map(today.map(each => [each.name, each]));
  const found = new Map<string, Substitution>();
  for (const path of folders.filter(each => each.startsWith(LOCAL))) {
    const [stem, version] = [posix.basename(posix.dirname(path)), posix.basename(path)];
    const versions = new Set(
      old
        .filter(
          each =>
            each.source === stem && upstreamVersion(each.version) === version && now.get(each.name)?.source === stem,
        )
        .map(each => upstreamVersion(now.get(each.name)!.version)),
    );
    const [moved] = versions;
    if (versions.size !== 1 || moved === version || !VERSION.test(moved!)) continue;
    if (findSubstitutions(`/${stem}/${version}`, known, false).length > 0) continue;
    found.set(`${stem} ${version}`, { stem, old: version, new: moved! });
  }
  return [...found.values()];
}

type VersionedPackage = Pick<InstalledPackage, 'name' | 'version' | 'source'>;

function sameLength(one: string, other: string): boolean {
  return one.split('.').length === other.split('.').length;
}
