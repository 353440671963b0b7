import { braceExpand, Minimatch } from 'minimatch';
import type { PathKind } from '../bag/index-entry.ts';

/** One entry of knowledge/rules/*.yml: paths that something makes again, or that are carried in another way. */
export interface Rule {
  id: string;
  /** `leave`: not archived. `record`: archived, but merged as records at restore and never laid over. */
  action: 'leave' | 'record';
  reason: string;
  /** Where the fact comes from: a manual page, a Debian policy, a program's documentation. */
  source: string;
  /** minimatch globs of absolute paths. */
  paths: string[];
  /** Exceptions: globs that the rule does not touch. */
  except: string[];
  /** Only symbolic links to such targets, when given. */
  targets: string[];
  /** Only these kinds; all when empty. */
  kinds: PathKind[];
  /** Made anew each time that a container starts: its size and time say nothing about the service. */
  everyStart?: boolean;
  /** Not in volumes and bind mounts: who mounts something there means it to last. */
  exceptMounts?: boolean;
  /** Links are kept after all where they lead to something that is kept (see keepLinksToKept). */
  unlessTargetKept?: boolean;
  /** It is about links of the alternatives system: others are kept after all (see keepUnknownAlternatives). */
  onlyAlternatives?: boolean;
  /** The program that makes it again, and what it makes it from: run at restore when any of that was put back. */
  remake?: { run: string; from: string[] } | undefined;
  examples: { matches: string[]; not: string[] };
}

export interface CompiledRule extends Rule {
  test(path: string, kind: PathKind, target?: string): boolean;
  /**
   * False when it matches no path of this kind that begins and ends so.
   * @param last code of the path's last character; ANY_END when that is not known
   */
  mayMatch(prefix: string, kind: PathKind, last: number): boolean;
}

/** The rule that decides about a path, if any. */
export type FindRule = (path: string, kind: PathKind, target?: string) => CompiledRule | undefined;

/** A test of paths, and what can be said of many at once: false when it matches none that begins and ends so (see CompiledRule). */
export interface PathTest {
  (path: string): boolean;
  mayMatch(prefix: string, last: number): boolean;
}

/** The last character of a path may be any. */
export const ANY_END = -1;

/** Compiles the globs of a rule once: classification runs over every path of a system. */
export function compileRule(rule: Rule): CompiledRule {
  const matches = compileGlobs(rule.paths);
  const excepted = compileGlobs(rule.except);
  const targets = compileGlobs(rule.targets);
  const kinds = new Set(rule.kinds);
  return {
    ...rule,
    test: (path, kind, target = '') =>
      (kinds.size === 0 || kinds.has(kind)) &&
      matches(path) &&
      !excepted(path) &&
      (rule.targets.length === 0 || (kind === 'symlink' && targets(target))),
    mayMatch: (prefix, kind, last) => (kinds.size === 0 || kinds.has(kind)) && matches.mayMatch(prefix, last),
  };
}

/** Last characters that are told apart: nearly all names end in one of ASCII. */
const ENDS = 128;

/**
 * The first rule that matches a path. Rules that cannot match anything in a path's directory, taken two levels deep, or with its last
 * character are not tried: classification runs over every path of a system, and most paths have no rule.
 */
export function ruleFinder(rules: CompiledRule[]): FindRule {
  const candidates = new Map<string, Partial<Record<PathKind, CompiledRule[][]>>>();
  return (path, kind, target) => {
    const directory = directoryAtMostTwoDeep(path);
    const kinds = candidates.get(directory) ?? {};
    const ends = kinds[kind] ?? [];
    const last = path.charCodeAt(path.length - 1);
    const end = Math.min(last, ENDS);
    let few = ends[end];
    if (!few) {
      few = rules.filter(rule => rule.mayMatch(directory, kind, end < ENDS ? last : ANY_END));
      ends[end] = few;
      kinds[kind] = ends;
      candidates.set(directory, kinds);
    }
    return few.find(rule => rule.test(path, kind, target));
  };
}

/** `/usr/share` of `/usr/share/doc/x`, `/etc` of `/etc/passwd`, '' of `/etc`. */
function directoryAtMostTwoDeep(path: string): string {
  const second = path.indexOf('/', 1);
  const third = second < 0 ? -1 : path.indexOf('/', second + 1);
  return path.slice(0, Math.max(third, second, 0));
}

/** A test for any of the globs (minimatch with `dot`; `/a/**` means `/a` itself too). */
export function compileGlobs(globs: string[]): PathTest {
  if (globs.length === 0) return Object.assign(() => false, { mayMatch: () => false });
  const compiled = globs
    .flatMap(glob => braceExpand(glob))
    .map(glob => glob.replace(/(?:\/\*\*)+(?=\/|$)/g, '/**')) // `/**/**` is `/**`
    .flatMap(glob => (hasManyGlobstars(glob) && glob.endsWith('/**') ? [glob, glob.slice(0, -'/**'.length)] : [glob]))
    .map(glob => ({ ...literalParts(glob), test: globTest(glob) }));
  const matches = (path: string) =>
    compiled.some(
      ({ head, tail, part, test }) => path.startsWith(head) && path.endsWith(tail) && path.includes(part) && test(path),
    );
  const mayMatch = (prefix: string, last: number) =>
    compiled.some(
      ({ head, tail }) =>
        (head.startsWith(prefix) || prefix.startsWith(head)) &&
        (last === ANY_END || tail === '' || tail.charCodeAt(tail.length - 1) === last),
    );
  return Object.assign(matches, { mayMatch });
}

/** `/a/**\/b/**`: more than one `**`, which minimatch's expressions get wrong (10.2.6: what follows a second one is lost). */
function hasManyGlobstars(glob: string): boolean {
  return glob.split('/').filter(part => part === '**').length > 1;
}

/** One expression where that is right; else minimatch's own matching, part by part. */
function globTest(glob: string): (path: string) => boolean {
  const minimatch = new Minimatch(glob, { dot: true, nocomment: true, nonegate: true });
  if (hasManyGlobstars(glob)) return path => minimatch.match(path);
  const made = minimatch.makeRe();
  if (!made) throw new RangeError(`"${glob}" is not a glob`);
  const regex = new RegExp(made.source, 's');
  return path => regex.test(path);
}

/**
 * What every path that a glob matches begins with, ends with and has in it. Nearly all paths of a system fail this, which is
 * five times cheaper than the expression. Slashes beside a wildcard are left off, since `**` may stand for nothing.
 */
function literalParts(glob: string): { head: string; tail: string; part: string } {
  const head = /^[^*?[\]{}()!+@\\]*/.exec(glob)![0];
  if (head === glob) return { head, tail: '', part: '' };
  const tail = /[^*?[\]{}()!+@\\]*$/.exec(glob)![0];
  // What stands in brackets or braces is one choice of several.
  const parts = /[[\]{}()!+@\\]/.test(glob) ? [] : glob.split(/[*?]+/).slice(1, -1);
  const longest = parts.reduce((a, b) => (b.length > a.length ? b : a), '');
  return { head: head.replace(/\/$/, ''), tail: tail.replace(/^\//, ''), part: longest.replace(/^\/|\/$/g, '') };
}
