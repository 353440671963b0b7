import type { Plan } from './plan.ts';

/**
 * For programs of knowledge entries: version tokens that moved (PERENNIAL_OLD_POSTGRESQL=13, PERENNIAL_NEW_POSTGRESQL=17), and in
 * PERENNIAL_OLD_PACKAGES, for those that ask for it, the packages of then, `name version` a line.
 */
export function loadEnvironment(plan: Pick<Plan, 'substitutions' | 'versions'>, script = ''): Record<string, string> {
  const packages = Object.entries(plan.versions).map(([name, version]) => `${name} ${version}\n`);
  const asked: [string, string][] = script.includes(PACKAGES) ? [[PACKAGES, packages.join('')]] : [];
  return Object.fromEntries([
    ...asked,
    ...plan.substitutions.flatMap(({ stem, old, new: now }) => {
      const name = stem.toUpperCase().replace(/[^A-Z0-9]+/g, '_');
      return [
        [`PERENNIAL_OLD_${name}`, old],
        [`PERENNIAL_NEW_${name}`, now],
      ];
    }),
  ]);
}

const PACKAGES = 'PERENNIAL_OLD_PACKAGES';
