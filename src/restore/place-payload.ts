import type { IndexEntry } from '../bag/index-entry.ts';
import type { Manifest } from '../bag/manifest.ts';
import { isCarried } from '../bag/unpacked.ts';
import { RAW_DATA } from '../classify/classify.ts';
import { compileGlobs } from '../classify/rule.ts';
import { knownMoves } from '../plan/known-moves.ts';
import { mapEnvironmentPath, mapPath } from '../plan/path-substitution.ts';
import type { Plan } from '../plan/plan.ts';
import { printable } from '../system/byte-text.ts';
import type { Journal } from './journal.ts';
import type { NewSystem } from './new-system.ts';
import { type Placement, placeEntry } from './placement.ts';

/** Programs do without what is there (FHS 3.0, 5.5): that it is not put back is nothing to look at. */
const CACHE = /^\/var\/cache\//;

/**
 * Where an old path lies on the new system: knowledge's moves first, then those of today's packages, versioned names, directory links.
 * @param paths of the old system; which of its folders are virtual environments of Python is seen there (PEP 405)
 */
export function placer(system: NewSystem, plan: Plan, paths: Iterable<string>): (path: string) => string {
  const environments = new Set<string>();
  for (const path of paths) if (path.endsWith('/pyvenv.cfg')) environments.add(path.slice(0, path.lastIndexOf('/')));
  const known = knownMoves(plan);
  return path => {
    const moved = known(path) ?? plan.moves?.get(path) ?? path;
    const map = isBelow(path, environments) ? mapEnvironmentPath : mapPath;
    return system.canonical(map(moved, plan.substitutions));
  };
}

function isBelow(path: string, folders: ReadonlySet<string>): boolean {
  if (folders.size === 0) return false;
  for (let up = path; up !== ''; up = up.slice(0, up.lastIndexOf('/'))) if (folders.has(up)) return true;
  return false;
}

export function placeAll(
  index: ReadonlyMap<string, IndexEntry>,
  system: NewSystem,
  plan: Plan,
  manifest: Manifest,
  place: (path: string) => string,
  journal: Journal,
): Map<string, Placement> {
  const skips = plan.differences.flatMap(each =>
    each.difference.skip ? [{ why: each.difference.why, test: compileGlobs(each.difference.skip) }] : [],
  );
  const kept = [...index.values()].filter(each => isCarried(each) || each.disposition === 'record');
  const newPaths = new Set(kept.filter(isCarried).map(each => place(each.path)));
  const versionThen = new Map(manifest.system.packages.map(each => [each.name, each.version]));
  const context = {
    rebuilt: manifest.rebuild !== null,
    sameRelease: plan.sameRelease,
    place,
    kindOf: (path: string) => system.kindOf(path),
    retarget: (target: string) => mapPath(target, plan.substitutions),
    rewrites: plan.substitutions.length > 0,
    resolves: (link: string, target: string) =>
      system.resolves(link, target) || newPaths.has(system.canonical(absolute(link, target))),
    packaged: (path: string) => system.packages.has(path),
    sameVersion: (path: string, old: string) => {
      const owner = system.packages.get(path)?.package;
      return (
        owner === old && versionThen.get(old) !== undefined && versionThen.get(old) === system.installedVersion(old)
      );
    },
    skipped: (path: string) => skips.find(each => each.test(path))?.why,
  };
  const placements = new Map<string, Placement>();
  for (const entry of kept) {
    const placement: Placement =
      entry.disposition === 'record'
        ? { action: 'skip', why: 'merged as records', report: false }
        : withFirstName(placeEntry(entry, context), placements.get(entry.hardlink ?? ''));
    placements.set(entry.path, placement);
    const above = placements.get(entry.path.slice(0, entry.path.lastIndexOf('/')));
    const isSaid = above?.action === 'skip' && above.report;
    if (placement.action === 'skip' && placement.report && !isSaid)
      journal[CACHE.test(entry.path) || isOfUnit(entry, system, plan, manifest) ? 'done' : 'look'](
        'state',
        `${printable(entry.path)} is not put back`,
        placement.why,
        entry.rule,
      );
    else if (placement.action === 'lay' && placement.path !== entry.path)
      journal.done(
        'state',
        `${printable(entry.path)} -> ${printable(placement.path)}`,
        'the path moved',
        'paths/moved',
      );
  }
  const gems = manifest.languagePackages.filter(each => each.ecosystem === 'gem');
  sayCompiled(placements, [...new Set(gems.map(each => each.folder))], journal);
  const raw = kept.filter(each => each.rule === RAW_DATA).length;
  if (raw > 0)
    journal.done('state', `${raw} paths of raw data stay in the bag`, 'their logical export is loaded', RAW_DATA);
  return placements;
}

/** A link of a run level to an init script of a package that is there, and has a unit today: keepServiceNames makes the script. */
function isOfUnit(
  { path, target = '' }: IndexEntry,
  system: NewSystem,
  plan: Plan,
  { system: then }: Manifest,
): boolean {
  const script = `/etc/init.d/${target.slice(target.lastIndexOf('/') + 1)}`;
  const owner = then.packages.find(each => each.conffiles[script] !== undefined)?.name;
  const today = plan.resolutions.find(each => each.old === owner)?.new;
  return /^\/etc\/rc[0-9S]\.d\//.test(path) && today !== undefined && system.installedVersion(today) !== undefined;
}

/** Another name of a file that is merged is a name of what comes out: it cannot be linked before. */
function withFirstName(placement: Placement, first: Placement | undefined): Placement {
  if (placement.action !== 'lay' || (first?.action !== 'merge' && first?.action !== 'beside')) return placement;
  return { action: 'merge', path: placement.path, why: `a hard link to ${first.path}` };
}

/** A shared object that lies in a folder of another version today was compiled for that of then: the new program refuses it. Those of gems are built again. */
function sayCompiled(placements: ReadonlyMap<string, Placement>, gemHomes: string[], journal: Journal): void {
  const folders = new Map<string, number>();
  const isOfGems = (path: string) => gemHomes.some(home => path.startsWith(`${home}/`));
  for (const [path, placement] of placements) {
    if (placement.action !== 'lay' || placement.path === path || !/\.so$/.test(path) || isOfGems(path)) continue;
    const folder = placement.path.slice(0, placement.path.lastIndexOf('/'));
    folders.set(folder, (folders.get(folder) ?? 0) + 1);
  }
  for (const [folder, count] of folders)
    journal.look(
      'state',
      `${printable(folder)} holds ${count === 1 ? 'a compiled module' : `${count} compiled modules`} of the old version`,
      "today's program may refuse it: have it compiled again by whatever installed it",
      'paths/compiled',
    );
}

function absolute(link: string, target: string): string {
  if (target.startsWith('/')) return target;
  const parts = link.split('/').slice(0, -1);
  for (const part of target.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

/** Paths of the new system that the payload fills. */
export function restoredPaths(placements: ReadonlyMap<string, Placement>): Set<string> {
  return new Set([...placements.values()].flatMap(each => (each.action === 'skip' ? [] : [each.path])));
}
