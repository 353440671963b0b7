/** A restore in one order, and in the other. */
export interface Ways<T> {
  /** Packages first, but for those whose state is decided to come before them. */
  first: () => Promise<T>;
  /** Everything of the first is removed, then state comes before packages; undefined where there is no other order. */
  other: ((why: EndOfFirst) => Promise<T>) | undefined;
  /** Whether an error may lie in the order: the image or the packages, not the data. */
  mayBeOrder: (error: unknown) => boolean;
}

/** The error that ended the first way; undefined where the service did not come up. */
export interface EndOfFirst {
  error?: unknown;
}

/**
 * Where a service does not come up in one order, or its image does not build so, the other order is tried, once.
 * @throws what the first way throws when the order is not to blame, and whatever the other one throws
 */
export async function tryEitherWay<T extends { alive: boolean }>({ first, other, mayBeOrder }: Ways<T>): Promise<T> {
  if (!other) return first();
  const ended: EndOfFirst = {};
  try {
    const outcome = await first();
    if (outcome.alive) return outcome;
  } catch (error) {
    if (!mayBeOrder(error)) throw error;
    ended.error = error;
  }
  return other(ended);
}
