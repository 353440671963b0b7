import type { Resolution } from './resolve-packages.ts';
import { findVersionChange, type VersionChange, versionStems, versionTokens } from './version-token.ts';

/** A version number that stands behind a stem in names and paths: `php` 7.4 -> 8.4. */
export type Substitution = VersionChange;

export interface TextHit {
  /** 1-based. */
  line: number;
  before: string;
  after: string;
}

/**
 * The version numbers that moved, from package names and source names that differ in one number only. Give it the
 * resolutions of *all* old packages: `postgresql` keeps its name while the automatic `postgresql-13` tells the number.
 * Libraries are left out, since an soname names no configuration. The first of two answers for one stem wins. A number that a package keeps in its
 * own name has not moved, whatever its libraries are built from today: `firebird3.0-server` stays where `libfbclient2` is of firebird4.0.
 */
export function deriveSubstitutions(resolutions: Resolution[]): Substitution[] {
  const found = new Map<string, Substitution>();
  const staying = new Set(resolutions.flatMap(each => (each.new === each.old ? numbersOf(each.old) : [])));
  for (const { old, new: target, sources } of resolutions) {
    if (!target) continue;
    for (const change of [findVersionChange(old, target), sources && findVersionChange(sources.old, sources.new)]) {
      if (!change || !isTelling(change.stem)) continue;
      const key = `${change.stem} ${change.old}`;
      if (!found.has(key) && !staying.has(key)) found.set(key, change);
    }
  }
  return [...found.values()].sort((a, b) => (a.stem < b.stem ? -1 : 1));
}

/** The version numbers of a name, each behind its stem: `firebird 3.0`. */
function numbersOf(name: string): string[] {
  const tokens = versionTokens(name);
  return versionStems(name).map((stem, at) => `${stem} ${tokens[at]}`);
}

/** Where a path of the old system lies on the new one: `/etc/php/7.4/fpm` -> `/etc/php/8.4/fpm`. People's own paths stay. */
export function mapPath(path: string, substitutions: Substitution[]): string {
  return isPeoples(path) ? path : substitute(path, substitutions);
}

/** mapPath for a folder of people's in which an interpreter names folders by its own version: a virtual environment. */
export function mapEnvironmentPath(path: string, substitutions: Substitution[]): string {
  return substitute(path, substitutions, false);
}

/**
 * Whether people choose the names there, so that a number in them says nothing of a package: `/srv/mirror/php/7.4` (FHS 3.0: homes,
 * /srv, /opt, /mnt and what it does not know). What programs keep there by their own version is none (`~/.local/lib/python3.9`, `~/.gem/ruby/2.7.0`, Bundler's
 * `vendor/bundle/ruby/3.1.0`).
 */
function isPeoples(path: string): boolean {
  return PEOPLES.test(path) && !BY_PROGRAMS.test(path);
}

const PEOPLES =
  /^\/(?!\/|(?:etc|usr|var|run|lib|lib32|lib64|libx32|bin|sbin|boot|dev|proc|sys|tmp)(?:\/|$))|^\/var\/(?:www|local)\//;

const BY_PROGRAMS = /\/(?:\.local|\.gem|vendor\/bundle)\//;

/** What stands between the words of a configuration file. */
const BETWEEN_WORDS = /[\s"'`=:,;()<>|&[\]]/;

/** Whether a place in a text is in a path of people's. */
function isInPeoples(text: string, at: number): boolean {
  let start = at;
  while (start > 0 && !BETWEEN_WORDS.test(text[start - 1]!)) start--;
  return isPeoples(text.slice(start, at + 1));
}

/**
 * Rewrites versioned names and paths in a text: `php7.4`, `/php/7.4/`, `postgresql-13`, `java-11-openjdk`.
 * A bare number, a longer one (`php7.45`, `php7.4.3`) and a number after any other word stay.
 */
export function rewriteText(text: string, substitutions: Substitution[]): { text: string; hits: TextHit[] } {
  const hits: TextHit[] = [];
  const lines = text.split('\n').map((before, at) => {
    const after = substitute(before, substitutions);
    if (after !== before) hits.push({ line: at + 1, before, after });
    return after;
  });
  return { text: lines.join('\n'), hits };
}

/** Where the substitutions change a text, as offsets, in order and without overlaps. */
export function findSubstitutions(
  text: string,
  substitutions: Substitution[],
  peoplesStay = true,
): { start: number; end: number; text: string }[] {
  if (!substitutions.some(({ stem, old }) => text.includes(old) && text.includes(stem))) return [];
  const changes = new Map(substitutions.map(change => [`${change.stem} ${change.old}`, change.new]));
  return [...text.matchAll(patternOf(substitutions))].flatMap(match => {
    if (peoplesStay && isInPeoples(text, match.index)) return [];
    const { stem, joint, old, order } = match.groups!;
    const now = changes.get(`${stem} ${old}`)!;
    const written = order === undefined ? `${stem}${joint}${now}` : `${now}-${stem}`;
    return [{ start: match.index, end: match.index + match[0].length, text: written }];
  });
}

/** One pass over all substitutions: what 7.4 -> 8.2 wrote must not be changed again by 8.2 -> 8.4 of the same stem. */
function substitute(text: string, substitutions: Substitution[], peoplesStay = true): string {
  let result = '';
  let from = 0;
  for (const hit of findSubstitutions(text, substitutions, peoplesStay)) {
    result += text.slice(from, hit.start) + hit.text;
    from = hit.end;
  }
  return result + text.slice(from);
}

/** Compiled once for each list: a payload has many paths. */
const compiled = new WeakMap<Substitution[], RegExp>();

function patternOf(substitutions: Substitution[]): RegExp {
  const known = compiled.get(substitutions) ?? compile(substitutions);
  compiled.set(substitutions, known);
  return known;
}

/**
 * `stem`, then the number directly, after `-`, behind another word (`php-fpm7.4`), or as a path component of its own; or the number before the stem, as Java does
 * (`java-11-openjdk`). `lib` may stand before the stem (`libphp7.4.so`), any other letter or digit may not.
 */
function compile(substitutions: Substitution[]): RegExp {
  const longestFirst = substitutions.toSorted((a, b) => b.stem.length - a.stem.length);
  const forms = longestFirst.flatMap(change => {
    const stem = `(?<stem>${escapePattern(change.stem)})`;
    const old = `(?<old>${escapePattern(change.old)})`;
    return [
      `${NAME_START}${stem}(?<joint>-?|-[a-z]+)${old}${NAME_END}`,
      `${NAME_START}${stem}(?<joint>/)${old}${PART_END}`,
      `(?<=[-/])${old}(?<order>-)${stem}${NAME_END}`,
    ];
  });
  return new RegExp(forms.join('|'), 'g');
}

/** Not in the middle of a longer word. */
const NAME_START = '(?<=(?:^|[^A-Za-z0-9.])(?:lib)?)';
/** Not in the middle of a longer number or word. */
const NAME_END = '(?![A-Za-z0-9]|\\.\\d)';
/** A path component of just this number. */
const PART_END = '(?![\\w.-])';

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Whether a stem says something: an soname (`libicu67`) names no file of the owner, nor does a stem of one letter. */
export function isTelling(stem: string): boolean {
  return /^[a-z][a-z0-9+.-]+$/.test(stem) && !stem.startsWith('lib');
}
