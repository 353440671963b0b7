import type { IndexEntry } from '../bag/index-entry.ts';
import { shellWords } from '../system/shell-quote.ts';
import type { DpkgOverrides } from '../system/system-facts.ts';

/** `alternative LINK NAME PATH PRIORITY [--slave ...]` and `choose NAME PATH`, for what is there and not known. */
const FUNCTIONS = `alternative() {
  if [ -e "$3" ] && ! update-alternatives --query "$2" 2>/dev/null | grep -qxF "Alternative: $3"; then
    attempt update-alternatives --quiet --install "$@"
  fi
}
choose() {
  if [ -e "$2" ]; then attempt update-alternatives --quiet --set "$1" "$2"; else left "$1 was $2, which is not here"; fi
}
`;

/** Local diversions as commands of restore/apply.sh, a line each: they go before the data. */
export function diversionCommands({ diversions }: DpkgOverrides): string {
  return diversions
    .filter(each => each.package === ':')
    .map(each => ['dpkg-divert', '--quiet', '--local', '--rename', '--divert', each.divertedTo, '--add', each.path])
    .map(argv => `attempt ${shellWords(argv)}\n`)
    .join('');
}

/**
 * Statoverrides, the owner's alternatives and holds as commands of restore/apply.sh. The index tells the owner's
 * alternatives from those that packages register again. Empty when there are none.
 */
export function overrideCommands(overrides: DpkgOverrides, index: ReadonlyMap<string, IndexEntry>): string {
  const stat = overrides.statoverrides.map(each =>
    shellWords([
      'attempt',
      'dpkg-statoverride',
      '--force-all',
      '--update',
      '--add',
      each.user,
      each.group,
      each.mode,
      each.path,
    ]),
  );
  const alternatives = overrides.alternatives
    .filter(each => /^[^-/\s][^/\s]*$/.test(each.name))
    .flatMap(each => alternativeCommands(each, index));
  const holds =
    overrides.holds.length > 0
      ? [`! same_release || ${shellWords(['attempt', 'apt-mark', 'hold', ...overrides.holds])} >apt.log`]
      : [];
  const lines = [...stat, ...alternatives, ...holds];
  if (lines.length === 0) return '';
  return `${alternatives.length > 0 ? FUNCTIONS : ''}${lines.join('\n')}\n`;
}

function alternativeCommands(
  alternative: DpkgOverrides['alternatives'][number],
  index: ReadonlyMap<string, IndexEntry>,
): string[] {
  const isOwners = (path: string) => {
    const entry = index.get(path); // unlisted paths are unchanged files of packages, which register them again
    return entry !== undefined && entry.package === undefined;
  };
  const added = alternative.choices
    .filter(choice => isOwners(choice.path))
    .map(choice =>
      shellWords([
        'alternative',
        alternative.link,
        alternative.name,
        choice.path,
        String(choice.priority),
        ...choice.slaves.flatMap(slave => ['--slave', slave.link, slave.name, slave.path]),
      ]),
    );
  const chosen = alternative.mode === 'manual' && alternative.value !== '' ? [alternative.value] : [];
  return [...added, ...chosen.map(value => shellWords(['choose', alternative.name, value]))];
}
