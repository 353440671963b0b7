import type { Substitution } from './path-substitution.ts';

/** The package of a program, by its name or path. */
export type PackageOf = (program: string) => string | undefined;

/** A version number in a text, and what it is today. */
interface VersionHit {
  start: number;
  end: number;
  text: string;
}

/** Where one command ends and another begins, in the words of a shell. */
const END_OF_COMMAND = /[;&|\n()`]/;

/** A line that goes on in the next one. */
const CONTINUATION = /\\\r?\n/g;

/** A word, or what stands between two of them; quotes are between, so that `su -c "pg_ctlcluster 13 main start"` is one command. */
const WORD_OR_GAP = /[^\s"';&|()`]+|[\s"';&|()`]+/g;

/** `13`, `13/main`, `--cluster=13/main`, `PGCLUSTER=13/main`. */
const VERSION_FIRST = /^((?:--?)?[A-Za-z][\w-]*=)?(\d+(?:\.\d+)*)(\/[\w./-]*)?$/;

/** `-t 13` may be seconds; a version has other letters. */
const OPTION_WITH_VALUE = /^-[a-uw-zA-UW-Z]$/;

/**
 * Version numbers that are words of their own, in a command or a script: `pg_ctlcluster 13 main start`, `phpenmod -v 7.4 gd`. A number
 * is a version where an earlier word of the same command is a program of a package that the stem names (`postgresql-common`), or is the
 * stem itself (`service postgresql start 13`). All other words stay.
 */
export function rewriteVersionWords(
  text: string,
  substitutions: readonly Substitution[],
  packageOf: PackageOf,
): string {
  return withHits(text, findVersionWords(text, substitutions, packageOf));
}

/**
 * Where rewriteVersionWords changes a text.
 * @param before words of the same command that stand before the text; those of its last command are added
 */
export function findVersionWords(
  text: string,
  substitutions: readonly Substitution[],
  packageOf: PackageOf,
  before: string[] = [],
): VersionHit[] {
  const hits: VersionHit[] = [];
  const joined = text.replace(CONTINUATION, sign => ' '.repeat(sign.length));
  for (const { 0: part, index } of joined.matchAll(WORD_OR_GAP)) {
    if (/^[\s"';&|()`]/.test(part)) {
      if (END_OF_COMMAND.test(part)) before.length = 0;
      continue;
    }
    const hit = startsComment(joined, part, index) ? undefined : todaysVersion(part, before, substitutions, packageOf);
    if (hit) hits.push({ start: index + hit.start, end: index + hit.end, text: hit.text });
    before.push(part);
  }
  return hits;
}

/** Words of one command, each an argument of its own (the exec form); one of several words is a shell's. */
export function rewriteVersionArguments(
  argv: readonly string[],
  substitutions: readonly Substitution[],
  packageOf: PackageOf,
): string[] {
  const before: string[] = [];
  return argv.map(word => withHits(word, findVersionWords(word, substitutions, packageOf, before)));
}

function withHits(text: string, hits: readonly VersionHit[]): string {
  let result = '';
  let from = 0;
  for (const hit of hits) {
    result += text.slice(from, hit.start) + hit.text;
    from = hit.end;
  }
  return result + text.slice(from);
}

function startsComment(text: string, word: string, at: number): boolean {
  return word.startsWith('#') && (at === 0 || /[\s;&|()]/.test(text[at - 1]!));
}

function todaysVersion(
  word: string,
  before: readonly string[],
  substitutions: readonly Substitution[],
  packageOf: PackageOf,
): VersionHit | undefined {
  const [, option = '', version] = VERSION_FIRST.exec(word) ?? [];
  if (version === undefined || OPTION_WITH_VALUE.test(before.at(-1) ?? '')) return undefined;
  const meant = substitutions.filter(each => each.old === version && before.some(other => names(other, each.stem)));
  const versions = [...new Set(meant.map(each => each.new))];
  if (versions.length !== 1) return undefined;
  return { start: option.length, end: option.length + version.length, text: versions[0]! };

  function names(other: string, stem: string): boolean {
    return other.slice(other.lastIndexOf('/') + 1) === stem || isOfStem(packageOf(other), stem);
  }
}

/** Whether a package is one of a stem: `postgresql-common` and `postgresql-17` are of `postgresql`; `php8.4-cli` is of `php`. */
export function isOfStem(name: string | undefined, stem: string): boolean {
  return name?.startsWith(stem) === true && !/^[a-z]/.test(name.slice(stem.length));
}
