import type { Plan } from './plan.ts';

/** Version tokens that moved, for programs of knowledge entries: PERENNIAL_OLD_POSTGRESQL=13, PERENNIAL_NEW_POSTGRESQL=17. */
export function loadEnvironment(plan: Pick<Plan, 'substitutions'>): Record<string, string> {
  return Object.fromEntries(
    plan.substitutions.flatMap(({ stem, old, new: now }) => {
      const name = stem.toUpperCase().replace(/[^A-Z0-9]+/g, '_');
      return [
        [`PERENNIAL_OLD_${name}`, old],
        [`PERENNIAL_NEW_${name}`, now],
      ];
    }),
  );
}
