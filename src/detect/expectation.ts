import {
  type ClassifyContext,
  classify,
  type OwnerRules,
  type ReplacedBy,
  type Verdict,
} from '../classify/classify.ts';
import { type CompiledRule, type FindRule, ruleFinder } from '../classify/rule.ts';
import { canonicalPaths, type PackageFile, type PackageFiles } from '../system/package-files.ts';
import { findPackageManager } from '../system/package-manager.ts';
import { DATABASE_PATHS, packageFiles, type SystemReading } from '../system/read-system.ts';
import type { Baseline } from './baseline.ts';
import type { Paths } from './path-table.ts';
import type { WalkEntry } from './walk.ts';

/** What decides about paths, and is known before they are walked. */
export interface Judging {
  baseline: Baseline | undefined;
  rules: CompiledRule[];
  owner: OwnerRules;
  /** A Dockerfile and its context are in the bag, so that build steps make their files again. */
  rebuildable: boolean;
}

/**
 * What will be decided about each path of the image, if it is still as it was. Made before a walk, it leaves only the paths that
 * changed for after it.
 */
export class Expectation {
  readonly packages: PackageFiles;
  /** Has tried the image's directories by now. */
  readonly findRule: FindRule;
  readonly #judging: Judging;
  readonly #verdicts = new Map<WalkEntry, Verdict | 'probe'>();
  /** Of each path of the package database, the entries of the image at or below it. */
  readonly #database: Map<string, WalkEntry[]>;

  /** @param mounts places where another file system hides the image's */
  constructor(judging: Judging, mounts: string[], baseline: Baseline, system: SystemReading) {
    this.#judging = judging;
    const links = new Map<string, string>();
    for (const entry of baseline.image.values()) if (entry.kind === 'symlink') links.set(entry.path, entry.target);
    this.packages = packageFiles(system.files, system.facts.packages, canonicalPaths(links));
    const context = classifyContext(judging, this.packages, mounts, () => undefined);
    this.findRule = context.findRule;
    for (const entry of baseline.image.values())
      if (!context.inMount(entry.path)) this.#verdicts.set(entry, classify(entry, context));
    this.#database = new Map(DATABASE_PATHS.map(path => [path, atOrBelow(`/${path}`, baseline.image)]));
  }

  /** Paths of the package database, of DATABASE_PATHS, that are not, inode by inode, what they were in the image. */
  changedDatabase(entries: Paths): string[] {
    // The time of a folder changes with every file that comes or goes.
    const isChanged = ([path, image]: [string, WalkEntry[]]) =>
      image.length === 0 ? entries.has(`/${path}`) : image.some(each => entries.get(each.path) !== each);
    return [...this.#database].filter(isChanged).map(([path]) => path);
  }

  /**
   * Undefined for an entry that is not the image's own, or that is shipped otherwise now.
   * @param packages who ships what now
   */
  verdict(entry: WalkEntry, packages: PackageFiles): Verdict | 'probe' | undefined {
    const verdict = this.#verdicts.get(entry); // a walk hands out the image's own entry of what has not changed
    if (verdict === undefined || packages === this.packages) return verdict;
    return isShippedAlike(this.packages.get(entry.path), packages.get(entry.path)) ? verdict : undefined;
  }

  /** False when something else decides now than when the expectation was made. */
  fits(judging: Judging): boolean {
    const { baseline, rules, owner, rebuildable } = this.#judging;
    return (
      judging.baseline === baseline &&
      judging.rules === rules &&
      judging.owner === owner &&
      judging.rebuildable === rebuildable
    );
  }
}

function isShippedAlike(a: PackageFile | undefined, b: PackageFile | undefined): boolean {
  if (!a || !b) return a === b;
  return (
    a.package === b.package &&
    a.digest === b.digest &&
    a.algorithm === b.algorithm &&
    a.conffile === b.conffile &&
    a.ucf === b.ucf &&
    a.unpacked === b.unpacked &&
    a.kind === b.kind &&
    a.mode === b.mode &&
    a.uid === b.uid &&
    a.gid === b.gid &&
    a.target === b.target &&
    a.capability === b.capability &&
    a.extended === b.extended &&
    a.local === b.local
  );
}

function atOrBelow(path: string, image: ReadonlyMap<string, WalkEntry>): WalkEntry[] {
  return [...image.values()].filter(
    entry => entry.path.startsWith(path) && /^(\/|$)/.test(entry.path.slice(path.length)),
  );
}

/** Whether packages ship the same paths as in the image: the same database, and no packaged path behind another link. */
export function hasSamePackages(
  expected: PackageFiles,
  system: SystemReading,
  links: ReadonlyMap<string, string>,
  entries: Paths,
  baseline: Baseline,
): boolean {
  const before = baseline.system;
  if (!before || !databaseOf(system).every(path => before.files.bytes(path).equals(system.files.bytes(path))))
    return false;
  for (const path of links.keys())
    if (entries.get(path) !== baseline.image.get(path) && expected.has(path)) return false;
  for (const [path, entry] of baseline.image)
    if (entry.kind === 'symlink' && entries.get(path) !== entry && expected.has(path)) return false;
  return true;
}

/** Files that say which package ships which path: while they are the same, so are the packages. */
function databaseOf({ files }: SystemReading): string[] {
  return findPackageManager(files)?.database ?? [];
}

/** Everything that classification looks at beside the path itself. */
export function classifyContext(
  { baseline, rules, owner, rebuildable }: Judging,
  packages: PackageFiles,
  mounts: string[],
  replacedBy: ReplacedBy,
  findRule: FindRule = ruleFinder(rules),
): ClassifyContext {
  const prefixes = mounts.map(mount => (mount === '/' ? '/' : `${mount}/`));
  return {
    packages,
    findRule,
    owner,
    inImage: path => baseline?.image.get(path),
    imageKnown: baseline !== undefined,
    rebuildable,
    inMount: path => prefixes.some((prefix, n) => path.startsWith(prefix) || path === mounts[n]),
    replacedBy,
    mayNameDecide: (folder, last) =>
      !replacedBy.isEmpty ||
      (owner.include.mayMatch?.(folder, last) ?? true) ||
      (owner.exclude.mayMatch?.(folder, last) ?? true) ||
      rules.some(rule => rule.mayMatch(folder, 'file', last)),
  };
}
