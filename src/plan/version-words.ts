import type { Substitution } from './path-substitution.ts';

/** Where one command ends and another begins, in the words of a shell. */
const END_OF_COMMAND = /[;&|\n()`]/;

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
 * @param packageOf the package of a program of today's system, by its name or path
 */
export function rewriteVersionWords(
  text: string,
  substitutions: readonly Substitution[],
  packageOf: (program: string) => string | undefined,
): string {
  let before: string[] = [];
  const parts = text.match(WORD_OR_GAP) ?? [];
  return parts
    .map((part, at) => {
      if (/^[\s"';&|()`]/.test(part)) {
        if (END_OF_COMMAND.test(part)) before = [];
        return part;
      }
      const now = startsComment(part, parts[at - 1]) ? part : todaysWord(part, before, substitutions, packageOf);
      before.push(part);
      return now;
    })
    .join('');
}

function startsComment(word: string, gap: string | undefined): boolean {
  return word.startsWith('#') && (gap === undefined || /[\s;&|()]$/.test(gap));
}

function todaysWord(
  word: string,
  before: string[],
  substitutions: readonly Substitution[],
  packageOf: (program: string) => string | undefined,
): string {
  const [, option = '', version, rest = ''] = VERSION_FIRST.exec(word) ?? [];
  if (version === undefined || OPTION_WITH_VALUE.test(before.at(-1) ?? '')) return word;
  const meant = substitutions.filter(each => each.old === version && before.some(other => names(other, each.stem)));
  const versions = new Set(meant.map(each => each.new));
  return versions.size === 1 ? `${option}${[...versions][0]}${rest}` : word;

  function names(other: string, stem: string): boolean {
    return other.slice(other.lastIndexOf('/') + 1) === stem || isOf(packageOf(other), stem);
  }
}

/** `postgresql-common` and `postgresql-17` are of `postgresql`; `php8.4-cli` is of `php`. */
function isOf(name: string | undefined, stem: string): boolean {
  return name?.startsWith(stem) === true && !/^[a-z]/.test(name.slice(stem.length));
}
