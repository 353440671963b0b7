import { createHash } from 'node:crypto';
import { compileInitScript } from '../plan/init-script.ts';
import type { Plan } from '../plan/plan.ts';
import { parseUnitFile } from '../plan/unit-file.ts';
import { unitOfProcess } from '../plan/unit-of-process.ts';
import { printable } from '../system/byte-text.ts';
import type { InstalledPackage, RunningProcess } from '../system/system-facts.ts';
import type { Journal } from './journal.ts';
import type { NewSystem } from './new-system.ts';

const SCRIPTS = '/etc/init.d/';
const UNITS = '/usr/lib/systemd/system/';

/** The old system's packages, what ran there, and paths that the owner had removed: those names were dead already. */
export interface ServicesThen {
  packages: InstalledPackage[];
  processes: RunningProcess[];
  deleted: ReadonlySet<string>;
}

/**
 * Keeps the names alive under which the old system's services were started (`service NAME start`): where today's package has
 * no such init script, the one that it has instead is linked, or one is made from its service unit, or from how the
 * program of that name ran before the end. Start scripts are people's own and are not rewritten.
 */
export async function keepServiceNames(
  system: NewSystem,
  plan: Plan,
  { packages: old, processes, deleted }: ServicesThen,
  journal: Journal,
): Promise<void> {
  const known = new Set(old.flatMap(each => Object.keys(each.conffiles)));
  for (const each of old.filter(one => one.status !== 'config-files')) {
    const paths = Object.keys(each.conffiles).filter(path => isDirectlyIn(SCRIPTS, path) && !deleted.has(path));
    if (paths.length === 0) continue;
    const today = new Set(namesToday(plan, each.name));
    for (const path of paths) {
      const name = path.slice(SCRIPTS.length);
      if (system.has(path) && !(today.size === 0 && (await isLeftOver(system, path, each)))) continue;
      if (!(await keepName(system, name, each, today, known, journal)))
        await repeatProcess(system, name, processes, journal);
    }
  }
}

/** The unedited script of a package that is gone looks for that package's files, and does nothing without them. */
async function isLeftOver(system: NewSystem, path: string, old: InstalledPackage): Promise<boolean> {
  if (system.packages.has(path)) return false;
  const text = await system.read(path);
  return text !== undefined && createHash('md5').update(text).digest('hex') === old.conffiles[path];
}

function namesToday(plan: Plan, name: string): string[] {
  const resolution = plan.resolutions.find(each => each.old === name);
  return resolution ? [resolution.new, ...(resolution.also ?? [])].filter(each => each !== undefined) : [name];
}

function isDirectlyIn(folder: string, path: string): boolean {
  return path.startsWith(folder) && !path.slice(folder.length).includes('/');
}

async function keepName(
  system: NewSystem,
  name: string,
  old: InstalledPackage,
  today: ReadonlySet<string>,
  known: ReadonlySet<string>,
  journal: Journal,
): Promise<boolean> {
  const shipped = [...system.packages].filter(([, file]) => today.has(file.package)).map(([path]) => path);
  const scripts = shipped.filter(path => isDirectlyIn(SCRIPTS, path) && !known.has(path) && system.has(path));
  const script = scripts[0];
  if (script && scripts.length === 1) {
    await system.script('Keeping the name of a service', 'ln -s "$TARGET" "$LINK"', {
      env: { TARGET: script.slice(SCRIPTS.length), LINK: SCRIPTS + name },
    });
    journal.done(
      'configuration',
      `service ${name} is ${script.slice(SCRIPTS.length)} today`,
      whyLinked(old, today),
      'names/service',
    );
    return true;
  }
  const unit = findUnit(system, name, shipped, today);
  const text = unit && (await system.read(unit))?.toString();
  const made = unit && text ? compileInitScript(name, parseUnitFile(unit, text), unit) : undefined;
  if (!unit || !made) return false;
  await writeScript(system, name, made);
  const why = "today's package has no init script any more, and no systemd runs here";
  journal.done('configuration', `${SCRIPTS}${name} is made from ${unit}`, why, 'names/unit', made);
  return true;
}

/** No package of today knows the service, but its program is there: it is started as it ran before the end. */
async function repeatProcess(
  system: NewSystem,
  name: string,
  processes: RunningProcess[],
  journal: Journal,
): Promise<void> {
  const process = processes.find(
    ({ program }) => program.endsWith(`/${name}`) && system.has(system.canonical(program)),
  );
  const unit = process && unitOfProcess(process);
  const script = unit && compileInitScript(name, unit, `the process ${process.pid} of the old system`);
  if (!script) return;
  await writeScript(system, name, script);
  journal.look(
    'configuration',
    `${SCRIPTS}${name} starts ${printable(process.argv.join(' '))}`,
    'no package has this service any more: its program is started as it ran before the end',
    'names/process',
    script,
  );
}

function whyLinked(old: InstalledPackage, today: ReadonlySet<string>): string {
  return `the init script of ${old.name} has another name in ${[...today].join(', ')}; the old one is a link`;
}

/** The unit of that name, a link of that name to a unit, or the one that is called as its package. */
function findUnit(system: NewSystem, name: string, shipped: string[], today: ReadonlySet<string>): string | undefined {
  const own = system.canonical(`${UNITS}${name}.service`);
  if (system.kindOf(own) === 'file') return own;
  const units = shipped.filter(
    path => isDirectlyIn(UNITS, path) && /^[^@]+\.service$/.test(path) && system.kindOf(path) === 'file',
  );
  const aliased = system.links.get(own);
  const isPackages = (path: string) => today.has(path.slice(UNITS.length, -'.service'.length));
  return units.find(path => aliased?.endsWith(path.slice(UNITS.length))) ?? units.find(isPackages);
}

async function writeScript(system: NewSystem, name: string, script: string): Promise<void> {
  await system.script('Making an init script', 'cat > "$TARGET"; chmod 755 "$TARGET"', {
    env: { TARGET: SCRIPTS + name },
    input: script,
  });
}
