import type { IndexEntry } from '../bag/index-entry.ts';
import { encodeBytes, printable } from '../system/byte-text.ts';
import type { Journal } from './journal.ts';
import type { NewSystem } from './new-system.ts';
import type { Placement } from './placement.ts';

/**
 * Removes folders of the new system where the owner had a file or a link instead: tar replaces files, never folders.
 * A folder with files of packages in it goes only on the same release, where the packages are those that the owner knew; else
 * the payload's path gives way, and that is reported. Changes `placements`.
 */
export async function makeRoom(
  system: NewSystem,
  index: ReadonlyMap<string, IndexEntry>,
  placements: Map<string, Placement>,
  sameRelease: boolean,
  journal: Journal,
): Promise<void> {
  const folders: string[] = [];
  for (const [old, placement] of placements) {
    if (placement.action !== 'lay' || index.get(old)?.kind === 'directory') continue;
    if (system.kindOf(placement.path) !== 'directory') continue;
    if (isTop(placement.path) || (!sameRelease && holdsPackaged(system, placement.path))) {
      const why = 'the new system has a folder there, with files of packages in it';
      placements.set(old, { action: 'skip', why, report: true });
      journal.look('state', `${printable(old)} is not put back`, why, 'payload/folder');
    } else folders.push(placement.path);
  }
  if (folders.length === 0) return;
  const list = Buffer.concat(folders.flatMap(path => [encodeBytes(path), Buffer.from([0])]));
  await system.target.exec(['xargs', '-0', 'rm', '-rf', '--'], { input: list });
  for (const path of folders)
    journal.done(
      'state',
      `the folder ${printable(path)} gave way`,
      'the owner had a file or link there',
      'payload/folder',
    );
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
