import type { ClassifyContext } from '../classify/classify.ts';
import { readDpkgFilters } from '../system/dpkg-filters.ts';
import { canonicalPaths, type PackageFile } from '../system/package-files.ts';
import { packageFiles, type SystemReading } from '../system/read-system.ts';
import type { Baseline } from './baseline.ts';
import type { Decided, DecideOptions, Scan } from './detect.ts';
import type { WalkEntry } from './walk.ts';

/**
 * What the owner removed: paths of the image that are not there any more, unless the package manager took them, was told to leave
 * them out when it unpacked the package anew, or a rule makes them again; and configuration files that an installed package lists, that are neither there nor in the image.
 */
export async function findDeletions(options: DecideOptions, seen: Scan, context: ClassifyContext): Promise<Decided[]> {
  const { baseline } = options;
  const hidden = seen.mounts.filter(mount => !mount.kept).map(mount => `${mount.destination}/`);
  const isState = (entry: WalkEntry) =>
    entry.kind !== 'socket' &&
    !hidden.some(mount => `${entry.path}/`.startsWith(mount)) &&
    context.findRule(entry.path, entry.kind, entry.target) === undefined &&
    context.replacedBy(entry.path) === undefined &&
    !context.owner.exclude(entry.path);
  const missing = [...(baseline?.image.values() ?? [])].filter(
    entry => !seen.entries.has(entry.path) && isState(entry),
  );
  const image = missing.length > 0 ? (baseline?.system ?? (await options.readImage())) : undefined;
  const formerOwner = image ? ownersInImage(image, baseline) : () => undefined;
  const isLeftOut = leftOutSinceImage(seen, context, baseline);
  const configuration = missingConfiguration(options, seen, context).filter(isState);
  return [
    ...missing
      .filter(entry => !isLeftOut(entry.path))
      .flatMap(entry => fromImage(entry, formerOwner(entry.path), context)),
    ...configuration.filter(entry => !isLeftOut(entry.path)).map(entry => deletion(entry, context)),
  ];
}

/**
 * A test whether dpkg left a path out because its options say so. What was in the image it left out only if it unpacked the package
 * since then; else the owner removed it.
 */
function leftOutSinceImage(
  { system, entries }: Scan,
  { packages }: ClassifyContext,
  baseline: Baseline | undefined,
): (path: string) => boolean {
  const filter = readDpkgFilters(system.files);
  if (!filter) return () => false;
  return path => {
    const list = packages.get(path)?.list;
    if (list === undefined || !filter(path)) return false;
    return !baseline?.image.has(path) || entries.get(list)?.mtime !== baseline.image.get(list)?.mtime;
  };
}

/** Packages of the image that are not installed any more. */
export function removedPackages(image: SystemReading, now: SystemReading): string[] {
  const installed = new Set(now.facts.packages.map(each => each.name));
  return image.facts.packages
    .filter(each => each.status !== 'config-files' && !installed.has(each.name))
    .map(each => each.name);
}

function fromImage(entry: WalkEntry, formerOwner: string | undefined, context: ClassifyContext): Decided[] {
  if (!context.packages.has(entry.path) && formerOwner) return []; // the package manager removed it with its package
  return [deletion(entry, context)];
}

function deletion(entry: WalkEntry, context: ClassifyContext): Decided {
  const shipped = context.packages.get(entry.path);
  const why = shipped
    ? `${shipped.package} ships it; the owner removed it`
    : 'it was in the image; the owner removed it';
  const owner = shipped ? { package: shipped.package } : {};
  return { entry, disposition: 'delete', rule: 'owner/deleted', why, origin: 'operation', seenBy: ['walk'], ...owner };
}

/**
 * dpkg never brings a deleted configuration file back, so a missing one is the owner's doing: also of a package that was
 * installed during operation, and where no image is known. What the Dockerfile removes it removes again.
 */
function missingConfiguration(
  { baseline, rebuildable }: DecideOptions,
  seen: Scan,
  context: ClassifyContext,
): WalkEntry[] {
  const found: WalkEntry[] = [];
  for (const [path, shipped] of context.packages) {
    const { list } = shipped;
    if (!isMissed(shipped, baseline !== undefined) || seen.entries.has(path) || baseline?.image.has(path)) continue;
    const inBuild =
      rebuildable && list !== undefined && seen.entries.get(list)?.ctime === baseline?.image.get(list)?.ctime;
    if (!inBuild) found.push(absentFile(path));
  }
  return found;
}

/**
 * Whether the absence of a packaged path says something. rpm and apk know what they really unpacked; dpkg's lists also name
 * what it was told to leave out, and every path of the image is looked at anyway.
 */
function isMissed({ conffile, ucf, obsolete, digest, mode, unpacked }: PackageFile, imageKnown: boolean): boolean {
  if (ucf || obsolete) return false;
  if (!imageKnown && mode !== undefined) return unpacked !== ''; // what scripts make may never have been made
  return conffile === true && digest !== undefined;
}

/** Nothing is known of a file that nobody has seen but that it was one. */
function absentFile(path: string): WalkEntry {
  return { path, kind: 'file', mode: 0o644, uid: 0, gid: 0, size: 0, links: 1, mtime: '0', ctime: '0', target: '' };
}

/** Who shipped a path in the image. */
function ownersInImage(image: SystemReading, baseline: Baseline | undefined): (path: string) => string | undefined {
  const links = new Map<string, string>();
  for (const entry of baseline?.image.values() ?? []) if (entry.kind === 'symlink') links.set(entry.path, entry.target);
  const owned = packageFiles(image.files, image.facts.packages, canonicalPaths(links));
  return path => owned.get(path)?.package;
}
