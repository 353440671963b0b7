import type { InstalledPackage } from '../system/system-facts.ts';
import type { PackageCandidate } from './package-candidate.ts';
import type { PackageIndex } from './package-index.ts';
import { type How, PackageSuccession, type Trail } from './package-succession.ts';

/** A name that knowledge/ says to replace. */
export interface Rename {
  from: string;
  /** Absent: the package is dropped on purpose. */
  to?: string;
  /** Id of the knowledge entry. */
  entry: string;
  why: string;
}

/** What becomes of one package name on the new base. */
export interface Resolution {
  old: string;
  /** A real package of the new base; absent when it is `provided` by another one, `gone`, or dropped by an entry. */
  new?: string;
  /** Further packages that the old one was split into. */
  also?: string[];
  how: How;
  /** A sentence for the plan and the report. */
  why: string;
  /** Source packages, when both are known: their version numbers often name directories. */
  sources?: { old: string; new: string };
}

export interface ResolveRequest {
  /** Every package of the old system: their names and Provides disambiguate. */
  old: InstalledPackage[];
  /** Names that are to be had on the new system: manual packages, words of the Dockerfile. */
  wanted: string[];
  /** What the new base offers. */
  index: PackageIndex;
  /** What the releases between the old one and the new one offered, oldest first. */
  between: PackageIndex[];
  renames: Rename[];
}

/**
 * Finds for every wanted name what to install on the new base, in the order of `wanted`, without duplicates.
 * Every `new` (and `also`) is a real package of the index, so that apt does not refuse the line that they stand in.
 * The strength of evidence decides: the same name, a knowledge entry, then what releases on the way say
 * (transitional packages, Provides, version numbers), then weaker hints (Replaces, one package of the same source, a
 * shared virtual name). Pure.
 */
export function resolvePackages(request: ResolveRequest): Resolution[] {
  const succession = new PackageSuccession(request.old, request.between, request.index);
  const names = [...new Set(request.wanted)];
  const first = names.map(name => byKnowledge(name, request) ?? fromTrail(name, succession.follow(name), request));
  const installed = new Installed(request.index, first);
  return first.map(resolution => settle(resolution, succession, installed));
}

function byKnowledge(name: string, { renames, index, old }: ResolveRequest): Resolution | undefined {
  const rename = renames.find(entry => entry.from === name && (!entry.to || index.find(entry.to)));
  if (!rename) return undefined;
  const why = `${rename.why} (knowledge entry ${rename.entry})`;
  if (!rename.to) return { old: name, how: 'knowledge', why };
  return { old: name, new: rename.to, how: 'knowledge', why, ...sourcesOf(name, rename.to, old, index) };
}

function fromTrail(name: string, trail: Trail, { index, old }: ResolveRequest): Resolution {
  const [target, ...also] = trail.names;
  const why = trail.why;
  if (!target) return { old: name, how: 'gone', why };
  const split = also.length > 0 ? { also } : {};
  return { old: name, new: target, ...split, how: trail.how, why, ...sourcesOf(name, target, old, index) };
}

function sourcesOf(name: string, target: string, old: InstalledPackage[], index: PackageIndex) {
  const before = old.find(installed => installed.name === name)?.source;
  const after = index.find(target)?.source;
  return before && after ? { sources: { old: before, new: after } } : {};
}

/** The second pass: what nothing succeeded may be provided by what is installed anyhow; what conflicts is taken back. */
function settle(resolution: Resolution, succession: PackageSuccession, installed: Installed): Resolution {
  const { old, how } = resolution;
  if (resolution.new && how !== 'same') {
    const rival = installed.findConflict(resolution.new);
    return rival
      ? { old, how: 'gone', why: `${resolution.new} would succeed it, but conflicts with ${rival}` }
      : resolution;
  }
  if (resolution.new || how !== 'gone') return resolution;
  for (const virtual of succession.virtualsOf(old)) {
    const provider = installed.findProvider(virtual);
    if (provider) return { old, how: 'provided', why: `${provider}, which will be installed, provides ${virtual}` };
  }
  return resolution;
}

/** What will be on the new system once the resolved names and their dependencies are installed. */
class Installed {
  private readonly packages = new Map<string, PackageCandidate>();
  private readonly kept: PackageCandidate[];

  constructor(index: PackageIndex, resolutions: Resolution[]) {
    this.kept = resolutions.flatMap(({ new: name, how }) => (name && how === 'same' ? [index.find(name)!] : []));
    const queue = resolutions.flatMap(({ new: name, also = [] }) => (name ? [name, ...also] : also));
    for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
      const found = this.packages.has(name) ? undefined : index.find(name);
      if (!found) continue;
      this.packages.set(name, found);
      for (const [first] of found.depends) queue.push(first!);
    }
  }

  findProvider(virtual: string): string | undefined {
    return [...this.packages.values()].find(candidate => candidate.provides.includes(virtual))?.name;
  }

  /** Name of a package that is kept under its old name and cannot be installed together with `name`. */
  findConflict(name: string): string | undefined {
    const subject = this.packages.get(name);
    if (!subject) return undefined;
    const rival = this.kept.find(
      other => other.name !== name && (excludes(subject, other) || excludes(other, subject)),
    );
    return rival?.name;
  }
}

function excludes(one: PackageCandidate, other: PackageCandidate): boolean {
  const conflicts = one.conflicts;
  return conflicts.length > 0 && [other.name, ...other.provides].some(name => conflicts.includes(name));
}
