import { printable } from '../../src/system/byte-text.ts';
import { readTree, type TreeEntry } from './read-tree.ts';

export type Attribute = keyof TreeEntry;

export interface CompareOptions {
  /** Name owners by each tree's own etc/passwd and etc/group: both trees are root file systems. */
  rootfs?: boolean;
  /** Root file systems whose accounts name the owners, for trees that are a part of one (a volume). */
  accounts?: [a: string, b: string];
  /** Attributes that may differ. */
  ignore?: Attribute[];
  /** Absolute paths within the trees that are left out with everything below them. */
  exclude?: string[];
}

/**
 * Compares two trees attribute by attribute. Gives one line a difference, `path: attribute: a != b`, sorted by path;
 * a path that only one tree has is `path: exists: yes != no`. An empty list means that the trees are equal.
 */
export function compareTrees(a: string, b: string, options: CompareOptions = {}): string[] {
  const [accountsA, accountsB] = options.accounts ?? (options.rootfs ? [a, b] : []);
  return compareEntries(readTree(a, accountsA), readTree(b, accountsB), options);
}

/** The same on trees that are already read. */
export function compareEntries(
  a: Map<string, TreeEntry>,
  b: Map<string, TreeEntry>,
  options: Pick<CompareOptions, 'ignore' | 'exclude'> = {},
): string[] {
  const ignored = new Set<Attribute>(options.ignore);
  const left = (path: string) => options.exclude?.some(top => path === top || path.startsWith(`${top}/`)) ?? false;
  const paths = [...new Set([...a.keys(), ...b.keys()])].filter(path => !left(path)).sort();
  return paths.flatMap(path => compareEntry(path, a.get(path), b.get(path), ignored));
}

function compareEntry(
  path: string,
  a: TreeEntry | undefined,
  b: TreeEntry | undefined,
  ignored: Set<Attribute>,
): string[] {
  if (!a || !b) return [`${printable(path)}: exists: ${a ? 'yes' : 'no'} != ${b ? 'yes' : 'no'}`];
  const differing = (Object.keys(a) as Attribute[]).filter(name => !ignored.has(name) && !agree(name, a, b));
  return differing.map(name => `${printable(path)}: ${name}: ${shown(a[name])} != ${shown(b[name])}`);
}

function agree(name: Attribute, a: TreeEntry, b: TreeEntry): boolean {
  return a[name] === b[name] || (name === 'allocated' && agreeAllocated(a, b));
}

/** Filesystems round and preallocate, so only a hole that came or went counts: over 64 KiB and an eighth of the size. */
function agreeAllocated(a: TreeEntry, b: TreeEntry): boolean {
  const difference = Math.abs(Number(a.allocated) - Number(b.allocated));
  return difference <= Math.max(65536, Math.max(Number(a.size), Number(b.size)) / 8);
}

function shown(value: string): string {
  return value === '' ? '(none)' : printable(value);
}
