import { deriveDirectoryVersions, versionedDirectories } from '../plan/versioned-directories.ts';
import type { Journal } from './journal.ts';
import type { NewSystem } from './new-system.ts';
import type { Preparation } from './prepare-restore.ts';

/**
 * The preparation with the versions that only the file lists of today's installed packages tell: the plan was made before they were
 * there. Whatever comes after takes them for substitutions of the plan.
 * @param journal where they are told, the first time
 */
export function withListedVersions(prepared: Preparation, system: NewSystem, journal?: Journal): Preparation {
  const { plan, bag } = prepared;
  const old = bag.manifest.system.versionedDirectories ?? [];
  const found = deriveDirectoryVersions(old, versionedDirectories(system.packages.keys()), plan.substitutions);
  if (found.length === 0) return prepared;
  for (const each of found)
    journal?.done(
      'state',
      `paths of ${each.stem} ${each.old} move to ${each.new}`,
      'file lists of the packages',
      'paths/listed',
    );
  return { ...prepared, plan: { ...plan, substitutions: [...plan.substitutions, ...found] } };
}
