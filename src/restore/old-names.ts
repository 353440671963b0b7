import { rewriteText, type Substitution } from '../plan/path-substitution.ts';
import { printable } from '../system/byte-text.ts';
import { unifiedDiff } from '../unified-diff.ts';
import { closedDiff } from './closed-diff.ts';
import { writeInPlace } from './differences.ts';
import type { Journal } from './journal.ts';
import type { NewSystem } from './new-system.ts';
import { findCommand, versionsToday } from './start-command.ts';

/** In bytes. */
const LARGEST_SCRIPT = 256 * 1024;

/** What compilers of gems and of addons of Node leave behind: it is written anew when they are built again. */
const BUILD_NOTES = /\/(gem_make\.out|mkmf\.log)$|\/(gems|node_modules)\/.*\/(Makefile|[^/]*\.(mk|d|gypi))$/;

/** Words of a line that may be names or paths. */
const WORD = /[\w.+@/-]+/g;

/**
 * Names of the old system in people's own files (scripts, crontabs). Those files are theirs: they are not rewritten. Where a
 * command of that name is meant and today's has another one, the old name is kept alive as a link; other names are reported, but for
 * those in scripts that start the service, which get today's.
 */
export class OldNames {
  readonly #substitutions: Substitution[];
  readonly #found = new Map<string, { now: string; where: Set<string> }>();

  constructor(substitutions: Substitution[]) {
    this.#substitutions = substitutions;
  }

  /** Whether there are any: files of the payload need not be looked through else. */
  get areSought(): boolean {
    return this.#substitutions.length > 0;
  }

  /** Looks through one file of the payload. */
  readonly watch = (path: string, content: Buffer): void => {
    if (
      this.#substitutions.length === 0 ||
      path.startsWith('/etc/') ||
      path.startsWith('/var/log/') ||
      BUILD_NOTES.test(path) ||
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

  /**
   * Links old command names to today's commands, gives the programs that start the service the names that no link keeps, and reports
   * the rest.
   * @param start what starts the service: the owner's command, and the image's; they are rewritten themselves (startCommandToday)
   */
  async keepCommands(system: NewSystem, start: string[], journal: Journal): Promise<void> {
    const starting = await this.#readStarting(system, start);
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
        for (const file of [...where].filter(each => !starting.has(each)))
          unknown.set(file, [...(unknown.get(file) ?? []), `${printable(word)} (${printable(now)})`]);
      }
    }
    for (const [link, { target, words }] of links) {
      const why = `people's own files name ${words.map(printable).join(', ')}`;
      journal.look('configuration', `${link} -> ${target}`, why, 'names/path');
    }
    for (const [path, text] of starting) await this.#followNames(system, path, text, journal);
    for (const [file, words] of unknown) {
      const why = "today they probably have the names in brackets; people's own files are not rewritten";
      journal.look('configuration', `${printable(file)} names ${words.join(', ')}`, why, 'names/old');
    }
  }

  /** The owner's scripts that the start runs, path -> text; what they name is watched, too, where a build step made them. */
  async #readStarting(system: NewSystem, start: string[]): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    for (const path of new Set(start.flatMap(each => each.match(WORD) ?? []))) {
      if (this.#substitutions.length === 0 || !path.startsWith('/') || system.kindOf(path) !== 'file') continue;
      if (system.packages.get(path) !== undefined || system.entries().get(path)!.size > LARGEST_SCRIPT) continue;
      const content = await system.read(path);
      if (content === undefined || content.includes(0)) continue;
      this.watch(path, content);
      found.set(path, content.toString('latin1'));
    }
    return found;
  }

  /** A script that starts the service is a part of how it is started: it follows today's names, as the start command does. */
  async #followNames(system: NewSystem, path: string, before: string, journal: Journal): Promise<void> {
    const names = [...this.#found].filter(([word, { now }]) => isUnkept(system, word, now));
    const named = withTodaysNames(before, new Map(names.map(([word, { now }]) => [word, now])));
    const after = versionsToday(system, named, this.#substitutions);
    if (after === before) return;
    await writeInPlace(system, path, Buffer.from(after, 'latin1'));
    const diff = closedDiff(unifiedDiff(before, after, { from: path, to: path }), system.modeOf(path));
    const why = 'it starts the service, and names what has another name today';
    journal.look('configuration', `${printable(path)} rewritten`, why, 'names/start', diff);
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

/**
 * A script's text with today's names for those of `names` (old -> new), as whole words; comments, too.
 */
export function withTodaysNames(text: string, names: ReadonlyMap<string, string>): string {
  return text.replace(WORD, word => names.get(word) ?? word);
}

/** No link keeps the old name alive. */
function isUnkept(system: NewSystem, word: string, now: string): boolean {
  return !findCommand(system, now) && !system.has(system.canonical(word));
}
