/** The keys of a type at every depth, optional ones included. */
type Keys<T> = T extends readonly (infer Item)[]
  ? Keys<Item>[]
  : T extends object
    ? { [K in keyof T]-?: Keys<NonNullable<T[K]>> }
    : true;

/**
 * `true` when both types have the same keys at every depth, else `never`. A schema that drops unknown keys would lose an
 * optional field that was added to the interface only: `true satisfies SameShape<Output, Interface>` stops that.
 */
export type SameShape<A, B> = [Keys<A>, Keys<B>] extends [Keys<B>, Keys<A>] ? true : never;
