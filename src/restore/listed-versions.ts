import { deriveDirectoryVersions, deriveLocalVersions, versionedDirectories } from '../plan/versioned-directories.ts';
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
  const listed = deriveDirectoryVersions(old, versionedDirectories(system.packages.keys()), plan.substitutions);
  const known = [...plan.substitutions, ...listed];
  const found = [...listed, ...deriveLocalVersions(old, bag.manifest.system.packages, system.facts.packages, known)];
  if (found.length === 0) return prepared;
  for (const each of found)
    journal?.done(
      'state',
      `paths of ${each.stem} ${each.old} move to ${each.new}`,
      listed.includes(each)
        ? 'file lists of the packages'
        : 'the version of the package is the name of a folder in /usr/local',
      'paths/listed',
    );
  return { ...prepared, plan: { ...plan, substitutions: [...plan.substitutions, ...found] } };
}
