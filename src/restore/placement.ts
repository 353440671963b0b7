import type { IndexEntry } from '../bag/index-entry.ts';
import { RAW_DATA } from '../classify/classify.ts';

/** Where a payload path goes on the new system, and how. */
export type Placement =
  | { action: 'lay'; path: string; why: string /** New target of a link. */; target?: string }
  | { action: 'merge'; path: string; why: string }
  | { action: 'beside'; path: string; why: string }
  | { action: 'skip'; why: string; report: boolean };

/** What placement looks at. All paths of the new system are canonical. */
export interface PlacementContext {
  /** A Dockerfile made the image and has run again. */
  rebuilt: boolean;
  sameRelease: boolean;
  /** Old path -> new path: versioned directories, moves of knowledge entries, canonical directories. */
  place: (path: string) => string;
  /** Path on the new system, before the payload: its kind, or undefined. */
  kindOf: (path: string) => string | undefined;
  /** Target of a link with the names of today. */
  retarget: (target: string) => string;
  /** Configuration files are read through and rewritten where versioned names are in them. */
  rewrites: boolean;
  /** Path resolves (through links) to something on the new system or in the payload. */
  resolves: (link: string, target: string) => boolean;
  packaged: (path: string) => boolean;
  /** Package of the new system has the very version that the old one had. */
  sameVersion: (path: string, oldPackage: string) => boolean;
  skipped: (path: string) => string | undefined;
}

const CONFIGURATION = '/etc/';

/**
 * Decides where one kept path goes. Pure; the reasons end up in the report.
 * What the owner made has the last word, what packages and build steps make again is theirs, and where both have a
 * configuration file the two are merged.
 */
export function placeEntry(entry: IndexEntry, context: PlacementContext): Placement {
  const reason = context.skipped(entry.path);
  if (reason) return { action: 'skip', why: reason, report: true };
  if (entry.rule === RAW_DATA)
    return { action: 'skip', why: 'its logical export is loaded; the raw data stay in the bag', report: false };
  const path = context.place(entry.path);
  const now = context.kindOf(path);
  if (entry.rule === 'image/unowned') return placeImageMade(entry, path, now, context);
  if (entry.rule === 'package/referenced' && now !== undefined) {
    return { action: 'skip', why: "it was not edited, and today's package ships it", report: false };
  }
  if (entry.kind === 'symlink') return placeLink(entry, path, now, context);
  if (entry.rule === 'package/modified') return placeModified(entry, path, now, context);

  if (
    entry.kind === 'file' &&
    now === 'file' &&
    path.startsWith(CONFIGURATION) &&
    !entry.rule.startsWith('image/secret')
  ) {
    return { action: 'merge', path, why: "a configuration file, merged with today's" };
  }
  if (hasOldNames(entry, path, context)) {
    return { action: 'merge', path, why: 'configuration file; names in it may have changed' };
  }
  if (entry.kind === 'file' && now === 'file' && context.packaged(path) && !path.startsWith(CONFIGURATION)) {
    return { action: 'beside', path, why: 'a package ships this path today; the old file is put beside it' };
  }
  return { action: 'lay', path, why: entry.why };
}

/** Configuration in which names may have changed. */
function hasOldNames(entry: IndexEntry, path: string, context: PlacementContext): boolean {
  const isConfiguration = path.startsWith(CONFIGURATION) && !entry.rule.startsWith('image/secret');
  return entry.kind === 'file' && context.rewrites && isConfiguration && !entry.hardlink;
}

/** Maintainer scripts and build steps made it once and have run again, for today's versions. */
function placeImageMade(
  entry: IndexEntry,
  path: string,
  now: string | undefined,
  context: PlacementContext,
): Placement {
  if (now !== undefined) return { action: 'skip', why: 'the new system made its own', report: false };
  if (context.rebuilt) return { action: 'skip', why: 'the build steps decide whether it exists', report: false };
  const why = 'the new system does not have it';
  if (entry.kind === 'symlink' && !context.resolves(path, entry.target ?? '')) {
    const target = context.retarget(entry.target ?? '');
    if (context.resolves(path, target)) return { action: 'lay', path, target, why: `${why}; its target has moved` };
    return { action: 'skip', why: 'its target does not exist any more', report: false };
  }
  return hasOldNames(entry, path, context) ? { action: 'merge', path, why } : { action: 'lay', path, why };
}

/** A file of a package that was edited in place: right only where the package is the same. */
function placeModified(entry: IndexEntry, path: string, now: string | undefined, context: PlacementContext): Placement {
  if (now === undefined) return { action: 'lay', path, why: 'no package ships it today' };
  if (context.sameVersion(path, entry.package ?? ''))
    return { action: 'lay', path, why: 'edited in place; same package version' };
  if (entry.kind === 'file' && now === 'file')
    return { action: 'merge', path, why: 'edited in place, and the package has changed' };
  return { action: 'lay', path, why: 'changed by the owner' };
}

/** A link that leads nowhere on the new system, and did lead somewhere, gives way to what is there today. */
function placeLink(entry: IndexEntry, path: string, now: string | undefined, context: PlacementContext): Placement {
  const target = entry.target ?? '';
  if (entry.rule !== 'package/modified' && context.packaged(path) && !path.startsWith(CONFIGURATION)) {
    return { action: 'skip', why: 'a package ships this path today', report: !path.startsWith('/usr/') };
  }
  if (entry.dangling || context.resolves(path, target)) return { action: 'lay', path, why: entry.why };
  const today = context.retarget(target);
  if (context.resolves(path, today))
    return { action: 'lay', path, target: today, why: `${entry.why}; its target has moved` };
  const missing = `its target ${target} does not exist on the new system`;
  if (now !== undefined)
    return { action: 'skip', why: `${missing}, which has a link of its own`, report: !path.startsWith('/usr/') };
  if (isProgramsOwn(path)) return { action: 'skip', why: `${missing}: is a package missing or renamed?`, report: true };
  return { action: 'lay', path, why: `${missing}; it is kept as it was` };
}

/** Places where a program follows every link, so that one that dangles does harm or says that a package is missing. */
function isProgramsOwn(path: string): boolean {
  return /^\/etc\/(.*-enabled|rc[0-9S]\.d|.*\.wants|.*conf\.d)\/|^\/usr\/(?!local\/)/.test(path);
}
