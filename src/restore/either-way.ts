import type { InstalledPackage, RunningProcess } from '../system/system-facts.ts';

/** A restore in one order, and in the other. */
export interface Ways<T> {
  /** Packages first, but for those whose state is decided to come before them. */
  first: () => Promise<T>;
  /** Everything of the first is removed, then state comes before packages; undefined where there is no other order. */
  other: ((why: EndOfFirst<T>) => Promise<T>) | undefined;
  /** Whether what did not come up may lie in the order: else the first is as good, and the other one only costs time. */
  mayHelp: (outcome: T) => boolean;
  /** Whether an error may lie in the order: the image or the packages, not the data. */
  mayBeOrder: (error: unknown) => boolean;
}

/** How the first way ended: with an error, or with a service that did not come up. */
export interface EndOfFirst<T> {
  error?: unknown;
  outcome?: T;
}

/**
 * Where a service does not come up in one order, or its image does not build so, the other order is tried, once.
 * @throws what the first way throws when the order is not to blame, and whatever the other one throws
 */
export async function tryEitherWay<T extends { alive: boolean }>(ways: Ways<T>): Promise<T> {
  const { first, other, mayHelp, mayBeOrder } = ways;
  if (!other) return first();
  const ended: EndOfFirst<T> = {};
  try {
    const outcome = await first();
    if (outcome.alive || !mayHelp(outcome)) return outcome;
    ended.outcome = outcome;
  } catch (error) {
    if (!mayBeOrder(error)) throw error;
    ended.error = error;
  }
  return other(ended);
}

/**
 * Of packages whose state could come first, those that are built from the source of a program that is missed (the configuration of
 * apache2-bin is apache2's). State first is worse for the others: scripts make links and keys at a fresh installation only. Pure.
 * @returns undefined where nobody can tell whose the programs are
 */
export function packagesOfPrograms(
  missed: readonly string[],
  processes: readonly RunningProcess[],
  packages: readonly InstalledPackage[],
  carriable: readonly InstalledPackage[],
): Set<string> | undefined {
  if (missed.length === 0 || missed.includes('')) return undefined;
  const names = new Set(processes.filter(each => missed.includes(each.program)).map(each => each.package));
  const sources = new Set(packages.filter(each => names.has(each.name)).map(each => each.source));
  return new Set(carriable.filter(each => names.has(each.name) || sources.has(each.source)).map(each => each.name));
}
