import { basename } from 'node:path/posix';
import type { Manifest } from '../bag/manifest.ts';
import type { Plan } from '../plan/plan.ts';
import { findSetting, parseUnitFile } from '../plan/unit-file.ts';
import type { Journal } from './journal.ts';
import type { NewSystem } from './new-system.ts';
import { findLostPrograms, programsToday } from './split-packages.ts';

const UNITS = '/usr/lib/systemd/system/';

/**
 * A daemon may get another name in a package that keeps its own (murmurd is mumble-server today): what the one service of that package
 * runs today is what ran, and the old name becomes a link to it.
 */
export async function keepProgramNames(
  system: NewSystem,
  plan: Plan,
  manifest: Manifest,
  journal: Journal,
): Promise<void> {
  if (plan.sameRelease) return;
  const ran = new Set(manifest.service.processes.map(each => basename(each.program)));
  for (const lost of findLostPrograms(manifest, plan, programsToday(system))) {
    const units = [...system.packages].filter(([path, file]) => file.package === lost.package && isUnit(path));
    const programs = new Set<string>();
    for (const [path] of units) {
      const text = (await system.read(path))?.toString();
      const program = text && programOf(text, path);
      if (program && system.packages.get(system.canonical(program))?.package === lost.package) programs.add(program);
    }
    const [program, ...others] = programs;
    if (program === undefined || others.length > 0 || ran.has(basename(program))) continue;
    await system.script('Keeping the name of a program', '[ -e "$LINK" ] || ln -s "$TARGET" "$LINK"', {
      env: { LINK: lost.program, TARGET: program },
    });
    system.touch();
    const why = `${lost.package} runs ${program} as its service today, and has no ${basename(lost.program)} any more; its options may be others`;
    journal.look('configuration', `${lost.program} -> ${program}`, why, 'names/program');
  }
}

function isUnit(path: string): boolean {
  return path.startsWith(UNITS) && /^[^@/]+\.service$/.test(path.slice(UNITS.length));
}

/** The program of a unit's ExecStart (systemd.service(5)), without the signs before it; undefined when it says something else. Pure. */
export function programOf(text: string, name: string): string | undefined {
  try {
    const command = findSetting(parseUnitFile(name, text).get('Service'), 'ExecStart');
    return /^[-@:+!]*(\/\S+\/s?bin\/[\w+.-]+)(?:\s|$)/.exec(command ?? '')?.[1];
  } catch {
    return undefined; // a unit that systemd would not read either
  }
}
