import type { IndexEntry } from '../bag/index-entry.ts';
import { encodeBytes, printable } from '../system/byte-text.ts';
import type { Journal } from './journal.ts';
import type { NewSystem } from './new-system.ts';
import type { Placement } from './placement.ts';
import { compareState, namesOf, readBack } from './prove-state.ts';

/** What compilers and their tools write. */
const BUILT =
  /\.(node|so|o|a|d|mk|gypi|log|out|time|stamp|build_complete)$|\/(build[^/]*|ext|extensions)\/|\/Makefile$/;

const GIVE_BACK = `xargs -0 -r -n 3 sh -c 'chown -h -- "$1" "$3"; [ -L "$3" ] || chmod -- "$2" "$3"' sh`;

/**
 * Looks at what was restored in a folder in which programs were built again since: owners and modes are given back, and what has another
 * content is told. Of anything but the products of a compiler a person should know.
 */
export async function settleBuilt(
  system: NewSystem,
  index: ReadonlyMap<string, IndexEntry>,
  placements: ReadonlyMap<string, Placement>,
  folder: string,
  journal: Journal,
): Promise<void> {
  await system.lookAgain();
  const inside = [...placements].flatMap(([old, placement]) =>
    placement.action === 'lay' && placement.path.startsWith(`${folder}/`)
      ? [{ entry: index.get(old)!, path: placement.path }]
      : [],
  );
  const touched = inside.filter(({ entry, path }) => entry.mtime !== system.entries().get(path)?.mtime);
  const probes = await readBack(
    system,
    touched.filter(({ path }) => system.kindOf(path) === 'file').map(({ path, entry }) => ({ path, size: entry.size })),
  );
  const names = namesOf(system);
  const given: string[] = [];
  const changed: string[] = [];
  for (const { entry, path } of inside) {
    const found = compareState(entry, path, system.entries().get(path), probes.get(path), names);
    const is = (...attributes: string[]) => found.some(each => attributes.includes(each.attribute));
    const isGone = is('presence') && entry.kind !== 'directory'; // folders come back with their times
    if (isGone) system.gone.add(path);
    if (is('kind', 'content', 'target')) system.mended.add(path);
    if (isGone || is('kind', 'content', 'target')) changed.push(path);
    if (is('owner', 'group', 'mode') && !is('presence'))
      given.push(`${entry.user || entry.uid}:${entry.group || entry.gid}`, entry.mode, path);
  }
  const input = encodeBytes(given.map(word => `${word}\0`).join(''));
  if (given.length > 0) {
    await system.script('Giving owners and modes back', GIVE_BACK, { input });
    system.touch();
  }
  sayChanged(changed, folder, journal);
}

function sayChanged(changed: string[], folder: string, journal: Journal): void {
  const others = changed.filter(path => !BUILT.test(path));
  const few = (paths: string[]) => paths.slice(0, 5).map(printable).join(', ');
  if (changed.length > others.length)
    journal.done(
      'packages',
      `${changed.length - others.length} files of then in ${printable(folder)} were built anew, or are none of today's`,
      few(changed.filter(path => BUILT.test(path))),
      'language/rebuild',
    );
  if (others.length > 0)
    journal.look(
      'packages',
      `${others.length} files in ${printable(folder)} were changed when programs were built again`,
      `${few(others)}; as they were they are in the archive`,
      'language/rebuild',
    );
}
