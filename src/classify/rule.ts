import { Minimatch } from 'minimatch';
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
  /** The program that makes it again, and what it makes it from: run at restore when any of that was put back. */
  remake?: { run: string; from: string[] } | undefined;
  examples: { matches: string[]; not: string[] };
}

export interface CompiledRule extends Rule {
  test(path: string, kind: PathKind, target?: string): boolean;
}

/** Compiles the globs of a rule to one regular expression: classification runs over every path of a system. */
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
  };
}

/** A test for any of the globs (minimatch with `dot`; `/a/**` also means `/a` itself is not meant). */
export function compileGlobs(globs: string[]): (path: string) => boolean {
  if (globs.length === 0) return () => false;
  const sources = globs.map(glob => {
    const compiled = new Minimatch(glob, { dot: true, nocomment: true, nonegate: true }).makeRe();
    if (!compiled) throw new RangeError(`"${glob}" is not a glob`);
    return `(?:${compiled.source})`;
  });
  const any = new RegExp(sources.join('|'), 's');
  return path => any.test(path);
}
