import { basename } from 'node:path/posix';
import type { Manifest } from '../bag/manifest.ts';
import { rewriteText } from '../plan/path-substitution.ts';
import type { Plan } from '../plan/plan.ts';
import { printable } from '../system/byte-text.ts';
import { apt, lastError, PACKAGE_NAME, UPDATE } from './apply-packages.ts';
import type { Journal } from './journal.ts';
import { lastLines } from './last-lines.ts';
import type { NewSystem } from './new-system.ts';
import { findCommand } from './start-command.ts';

type Process = Manifest['service']['processes'][number];

/** A program that ran, and that its package has no more. */
export interface LostProgram {
  program: string;
  package: string;
  source: string;
}

/**
 * Prints `NAME PATH` for each file of that name in packages of the source that are not installed. Only a package itself tells what is in it:
 * they are fetched one by one, development files and documents left out.
 */
const SEARCH = `
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
for name in $(apt-cache dumpavail | awk -v RS= -v wanted="$SOURCE" '{
  name = ""; source = ""; n = split($0, line, "\\n")
  for (i = 1; i <= n; i++) {
    if (line[i] ~ /^Package: /) name = substr(line[i], 10)
    if (line[i] ~ /^Source: /) { split(line[i], word, " "); source = word[2] }
  }
  if ((source == "" ? name : source) == wanted) print name
}' | grep -vE -e '-(dev|doc|dbg|dbgsym|common|data)$' | sort -u | head -n 40); do
  [ "$(dpkg-query -W -f='\${db:Status-Status}' "$name" 2>/dev/null)" != installed ] || continue
  apt-get download -q -o APT::Sandbox::User=root "$name" > /dev/null 2>&1 || continue
  for file in *.deb; do
    dpkg-deb --fsys-tarfile "$file" | tar -t | sed 's|^\\.||' | grep -E '/s?bin/[^/]+$' | while read -r path; do
      [ "\${path##*/}" != "$PROGRAM" ] || printf '%s %s\\n' "$name" "$path"
    done
    rm -f "$file"
  done
done
`;

/**
 * A release may split a package, and only recommend the new part (samba and samba-ad-dc): the name is still there and what ran is not.
 * Where a package of the same source has that program today, it is installed.
 */
export async function installSplitPackages(
  system: NewSystem,
  plan: Plan,
  manifest: Manifest,
  journal: Journal,
): Promise<void> {
  if (plan.sameRelease) return;
  const lost = findLostPrograms(manifest, plan, programsToday(system));
  if (lost.length === 0) return;
  await system.script('Updating the package lists', UPDATE);
  for (const each of lost) {
    if (findCommand(system, basename(each.program))) continue; // it came with the last one
    const env = { SOURCE: each.source, PROGRAM: basename(each.program) };
    const found = await system.script('Looking for a program that ran', SEARCH, { env }).catch((error: Error) => {
      const what = `${each.program} could not be looked for in packages of ${each.source}`;
      journal.look('packages', what, printable(lastLines(error.message, 2)), 'packages/split');
      return '';
    });
    const names = found.split('\n').map(line => line.split(' ')[0]!);
    const [name, ...others] = [...new Set(names)].filter(one => PACKAGE_NAME.test(one));
    if (name !== undefined && others.length === 0) await installPart(system, each, name, journal);
  }
  await system.refresh();
}

/** What there is in the new system. */
export interface ProgramsToday {
  isInstalled(name: string): boolean;
  has(program: string): boolean;
}

export function programsToday(system: NewSystem): ProgramsToday {
  return {
    isInstalled: name => system.installedVersion(name) !== undefined,
    has: program => system.has(system.canonical(program)) || findCommand(system, basename(program)) !== undefined,
  };
}

/**
 * Programs of processes, and what these were started to run, whose package is there, under its name, and has them no more. Where a version stands
 * in the path, or today's paths have another name, the program has moved only. Pure.
 */
export function findLostPrograms(
  { service, system }: Pick<Manifest, 'service' | 'system'>,
  plan: Pick<Plan, 'resolutions' | 'substitutions'>,
  today: ProgramsToday,
): LostProgram[] {
  const byProgram = new Map<string, LostProgram>();
  const started = service.processes.flatMap(each => [each, ...(each.script ? [each.script] : [])]);
  for (const { program, package: name } of started) {
    const source = system.packages.find(each => each.name === name)?.source;
    if (name === undefined || !source || !isCommand(program) || today.has(program)) continue;
    const isSame = plan.resolutions.some(each => each.old === name && each.new === name);
    if (!isSame || !today.isInstalled(name) || !PACKAGE_NAME.test(source)) continue;
    if (rewriteText(program, plan.substitutions).text !== program) continue;
    byProgram.set(program, { program, package: name, source });
  }
  return [...byProgram.values()];
}

/** Names of programs come from a bag, and a number in one is mostly a version. */
function isCommand(program: Process['program']): boolean {
  return /^\/(usr\/)?s?bin\/[\w+-]+$/.test(program) && !/\d+\.\d/.test(program);
}

async function installPart(system: NewSystem, lost: LostProgram, name: string, journal: Journal): Promise<void> {
  const tried = await apt(system, 'install', [name], ['--simulate']);
  const isSafe = tried.code === 0 && !/^Remv /m.test(`${tried.stdout}`);
  const done = isSafe ? await apt(system, 'install', [name]) : undefined;
  const why = `${lost.program} ran before the end, and ${lost.package} has it no more: it is in ${name} today`;
  if (done?.code === 0) {
    journal.script(
      `packages: ${name}`,
      `DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ${name}`,
    );
    journal.done('packages', `${name} installed`, why, 'packages/split');
    await system.refresh();
    return;
  }
  const told = done ?? tried;
  const reason = lastError(told.stderr || `${told.stdout}`) || 'other packages would have to go';
  journal.look('packages', `${name} could not be installed`, `${why}; ${reason}`, 'packages/split');
}
