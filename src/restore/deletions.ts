import type { IndexEntry } from '../bag/index-entry.ts';
import { type PlannedDeletion, planDeletions } from '../plan/deletions.ts';
import { encodeBytes, printable } from '../system/byte-text.ts';
import type { Journal } from './journal.ts';
import type { NewSystem } from './new-system.ts';

/** Removes what the owner had removed, where the new system made it again: single files and empty folders, never a tree. */
export async function repeatDeletions(
  system: NewSystem,
  deleted: IndexEntry[],
  place: (path: string) => string,
  restored: ReadonlySet<string>,
  journal: Journal,
): Promise<void> {
  if (deleted.length === 0) return;
  await system.fresh();
  const entries = system.entries();
  const plan = planDeletions(deleted, {
    existsInNew: new Set(entries.keys()),
    mapPath: place,
    symlinksInNew: new Set(system.links.keys()),
    directoriesInNew: new Set([...entries.values()].filter(each => each.kind === 'directory').map(each => each.path)),
    essential: essentialFiles(system),
    restored,
  });
  await remove(system, 'unlink', ['rm', '-f', '--'], plan.deletions);
  await remove(system, 'rmdir', ['rmdir', '--ignore-fail-on-non-empty', '--'], plan.deletions);
  for (const each of plan.deletions)
    journal.done('deletions', `removed ${printable(each.path)}`, each.why, 'owner/deleted');
  for (const each of plan.skipped.filter(skipped => !skipped.gone)) {
    journal.look('deletions', `${printable(each.path)} stays`, each.why, 'owner/deleted');
  }
}

async function remove(
  system: NewSystem,
  action: PlannedDeletion['action'],
  argv: string[],
  deletions: PlannedDeletion[],
): Promise<void> {
  const paths = deletions
    .filter(each => each.action === action)
    .flatMap(each => [encodeBytes(each.path), Buffer.from([0])]);
  if (paths.length > 0) await system.target.exec(['xargs', '-0', '-r', ...argv], { input: Buffer.concat(paths) });
}

function essentialFiles(system: NewSystem): Set<string> {
  const essential = new Set(system.facts.packages.filter(each => each.priority === 'required').map(each => each.name));
  return new Set([...system.packages].filter(([, file]) => essential.has(file.package)).map(([path]) => path));
}
