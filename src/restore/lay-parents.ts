import { headerOfEntry } from '../bag/entry-header.ts';
import type { IndexEntry } from '../bag/index-entry.ts';
import type { Journal } from './journal.ts';
import { layFiles } from './lay-payload.ts';
import type { NewSystem } from './new-system.ts';
import type { Placement } from './placement.ts';

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
  const missing = [...index.values()].flatMap(entry => {
    if (entry.disposition !== 'parent' || entry.kind !== 'directory') return [];
    const path = place(entry.path);
    return needed.has(path) && system.kindOf(path) === undefined
      ? [{ ...headerOfEntry({ ...entry, path: `${path}/` }), kind: 'directory' as const }]
      : [];
  });
  if (missing.length === 0) return;
  await layFiles(
    system,
    missing.map(header => ({ header, content: Buffer.alloc(0) })),
  );
  journal.done(
    'state',
    `${missing.length} folders above what is kept, as they were`,
    'they were left to packages or the build, and today’s have none',
    'structure/parent',
  );
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}
