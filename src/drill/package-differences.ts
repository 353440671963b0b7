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
 * @param gone packages that the new base does not offer at all; they come first
 */
export function packageDifferences(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
  gone: readonly PackageDifference[] = [],
): PackageDifference[] {
  const named = new Set(gone.map(each => each.name));
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  const changed = names
    .filter(name => !named.has(name) && before[name] !== after[name])
    .map(name => ({ name, before: before[name] ?? '', after: after[name] ?? '' }));
  return [...gone, ...changed].slice(0, MOST);
}
