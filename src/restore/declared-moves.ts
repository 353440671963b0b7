import type { IndexEntry } from '../bag/index-entry.ts';
import { movesSince, parseMovedConffiles } from '../plan/moved-conffiles.ts';
import { printable } from '../system/byte-text.ts';
import type { InstalledPackage } from '../system/system-facts.ts';
import type { Journal } from './journal.ts';
import type { NewSystem } from './new-system.ts';

/** In bytes: what is larger is no script that names a configuration file. */
const LARGEST_NAMING = 256 * 1024;

/** `PACKAGE<tab>LINE` for each call of the helper in today's maintainer scripts. */
const READ_CALLS = `
cd /var/lib/dpkg/info || exit 0
grep -F mv_conffile *.preinst /dev/null | while IFS= read -r hit; do
  name=\${hit%%.preinst:*}
  printf '%s\\t%s\\n' "\${name%%:*}" "\${hit#*.preinst:}"
done
exit 0
`;

/**
 * Configuration files that today's packages say they move at an upgrade (mumble-server.ini went to /etc/mumble): a package that is
 * installed anew has nothing to move, and would read its default at the new place while the owner's file lies at the old one.
 * @returns old place -> new place, of files that the owner kept
 */
export async function readDeclaredMoves(
  system: NewSystem,
  index: ReadonlyMap<string, IndexEntry>,
  old: InstalledPackage[],
): Promise<Map<string, string>> {
  const versions = new Map(old.filter(each => each.status !== 'config-files').map(each => [each.name, each.version]));
  const said = await system.script('Reading what packages move', READ_CALLS);
  const moves = movesSince(parseMovedConffiles(said), name => versions.get(name));
  return new Map(
    [...moves].filter(([from, to]) => {
      const isKept = index.get(from)?.disposition === 'keep' && index.get(to)?.disposition !== 'keep';
      return isKept && !system.packages.has(system.canonical(from));
    }),
  );
}

/** What fills by itself, and holds nothing that says how a program is started. */
const NO_NAMES = /^\/(proc|sys|dev|run|tmp|boot|var\/(cache|lib|log|mail|spool|tmp)|usr\/(lib|share|include))\//;

/** Small files that no package ships: scripts and settings of the owner, and of the build. */
function mayName(system: NewSystem): string[] {
  return [...system.entries()].flatMap(([path, { kind, size }]) =>
    kind === 'file' && size <= LARGEST_NAMING && !system.packages.has(path) && !NO_NAMES.test(path) ? [path] : [],
  );
}

/** Prints which of the files on stdin (paths that end with NUL) have the word, small ones of text. */
const FIND_NAMING = 'xargs -0 -r grep -lsIF -e "$WORD" -- || :';

/** Whoever names the old place (a start command, a script, another file) finds the new one there: a link stays behind. */
export async function keepMovedNames(
  system: NewSystem,
  moves: ReadonlyMap<string, string>,
  start: readonly string[],
  journal: Journal,
): Promise<void> {
  for (const [from, to] of moves) {
    journal.done('configuration', `${from} -> ${to}`, "today's package moves it at an upgrade", 'paths/declared');
    const files = mayName(system).filter(path => path !== to);
    const input = Buffer.from(files.map(path => `${path}\0`).join(''), 'latin1');
    const found = await system.script('Looking who names an old place', FIND_NAMING, { env: { WORD: from }, input });
    const naming = found.split('\n').filter(Boolean).map(printable);
    if (start.some(words => words.includes(from))) naming.push('the start command');
    if (naming.length === 0 || system.has(system.canonical(from))) continue;
    await system.script(
      'Keeping an old place',
      '[ -e "$LINK" ] || [ -L "$LINK" ] || { mkdir -p "${LINK%/*}"; ln -s "$TARGET" "$LINK"; }',
      {
        env: { LINK: from, TARGET: to },
      },
    );
    system.touch();
    journal.done(
      'configuration',
      `${from} is a link to ${to}`,
      `${naming.slice(0, 3).join(', ')} names it`,
      'names/path',
    );
  }
}
