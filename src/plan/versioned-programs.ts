import type { InstalledPackage } from '../system/system-facts.ts';
import { isTelling } from './path-substitution.ts';
import { versionStems } from './version-token.ts';
import { isOfStem, type PackageOf } from './version-words.ts';

const COMMAND = /^(?:\/usr)?(?:\/local)?\/s?bin\/([^/]+)$/;

/**
 * Programs of packages that other packages' names give a version: `pg_ctlcluster` of `postgresql-common`, beside `postgresql-13`. A
 * number behind such a program's name is a version (rewriteVersionWords), and that it is of this package only the old file lists know.
 * @param files path -> what ships it
 * @returns name of the program -> package
 */
export function versionedPrograms(
  packages: readonly InstalledPackage[],
  files: Iterable<readonly [string, { package: string }]>,
): Record<string, string> {
  const stems = new Set(packages.flatMap(each => versionStems(each.name)).filter(isTelling));
  const owners = new Set(packages.map(each => each.name).filter(name => [...stems].some(stem => isOfStem(name, stem))));
  const found: Record<string, string> = {};
  for (const [path, { package: owner }] of files) {
    const name = COMMAND.exec(path)?.[1];
    if (name !== undefined && owners.has(owner)) found[name] = owner;
  }
  return found;
}

/** packageOf for rewriteVersionWords, of programs that versionedPrograms found. */
export function packageOfPrograms(programs: Readonly<Record<string, string>> | undefined): PackageOf {
  const known = new Map(Object.entries(programs ?? {}));
  return word => known.get(word.includes('/') ? (COMMAND.exec(word)?.[1] ?? '') : word);
}
