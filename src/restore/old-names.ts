import { rewriteText, type Substitution } from '../plan/path-substitution.ts';
import { printable } from '../system/byte-text.ts';
import type { Journal } from './journal.ts';
import type { NewSystem } from './new-system.ts';

/** Folders of commands, in the order of PATH. */
const COMMANDS = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin'];

/** Words of a line that may be names or paths. */
const WORD = /[\w.+@/-]+/g;

/**
 * Names of the old system in people's own files (scripts, crontabs). Those files are theirs: they are not rewritten. Where a
 * command of that name is meant and today's has another one, the old name is kept alive as a link; other names are reported.
 */
export class OldNames {
  readonly #substitutions: Substitution[];
  readonly #found = new Map<string, { now: string; where: Set<string> }>();

  constructor(substitutions: Substitution[]) {
    this.#substitutions = substitutions;
  }

  /** Looks through one file of the payload. */
  readonly watch = (path: string, content: Buffer): void => {
    if (
      this.#substitutions.length === 0 ||
      path.startsWith('/etc/') ||
      path.startsWith('/var/log/') ||
      content.includes(0)
    )
      return;
    for (const { before, after } of rewriteText(content.toString('latin1'), this.#substitutions).hits) {
      const [old, now] = [before.match(WORD) ?? [], after.match(WORD) ?? []];
      if (old.length !== now.length) continue;
      for (const [n, word] of old.entries()) if (word !== now[n]) this.#add(word, now[n]!, path);
    }
  };

  #add(word: string, now: string, path: string): void {
    const found = this.#found.get(word) ?? { now, where: new Set<string>() };
    found.where.add(path);
    this.#found.set(word, found);
  }

  /** Links old command names to today's commands, and reports the rest. */
  async keepCommands(system: NewSystem, start: string, journal: Journal): Promise<void> {
    this.watch('the start command', Buffer.from(start));
    const unknown = new Map<string, string[]>();
    const links = new Map<string, { target: string; words: string[] }>();
    for (const [word, { now, where }] of this.#found) {
      const files = [...where].map(printable).join(', ');
      const command = findCommand(system, now);
      if (command && !findCommand(system, word)) {
        const link = word.includes('/') ? word : `/usr/local/bin/${word}`;
        await system.script(
          'Keeping an old command name',
          'mkdir -p "${LINK%/*}"; [ -e "$LINK" ] || ln -s "$TARGET" "$LINK"',
          {
            env: { LINK: link, TARGET: command },
          },
        );
        journal.look('configuration', `${link} -> ${command}`, `${files} uses the old name ${word}`, 'names/command');
      } else if (!command && !(await keepFolder(system, word, now, links))) {
        for (const file of where)
          unknown.set(file, [...(unknown.get(file) ?? []), `${printable(word)} (${printable(now)})`]);
      }
    }
    for (const [link, { target, words }] of links) {
      const why = `people's own files name ${words.map(printable).join(', ')}`;
      journal.look('configuration', `${link} -> ${target}`, why, 'names/path');
    }
    for (const [file, words] of unknown) {
      const why = "today they probably have the names in brackets; people's own files are not rewritten";
      journal.look('configuration', `${printable(file)} names ${words.join(', ')}`, why, 'names/old');
    }
  }
}

/**
 * Keeps an old path alive as a link to today's: `/usr/share/tomcat9` -> `tomcat10`. Only where the version is part of a name: a folder
 * of bare numbers (`/etc/postgresql/13`) is a list of what is installed, and programs read it.
 * @returns whether the old path leads somewhere now
 */
async function keepFolder(
  system: NewSystem,
  word: string,
  now: string,
  links: Map<string, { target: string; words: string[] }>,
): Promise<boolean> {
  if (!word.startsWith('/')) return false;
  const [old, today] = [word.split('/'), now.split('/')];
  const at = old.findIndex((part, n) => part !== today[n]);
  const [link, target] = [old.slice(0, at + 1).join('/'), today.slice(0, at + 1).join('/')];
  const known = links.get(link);
  if (known) known.words.push(word);
  if (known) return true;
  const isListed =
    /^[\d.]+$/.test(old[at]!) || old.length !== today.length || /^\/(run|tmp|proc|var\/run)\//.test(word);
  if (isListed || !system.has(system.canonical(target))) return false;
  if (system.has(system.canonical(link))) return true;
  await system.script('Keeping an old path', '[ -e "$LINK" ] || ln -s "$TARGET" "$LINK"', {
    env: { LINK: link, TARGET: today[at]! },
  });
  links.set(link, { target: today[at]!, words: [word] });
  return true;
}

function findCommand(system: NewSystem, word: string): string | undefined {
  const places = word.startsWith('/') ? [word] : word.includes('/') ? [] : COMMANDS.map(folder => `${folder}/${word}`);
  const path = places.find(place => system.has(system.canonical(place)));
  return path && /\/s?bin\/[^/]+$/.test(path) ? path : undefined;
}
