/** A package then and now; an empty version says that it was not there. */
export interface PackageDifference {
  name: string;
  before: string;
  after: string;
}

/** Differences that a record keeps. */
const MOST = 300;

/**
 * What changed between two sets of versions by package, in the order of the names. Pure.
 * @param options.partial `after` has only the base's packages, since nothing was installed: one that is missing there says nothing
 * @param options.gone packages that the new base does not offer at all; they come first
 */
export function packageDifferences(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
  options: { partial: boolean; gone: readonly string[] },
): PackageDifference[] {
  const gone = new Set(options.gone.filter(name => before[name] !== undefined));
  const names = [...new Set([...Object.keys(before), ...(options.partial ? [] : Object.keys(after))])].sort();
  const changed = names
    .filter(name => !gone.has(name) && before[name] !== after[name] && !(options.partial && after[name] === undefined))
    .map(name => ({ name, before: before[name] ?? '', after: after[name] ?? '' }));
  return [...[...gone].map(name => ({ name, before: before[name]!, after: '' })), ...changed].slice(0, MOST);
}
