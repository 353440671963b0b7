import { compareDebianVersions } from './debian-version.ts';
import type { PackageCandidate } from './package-candidate.ts';
import { versionPattern } from './version-token.ts';

/** What a release offers, looked up by name, virtual name, source or replaced name. */
export class PackageIndex {
  /** Which release it is, for explanations, e.g. `bookworm`. */
  readonly label: string;
  private readonly byName = new Map<string, PackageCandidate[]>();
  private readonly virtuals = new Map<string, string[]>();
  private readonly replaced = new Map<string, string[]>();
  private readonly sources = new Map<string, string[]>();
  private dependents: Map<string, string[]> | undefined;
  private patterns: Map<string, string[]> | undefined;

  constructor(label = 'the new release') {
    this.label = label;
  }

  /** Adds one candidate; several versions of one name may be added in any order. */
  add(candidate: PackageCandidate): void {
    const known = this.byName.get(candidate.name);
    if (known) known.push(candidate);
    else this.byName.set(candidate.name, [candidate]);
    addTo(this.sources, candidate.source, candidate.name);
    for (const name of candidate.provides) addTo(this.virtuals, name, candidate.name);
    for (const name of candidate.replaces) addTo(this.replaced, name, candidate.name);
  }

  /** Number of package names. */
  get size(): number {
    return this.byName.size;
  }

  /** Names of real packages. */
  names(): IterableIterator<string> {
    return this.byName.keys();
  }

  /** Names, real or virtual, that are alike but for version numbers (`php7.4-gd`, `php8.4-gd`). Built at the first call. */
  likeNames(name: string): string[] {
    this.patterns ??= this.namesByPattern();
    return this.patterns.get(versionPattern(name)) ?? [];
  }

  /** The newest version of a real package, undefined when there is none of this name (it may still be provided). */
  find(name: string): PackageCandidate | undefined {
    return this.byName
      .get(name)
      ?.reduce((best, next) => (compareDebianVersions(next.version, best.version) > 0 ? next : best));
  }

  /** Real packages that provide a name, sorted by name. */
  providersOf(virtual: string): PackageCandidate[] {
    return this.candidates(this.virtuals.get(virtual));
  }

  /** Real packages built from a source package, sorted by name. */
  bySource(source: string): PackageCandidate[] {
    return this.candidates(this.sources.get(source));
  }

  /** Real packages whose Replaces names this one, sorted by name. */
  replacing(name: string): PackageCandidate[] {
    return this.candidates(this.replaced.get(name));
  }

  /** Real packages that depend on a name, as first choice, sorted by name. Built at the first call. */
  dependingOn(name: string): PackageCandidate[] {
    this.dependents ??= this.reverseDependencies();
    return this.candidates(this.dependents.get(name));
  }

  private reverseDependencies(): Map<string, string[]> {
    const map = new Map<string, string[]>();
    for (const [name, [candidate]] of this.byName) {
      for (const [first] of candidate!.depends) {
        addTo(map, first!, name);
      }
    }
    return map;
  }

  private namesByPattern(): Map<string, string[]> {
    const map = new Map<string, string[]>();
    for (const name of new Set([...this.byName.keys(), ...this.virtuals.keys()])) {
      if (/\d/.test(name)) addTo(map, versionPattern(name), name);
    }
    return map;
  }

  private candidates(names: Iterable<string> = []): PackageCandidate[] {
    return [...new Set(names)].sort().map(name => this.find(name)!);
  }
}

/** Arrays, not sets: of a hundred thousand keys nearly all have one value. */
function addTo(map: Map<string, string[]>, key: string, value: string): void {
  const list = map.get(key);
  if (!list) map.set(key, [value]);
  else if (list.at(-1) !== value) list.push(value);
}
