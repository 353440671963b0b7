import type { InstalledPackage } from '../system/system-facts.ts';
import type { Plan } from './plan.ts';
import type { Resolution } from './resolve-packages.ts';

/** A package that somebody chose and that today's release has not, nor anything that succeeds it. */
export interface MissedPackage {
  name: string;
  /** Why nothing succeeds it. */
  why: string;
  /**
   * Programs for no processor in particular (Architecture: all): an older release's runs here, if what it depends on is there. Never so
   * where older releases' packages are refused.
   */
  portable: boolean;
}

/**
 * Packages that the restored service will be without. Libraries, and what every base has, are none: nobody asks for them by name.
 * Nor are those that come from the archive itself, or that an entry drops on purpose. Pure.
 * @param old packages of the old system
 */
export function findMissedPackages(
  plan: Pick<Plan, 'resolutions' | 'olderPackages'>,
  old: InstalledPackage[],
): MissedPackage[] {
  const gone = new Map<string, Resolution>(
    plan.resolutions.filter(each => each.how === 'gone').map(each => [each.old, each]),
  );
  return old
    .filter(each => gone.has(each.name) && isChosen(each) && !/^(lib|gcc-\d)/.test(each.name))
    .map(({ name, architecture }) => {
      const { why } = gone.get(name)!;
      const isRefused = architecture === 'all' && !plan.olderPackages;
      if (isRefused) return { name, why: `${why}; older releases were not to be asked`, portable: false };
      return { name, why, portable: architecture === 'all' };
    });
}

function isChosen({ manual, priority, local, status }: InstalledPackage): boolean {
  return manual && priority === undefined && !local && (status === 'installed' || status === 'hold');
}
