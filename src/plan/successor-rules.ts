import type { PackageCandidate } from './package-candidate.ts';
import type { PackageIndex } from './package-index.ts';
import type { How } from './package-succession.ts';
import { versionPattern, withoutTimeT } from './version-token.ts';
import { findVersionedSuccessor } from './versioned-successor.ts';

/** What of a package matters when its successor is looked for. */
export interface PackageIdentity {
  name: string;
  /** Empty when unknown. */
  source: string;
  provides: string[];
}

export interface Successor {
  identity: PackageIdentity;
  /** Further packages that it was split into. */
  also: string[];
  how: How;
  why: string;
}

/** The old system's packages. */
export interface OldPackages {
  has(name: string): boolean;
  /** Those whose names are alike but for version numbers. */
  like(name: string): { name: string; source: string }[];
}

export interface RuleContext {
  strength: 'strong' | 'weak';
  /** Packages of the old system: of several providers the one that was there already is right. */
  prefer: OldPackages;
}

type Rule = (subject: PackageIdentity, index: PackageIndex, context: RuleContext) => Successor | undefined;

const STRONG: Rule[] = [sameName, transitional, provided, versioned, ownVirtualName];
const WEAK: Rule[] = [replacing, onlyOneOfSource, sharedVirtual];

/** What one release has in place of a package; undefined when its lists do not tell. */
export function findSuccessor(
  subject: PackageIdentity,
  index: PackageIndex,
  context: RuleContext,
): Successor | undefined {
  for (const rule of context.strength === 'strong' ? STRONG : [...STRONG, ...WEAK]) {
    const found = rule(subject, index, context);
    if (found) return found;
  }
  return undefined;
}

function sameName(subject: PackageIdentity, index: PackageIndex): Successor | undefined {
  const found = index.find(subject.name);
  return found && successors(found, index).length === 0 ? to(found, 'same', `${found.name} is there`) : undefined;
}

function transitional(subject: PackageIdentity, index: PackageIndex): Successor | undefined {
  const dummy = index.find(subject.name);
  if (!dummy) return undefined;
  const [first, ...rest] = successors(dummy, index);
  const names = [first, ...rest].map(found => found?.name).join(', ');
  if (!first) return undefined;
  return {
    ...to(first, 'transitional', `${dummy.name} is a transitional package for ${names}`),
    also: rest.map(f => f.name),
  };
}

/**
 * What a transitional package stands for, following one that leads to another; empty when it is a real one.
 * Of several dependencies those of its own source are meant (`telnetd` -> `inetutils-telnetd`, not `update-inetd`).
 */
function successors(dummy: PackageCandidate, index: PackageIndex, seen = new Set<string>()): PackageCandidate[] {
  if (!dummy.transitional || seen.has(dummy.name)) return [];
  seen.add(dummy.name);
  const all = [...new Set(dummy.depends.map(group => group[0]!))].flatMap(name => index.find(name) ?? []);
  const own = all.filter(({ source }) => source === dummy.source);
  const targets = all.length > 1 && own.length > 0 ? own : all;
  return targets.flatMap(target => {
    const further = successors(target, index, seen);
    return further.length > 0 ? further : [target];
  });
}

function provided(subject: PackageIdentity, index: PackageIndex, { prefer }: RuleContext): Successor | undefined {
  const providers = index.providersOf(subject.name);
  const timeT = providers.find(({ name }) => withoutTimeT(name) === subject.name);
  if (timeT) return to(timeT, 'time_t', `${timeT.name} is ${subject.name} with 64-bit time_t`);
  const [only, ...others] = providers;
  if (only && others.length === 0) return to(only, 'provides', `only ${only.name} provides ${subject.name}`);
  const had = providers.find(({ name }) => prefer.has(name));
  return had && to(had, 'provides', `${had.name}, which was installed, provides ${subject.name}`);
}

/**
 * `php7.4-fpm` provided `php-fpm`; here `php-fpm` is a real package that depends on `php8.4-fpm`.
 * Other virtual names (`mail-transport-agent`) are no evidence.
 */
function versioned(subject: PackageIdentity, index: PackageIndex, { prefer }: RuleContext): Successor | undefined {
  for (const virtual of subject.provides) {
    const match = index
      .find(virtual)
      ?.depends.flat()
      .find(name => name !== subject.name && versionPattern(name) === versionPattern(subject.name));
    const found = match === undefined ? undefined : index.find(match);
    if (found) return to(found, 'provides', `it provided ${virtual}, which now means ${found.name}`);
  }
  const found = findVersionedSuccessor(subject, index, prefer);
  return found && to(found, 'versioned', `${found.name} is the version of ${subject.name} there`);
}

/** It provided the name under which the same source now ships it. */
function ownVirtualName(subject: PackageIdentity, index: PackageIndex): Successor | undefined {
  for (const virtual of subject.provides) {
    const found = index.find(virtual);
    if (found && subject.source !== '' && found.source === subject.source) {
      return to(found, 'provides', `it provided ${virtual}, which is a real package of the same source now`);
    }
  }
  return undefined;
}

/** Replaces alone means moved files; with Breaks or Conflicts and a related name or source it is a successor. */
function replacing(subject: PackageIdentity, index: PackageIndex): Successor | undefined {
  const related = index
    .replacing(subject.name)
    .filter(found => [...found.conflicts, ...found.breaks].includes(subject.name))
    .filter(found => found.source === subject.source || found.name.startsWith(subject.name));
  const [only, ...others] = related;
  return only && others.length === 0 ? to(only, 'replaces', `${only.name} replaces ${subject.name}`) : undefined;
}

/** Not what the old system had beside it: `git` does not succeed `git-daemon-run`. */
function onlyOneOfSource(
  subject: PackageIdentity,
  index: PackageIndex,
  { prefer }: RuleContext,
): Successor | undefined {
  if (subject.source === '') return undefined;
  const [only, ...others] = index
    .bySource(subject.source)
    .filter(({ name }) => !/-(doc|dev|dbg|dbgsym|common|data)$/.test(name));
  if (!only || others.length > 0 || prefer.has(only.name)) return undefined;
  return to(only, 'source', `${only.name} is the only package of the same source (${subject.source})`);
}

function sharedVirtual(subject: PackageIdentity, index: PackageIndex): Successor | undefined {
  for (const virtual of subject.provides) {
    const [only, ...others] = index.providersOf(virtual);
    if (only && others.length === 0) {
      return to(only, 'shared-virtual', `only ${only.name} provides ${virtual} as ${subject.name} did`);
    }
  }
  return undefined;
}

function to(found: PackageCandidate, how: How, why: string): Successor {
  return { identity: { name: found.name, source: found.source, provides: found.provides }, also: [], how, why };
}
