import { printable } from '../system/byte-text.ts';
import { loadEnvironment } from './load-environment.ts';
import type { Plan } from './plan.ts';
import { shellWord } from './shell-words.ts';

/**
 * The plan as a shell program to read, and to run by hand where Perennial is not: the bag's own restore.sh, with today's Dockerfile,
 * today's names of packages, and the programs of the knowledge entries at their moments. The bag is only read.
 */
export function planProgram(plan: Plan): string {
  return `#!/bin/sh
# ${printable(plan.service)}: ${printable(plan.from.prettyName)} -> ${printable(plan.to.prettyName)} (${printable(plan.base)})
# A plan of Perennial, to read and to run by hand with nothing but the folder of the bag and Docker or Podman:
#
#     sh plan.sh BAG NAME
#
# NAME is for the new container; ENGINE and PUBLISH are those of the bag's restore.sh. By hand configuration comes as it was then:
# merging it with today's, moving versioned paths, rewriting lines and asking the smoke tests take \`perennial restore\`.
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
chmod -R u+w "$work"
ln -s "$bag/data" "$work/data"

# The Dockerfile on today's base.
${fileText('Dockerfile', plan.dockerfile.text)}
# Packages by today's names, dependencies of then, and what the owner had removed.
${fileText('restore/packages', lines(plan.install))}${fileText('restore/automatic', lines(plan.demoted))}${fileText('restore/removed', lines(plan.remove))}
# What is known of differences between the versions, each at its moment.
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
case $1 in ${MOMENTS.flatMap(each => ('before' in each ? [`${each.before}) sh ${each.at}.sh </dev/null ;;`] : [])).join(' ')} esac
sh apply-bag.sh "$@"
case $1 in ${MOMENTS.flatMap(each => ('after' in each ? [`${each.after}) sh ${each.at}.sh </dev/null ;;`] : [])).join(' ')} esac
`;

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
