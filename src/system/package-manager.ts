import { apk } from './apk.ts';
import { dpkg } from './dpkg.ts';
import type { PackageFiles } from './package-files.ts';
import { rpm } from './rpm.ts';
import type { DpkgOverrides, InstalledPackage, SystemFacts } from './system-facts.ts';
import type { SystemFiles } from './system-files.ts';

/** A package manager as its files tell it: nothing of it runs in the system that is looked at. */
export interface PackageManager {
  id: Exclude<SystemFacts['packageManager'], 'none'>;
  /** Files and folders, relative to the root, that have to be read for everything here. */
  paths: string[];
  /** Files of these that say which package ships which path; absolute. */
  database: string[];
  /** Whether the system has its database. */
  isPresent(files: SystemFiles): boolean;
  /** @throws PerennialError `image-unsuitable` when the database has a format that is not known */
  packages(files: SystemFiles): InstalledPackage[];
  /** The architecture of the system itself, in the manager's words. */
  architecture(files: SystemFiles, packages: InstalledPackage[]): string;
  overrides(files: SystemFiles, packages: InstalledPackage[]): DpkgOverrides;
  /** Repositories that are not the distribution's own, and keys that somebody added to the database. */
  extraRepositories(files: SystemFiles): string[];
  /** Command lines of the time of operation, when it logs them. */
  installHistory(files: SystemFiles): string[];
  /** @param canonical maps a path as listed (`/bin/sh`) to where it really is (`/usr/bin/sh`) */
  shippedFiles(files: SystemFiles, packages: InstalledPackage[], canonical: (path: string) => string): PackageFiles;
}

/** A system has one; rpm and apk come first, since their systems may have dpkg as a tool, with an empty database. */
const MANAGERS: PackageManager[] = [dpkg, rpm, apk];

/** Everything that has to be read to know the packages of any system. */
export const PACKAGE_PATHS = [...new Set(MANAGERS.flatMap(each => each.paths))];

/** The package manager that knows a system's files: the one with packages in its database. */
export function findPackageManager(files: SystemFiles): PackageManager | undefined {
  const present = MANAGERS.filter(each => each.isPresent(files));
  return present.length > 1 ? present.find(each => each.packages(files).length > 0) : present[0];
}
