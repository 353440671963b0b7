import type { IndexEntry } from '../bag/index-entry.ts';
import { printable } from '../system/byte-text.ts';
import { resolve } from '../system/package-files.ts';
import type { Journal } from './journal.ts';
import type { NewSystem } from './new-system.ts';
import type { Placement } from './placement.ts';

/**
 * Makes way for files and links of the payload where the new system has a folder: tar replaces files, never folders.
 * A folder that became a link to another place was moved there: so is today's. Any other folder goes, unless it has files
 * of another release's packages in it: then the payload's path gives way, and that is reported. Changes `placements`.
 */
export async function makeRoom(
  system: NewSystem,
  index: ReadonlyMap<string, IndexEntry>,
  placements: Map<string, Placement>,
  sameRelease: boolean,
  journal: Journal,
): Promise<void> {
  for (const [old, placement] of placements) {
    const entry = index.get(old);
    if (placement.action !== 'lay' || !entry || entry.kind === 'directory') continue;
    if (system.kindOf(placement.path) !== 'directory') continue;
    const folder = placement.path;
    const place = movedTo(system, index, entry, placement);
    if (isTop(folder) || (!place && !sameRelease && holdsPackaged(system, folder))) {
      const why = 'the new system has a folder there, with files of packages in it';
      placements.set(old, { action: 'skip', why, report: true });
      journal.look('state', `${printable(old)} is not put back`, why, 'payload/folder');
      continue;
    }
    await system.script(`Making room at ${printable(folder)}`, place ? MOVE : 'rm -rf -- "$FOLDER"', {
      env: { FOLDER: folder, PLACE: place ?? '' },
    });
    const what = place
      ? `the folder ${printable(folder)} moved to ${printable(place)}`
      : `the folder ${printable(folder)} gave way`;
    journal.done('state', what, place ? 'the owner had moved it' : 'the owner had a file there', 'payload/folder');
  }
}

const MOVE = 'mkdir -p -- "$PLACE"; cp -a --no-clobber -- "$FOLDER/." "$PLACE/"; rm -rf -- "$FOLDER"';

/** The folder that the owner's link leads to, where it is one on either side. */
function movedTo(
  system: NewSystem,
  index: ReadonlyMap<string, IndexEntry>,
  entry: IndexEntry,
  placement: Extract<Placement, { action: 'lay' }>,
): string | undefined {
  if (entry.kind !== 'symlink') return undefined;
  const place = system.canonical(resolve(placement.path, placement.target ?? entry.target ?? ''));
  if (place === '' || `${place}/`.startsWith(`${placement.path}/`)) return undefined;
  return system.kindOf(place) === 'directory' || index.get(place)?.kind === 'directory' ? place : undefined;
}

/** `/usr`, `/etc` and the like are never removed, whatever a bag says. */
function isTop(path: string): boolean {
  return path.split('/').length <= 2;
}

function holdsPackaged(system: NewSystem, folder: string): boolean {
  for (const path of system.packages.keys())
    if (path.startsWith(`${folder}/`) && system.kindOf(path) !== 'directory') return true;
  return false;
}
