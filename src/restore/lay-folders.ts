import { headerOfEntry } from '../bag/entry-header.ts';
import type { IndexEntry } from '../bag/index-entry.ts';
import { isRuntimeFolder } from '../bag/runtime-folder.ts';
import type { Journal } from './journal.ts';
import { layFiles } from './lay-payload.ts';
import type { NewSystem } from './new-system.ts';
import type { Placement } from './placement.ts';

/** Makes the folders below /run that the new system has not, so that programs that write there start as they did. Today's own stay as they are. */
export async function layRuntimeFolders(
  system: NewSystem,
  index: ReadonlyMap<string, IndexEntry>,
  place: (path: string) => string,
  journal: Journal,
): Promise<void> {
  const count = await makeMissing(system, [...index.values()].filter(isRuntimeFolder), place);
  if (count === 0) return;
  const why = 'they were made while the service ran, and no boot makes them in a container';
  journal.done('state', `${count} empty folders below /run, as they were`, why, 'runtime/run');
}

/**
 * Makes the folders above what is put back that were left to packages or the build, and that the new system has not: with the owner, mode and time of
 * then. Whoever unpacks what is in them would make them root's.
 * @param place where a path of the bag lies here
 */
export async function layParents(
  system: NewSystem,
  index: ReadonlyMap<string, IndexEntry>,
  placements: ReadonlyMap<string, Placement>,
  place: (path: string) => string,
  journal: Journal,
): Promise<void> {
  const needed = new Set<string>();
  for (const placement of placements.values()) {
    if (placement.action === 'skip') continue;
    for (let up = parentOf(placement.path); up !== '' && !needed.has(up); up = parentOf(up)) needed.add(up);
  }
  const parents = [...index.values()].filter(
    entry => entry.disposition === 'parent' && entry.kind === 'directory' && needed.has(place(entry.path)),
  );
  const count = await makeMissing(system, parents, place);
  if (count === 0) return;
  journal.done(
    'state',
    `${count} folders above what is kept, as they were`,
    'they were left to packages or the build, and today’s have none',
    'structure/parent',
  );
}

/** Makes those folders that are not there, in the order of the index: the outer ones first. Gives their number. */
async function makeMissing(
  system: NewSystem,
  folders: readonly IndexEntry[],
  place: (path: string) => string,
): Promise<number> {
  const missing = folders.flatMap(entry => {
    const path = place(entry.path);
    return system.kindOf(path) === undefined
      ? [{ ...headerOfEntry({ ...entry, path: `${path}/` }), kind: 'directory' as const }]
      : [];
  });
  if (missing.length > 0)
    await layFiles(
      system,
      missing.map(header => ({ header, content: Buffer.alloc(0) })),
    );
  return missing.length;
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}
