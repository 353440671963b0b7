import { isUtf8 } from 'node:buffer';
import { printable } from '../system/byte-text.ts';
import { shellWord, shellWords } from '../system/shell-quote.ts';
import { loadEnvironment } from './load-environment.ts';
import { type MovedPrefix, movesForSed } from './moved-prefixes.ts';
import { NAMES_PROGRAM } from './names-program.ts';
import type { Plan } from './plan.ts';
import { waitingCommand } from './waiting-command.ts';

/**
 * The plan as a shell program to read, and to run by hand where Perennial is not: the bag's own restore.sh, with today's Dockerfile,
 * today's names of packages, paths and commands, and the programs of the knowledge entries at their moments. The bag is only read.
 * @param moves paths of the bag that are others today (movedPrefixes)
 */
export function planProgram(plan: Plan, moves: readonly MovedPrefix[]): string {
  return `#!/bin/sh
# ${printable(plan.service)}: ${printable(plan.from.prettyName)} -> ${printable(plan.to.prettyName)} (${printable(plan.base)})
# A plan of Perennial, to read and to run by hand with nothing but the folder of the bag and Docker or Podman:
#
#     sh plan.sh BAG NAME
#
# NAME is for the new container; ENGINE and PUBLISH are those of the bag's restore.sh. By hand configuration comes as it was then, with
# the names of today. What takes \`perennial restore\`: merging it with today's, lines that today's programs refuse, versions that only
# today's file lists tell, commands and services under other names, old packages, reading back what was put back, the smoke tests.
#
${plan.steps.map(stepText).join('')}${plan.notes.map(note => `# Note: ${printable(note)}\n`).join('')}set -eu
if [ $# != 2 ] || [ ! -f "$1/restore.sh" ]; then
  echo 'usage: sh plan.sh BAG NAME (BAG is a folder with a restore.sh)' >&2
  exit 1
fi
bag=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Is the bag as it was written? (A % stands for an encoded name, which sha256sum does not know.)
(cd "$bag" && grep -hv % manifest-sha256.txt tagmanifest-sha256.txt | sha256sum --check --quiet)

# The bag's own program, beside it.
cp -R "$bag/restore.sh" "$bag/restore" "$work/"
chmod -R u+w "$work/restore.sh" "$work/restore"
ln -s "$bag/data" "$work/data"
${contextText(plan)}${swapText(plan)}
# The Dockerfile on today's base.
${fileText('Dockerfile', plan.dockerfile.text)}
# Packages by today's names, dependencies of then, and what the owner had removed.
${fileText('restore/packages', lines(plan.install))}${fileText('restore/automatic', lines(plan.demoted))}${fileText('restore/removed', lines(plan.remove))}${fileText('restore/purged', lines(plan.purge))}
${movesText(plan, moves)}# What is known of differences between the versions, each at its moment.
${MOMENTS.map(({ at }) => fileText(`restore/${at}.sh`, momentText(plan, at))).join('')}mv "$work/restore/apply.sh" "$work/restore/apply-bag.sh"
${fileText('restore/apply.sh', APPLY)}
CHECK=no sh "$work/restore.sh" "$2" ${shellWord(plan.base)}
`;
}

/** Moments of entries' programs, and the stage of the bag's apply.sh that they come before or after. */
const MOMENTS = [
  { at: 'before-state', before: 'data' },
  { at: 'after-state', after: 'settle' },
  { at: 'after-load', before: 'finish' },
] as const;

const APPLY = `set -eu
cd /var/lib/perennial/program
if [ "$1" = data ] && [ -e moves.sed ]; then
  for list in deleted-files0 deleted-folders0 attributes0 acls0 xattrs0; do
    if [ -e $list ]; then sed -z -E -i -f moves.sed $list; fi
  done
  for list in records made-by-packages; do sed -E -f moves.sed $list >moved && cat moved >>$list; done
  TAR_OPTIONS="'--transform=$(sed 's/$/x/' moves.sed | paste -s -d ';' -)'"
  export TAR_OPTIONS
fi
if [ "$1" = data ] && [ -e names ]; then perl names.pl names diversions.sh overrides.sh; fi
case $1 in ${MOMENTS.flatMap(each => ('before' in each ? [`${each.before}) sh ${each.at}.sh </dev/null ;;`] : [])).join(' ')} esac
sh apply-bag.sh "$@"
unset TAR_OPTIONS
if [ "$1" = data ] && [ -e names ]; then find /etc -xdev -type f -exec perl names.pl names {} +; fi
if [ "$1" = settle ] && [ -e holds ]; then xargs apt-mark hold <holds >/dev/null; fi
case $1 in ${MOMENTS.flatMap(each => ('after' in each ? [`${each.after}) sh ${each.at}.sh </dev/null ;;`] : [])).join(' ')} esac
`;

/** Files of the build context with the names of today, in a copy of it. */
function contextText({ dockerfile: { context } }: Plan): string {
  const files = Object.entries(context).map(([path, text]) => {
    const bytes = Buffer.from(text, 'latin1');
    if (!/^[\w@+~:-][\w./@+~:-]*$/.test(path) || path.includes('..') || !isUtf8(bytes))
      return `# ${printable(path)} stays as it was then.\n`;
    return fileText(`context/${path}`, bytes.toString());
  });
  if (files.length === 0) return '';
  return `
# The build context, with the names of today.
cp -R "$bag/data/rebuild" "$work/context"
chmod -R u+w "$work/context"
${files.join('')}`;
}

/** In the bag's restore.sh the commands of then stand as it was given them, and the build context is the bag's. */
function swapText({ start, main, dockerfile }: Plan): string {
  const words = (argv: string[]) => shellWords(waitingCommand(argv));
  const texts = [
    [`start=${shellWord(start.old)}`, `start=${shellWord(start.today)}`],
    [words(main.old), words(main.today)],
    ['data/rebuild\n}', Object.keys(dockerfile.context).length > 0 ? 'context\n}' : 'data/rebuild\n}'],
  ].filter(([then, today]) => then !== today);
  if (texts.length === 0) return '';
  const pairs = texts.map(
    ([then, today]) => `${fileText('then', then!)}${fileText('today', today!)}swap "$work/then" "$work/today"\n`,
  );
  return `
# What it builds and starts, with the names of today.
swap() {
  awk -v RS='\\001' 'FILENAME == ARGV[1] { then = $0; sub(/\\n$/, "", then) } FILENAME == ARGV[2] { today = $0; sub(/\\n$/, "", today) }
    FILENAME == ARGV[3] { at = index($0, then); printf "%s", at ? substr($0, 1, at - 1) today substr($0, at + length(then)) : $0 }' \\
    "$1" "$2" "$work/restore.sh" >"$work/restore.new"
  cat "$work/restore.new" >"$work/restore.sh"
}
${pairs.join('')}`;
}

/** Paths that are others today, for the names of files, for texts, and packages that are held. */
function movesText({ substitutions, holds, sameRelease }: Plan, moves: readonly MovedPrefix[]): string {
  const names = substitutions.map(each => `${each.stem}\t${each.old}\t${each.new}\n`).join('');
  const list = lines(holds.filter(name => /^[a-z0-9][a-z0-9+.-]+$/.test(name)));
  const files = [
    ...(moves.length > 0
      ? ['# Paths that are others today.\n', fileText('restore/moves.sed', movesForSed(moves).join('\n'))]
      : []),
    ...(names === ''
      ? []
      : [
          '# Names of today in configuration.\n',
          fileText('restore/names', names),
          fileText('restore/names.pl', NAMES_PROGRAM),
        ]),
    ...(list === '' || sameRelease ? [] : ['# Packages on hold.\n', fileText('restore/holds', list)]),
  ];
  return files.join('');
}

function stepText({ stage, what, why, rule }: Plan['steps'][number], n: number): string {
  return `# ${n + 1}. [${stage}] ${printable(what)}\n#    ${printable(why)} (${printable(rule)})\n`;
}

/** The programs of a moment, each in a shell of its own: one may end itself early. */
function momentText(plan: Plan, at: (typeof MOMENTS)[number]['at']): string {
  const programs = plan.differences.flatMap(({ service, difference: { id, why, run } }) => {
    if (run?.at !== at) return [];
    const script = `set -eu\n${run.script.trimEnd()}`;
    const command =
      run.user === undefined ? `(\n${script}\n)` : `runuser -u ${shellWord(run.user)} -- sh -c ${shellWord(script)}`;
    return [`\n# ${service}/${id}: ${printable(why)}\n${command}\n`];
  });
  const environment = Object.entries(loadEnvironment(plan, programs.join(''))).map(
    ([name, value]) => `export ${name}=${shellWord(value)}\n`,
  );
  return `set -eu\n${programs.length > 0 ? environment.join('') : ''}${programs.join('')}`;
}

/** Sorted by bytes, as comm(1) wants them. */
function lines(names: string[]): string {
  return [...new Set(names)]
    .sort()
    .map(name => `${name}\n`)
    .join('');
}

/** A here-document; text of a bag cannot end it early. */
function fileText(path: string, text: string): string {
  let end = 'END';
  while (text.split('\n').includes(end)) end += '_';
  return `cat >"$work/${path}" <<'${end}'\n${text === '' || text.endsWith('\n') ? text : `${text}\n`}${end}\n`;
}
