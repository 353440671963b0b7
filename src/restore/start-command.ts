import { rewriteText, type Substitution } from '../plan/path-substitution.ts';
import { rewriteVersionWords } from '../plan/version-words.ts';
import type { NewSystem } from './new-system.ts';

/** Folders of commands, in the order of PATH. */
const COMMANDS = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin'];

/** Path of a command of the new system by its name or path, links not followed. */
export function findCommand(system: NewSystem, word: string): string | undefined {
  const places = word.startsWith('/') ? [word] : word.includes('/') ? [] : COMMANDS.map(folder => `${folder}/${word}`);
  const path = places.find(place => system.has(system.canonical(place)));
  return path && /\/s?bin\/[^/]+$/.test(path) ? path : undefined;
}

/** The owner's start command with today's paths and versions: `pg_ctlcluster 13 main start` starts 17. */
export function startCommandToday(system: NewSystem, start: string, substitutions: Substitution[]): string {
  return versionsToday(system, rewriteText(start, substitutions).text, substitutions);
}

/** rewriteVersionWords for programs of the new system. */
export function versionsToday(system: NewSystem, text: string, substitutions: Substitution[]): string {
  return rewriteVersionWords(text, substitutions, program => {
    const path = findCommand(system, program);
    return path && system.packages.get(system.canonical(path))?.package;
  });
}
