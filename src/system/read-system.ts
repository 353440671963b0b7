import { parseAccounts } from './accounts.ts';
import { parseOsRelease } from './os-release.ts';
import type { PackageFiles } from './package-files.ts';
import { findPackageManager, PACKAGE_PATHS } from './package-manager.ts';
import type { Accounts, InstalledPackage, SystemFacts } from './system-facts.ts';
import { readSystemFiles, type SystemFiles } from './system-files.ts';
import type { Target } from './target.ts';

const ACCOUNT_FILES = ['passwd', 'group', 'shadow', 'gshadow', 'subuid', 'subgid'] as const;

/** Everything of a system that is read as files, apart from the walk. */
export interface SystemReading {
  files: SystemFiles;
  facts: SystemFacts;
  accounts: Accounts;
}

/** Small files below the root that nearly every operation changes, and the release. */
export const FEW_PATHS = ['etc/os-release', 'usr/lib/os-release', ...ACCOUNT_FILES.map(name => `etc/${name}`)];

/** What else is read: of a system where no package came or went it is the image's own. */
export const DATABASE_PATHS = PACKAGE_PATHS.filter(path => !FEW_PATHS.includes(path));

/** Paths below the root that `readSystem` reads. */
export const SYSTEM_PATHS = [...FEW_PATHS, ...DATABASE_PATHS];

/** Reads package database, accounts and release of a target in one go; nothing but tar runs in it. */
export async function readSystem(target: Target): Promise<SystemReading> {
  return systemReading(await readSystemFiles(target, SYSTEM_PATHS));
}

/** What the files of SYSTEM_PATHS tell. Pure. @param facts what an earlier reading of the same files told */
export function systemReading(files: SystemFiles, facts: SystemFacts = systemFacts(files)): SystemReading {
  return { files, facts: { ...facts, removed: [] }, accounts: readAccounts(files) };
}

/** Account databases of files already read. */
export function readAccounts(files: SystemFiles): Accounts {
  const bytes = Object.fromEntries(
    ACCOUNT_FILES.filter(name => files.has(`/etc/${name}`)).map(name => [name, files.bytes(`/etc/${name}`)]),
  );
  return parseAccounts(bytes);
}

function systemFacts(files: SystemFiles): SystemFacts {
  const release = files.has('/usr/lib/os-release') ? '/usr/lib/os-release' : '/etc/os-release';
  const manager = findPackageManager(files);
  const packages = manager?.packages(files) ?? [];
  const nothing = { statoverrides: [], diversions: [], alternatives: [], holds: [] };
  return {
    os: parseOsRelease(files.text(release)),
    architecture: manager?.architecture(files, packages) ?? '',
    packageManager: manager && packages.length > 0 ? manager.id : 'none',
    packages,
    overrides: manager?.overrides(files, packages) ?? nothing,
    extraRepositories: manager?.extraRepositories(files) ?? [],
    installHistory: manager?.installHistory(files) ?? [],
    removed: [],
  };
}

/** Which package ships which path. @param canonical see canonicalPaths */
export function packageFiles(
  files: SystemFiles,
  packages: InstalledPackage[],
  canonical: (path: string) => string,
): PackageFiles {
  return findPackageManager(files)?.shippedFiles(files, packages, canonical) ?? new Map();
}
