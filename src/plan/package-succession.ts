import type { InstalledPackage } from '../system/system-facts.ts';
import type { PackageIndex } from './package-index.ts';
import { findSuccessor, type OldPackages, type PackageIdentity, type RuleContext } from './successor-rules.ts';
import { versionPattern } from './version-token.ts';

/** By which evidence a package was found. */
export type How =
  | 'same'
  | 'knowledge'
  | 'transitional'
  | 'provides'
  | 'versioned'
  | 'time_t'
  | 'replaces'
  | 'source'
  | 'shared-virtual'
  | 'provided'
  | 'gone';

/** Where a name leads: real packages of the new base, or nothing. */
export interface Trail {
  names: string[];
  how: How;
  why: string;
}

/** Follows names from the old system through the releases in between to the new base. */
export class PackageSuccession {
  private readonly old: Map<string, InstalledPackage>;
  private readonly beside: OldPackages;
  private readonly between: PackageIndex[];
  private readonly target: PackageIndex;

  constructor(old: InstalledPackage[], between: PackageIndex[], target: PackageIndex) {
    this.old = new Map(old.map(installed => [installed.name, installed]));
    const alike = Map.groupBy(old, installed => versionPattern(installed.name));
    this.beside = { has: name => this.old.has(name), like: name => alike.get(versionPattern(name)) ?? [] };
    this.between = between;
    this.target = target;
  }

  /** Strong evidence before weak; release by release (as a machine would have been upgraded) before one leap. */
  follow(name: string): Trail {
    const start = this.identity(name);
    const direct = findSuccessor(start, this.target, { strength: 'strong', prefer: this.beside });
    if (direct?.how === 'same') return { names: [name], how: 'same', why: `${this.target.label} has ${name}` };
    for (const strength of ['strong', 'weak'] as const) {
      for (const route of [[...this.between, this.target], [this.target]]) {
        const trail = this.walk(start, route, strength);
        if (trail) return trail;
      }
    }
    return { names: [], how: 'gone', why: this.whyGone(name) };
  }

  /** Virtual names that stand for what the package did: its own, and what it provided under nearly its own name. */
  virtualsOf(name: string): string[] {
    const own = this.identity(name);
    const specific = own.provides.filter(virtual => isSpecific(virtual, name));
    const versioned = this.target
      .likeNames(name)
      .filter(virtual =>
        this.target.providersOf(virtual).some(({ source }) => versionPattern(source) === versionPattern(own.source)),
      );
    return [...new Set([name, ...specific, ...versioned])];
  }

  private identity(name: string): PackageIdentity {
    const installed = this.old.get(name);
    return { name, source: installed?.source ?? '', provides: installed?.provides ?? [] };
  }

  /** A release that knows nothing of the package is passed over; the last one must know it. */
  private walk(start: PackageIdentity, route: PackageIndex[], strength: RuleContext['strength']): Trail | undefined {
    let current = start;
    let extra: string[] = [];
    let how: How = 'same';
    const reasons: string[] = [];
    for (const [at, index] of route.entries()) {
      const found = findSuccessor(current, index, { strength, prefer: this.beside });
      if (!found) {
        if (at === route.length - 1) return undefined;
        continue;
      }
      if (found.how !== 'same') reasons.push(`${index.label}: ${found.why}`);
      if (how === 'same') how = found.how;
      current = found.identity;
      extra = [...extra.filter(name => index.find(name)), ...found.also];
    }
    return { names: [...new Set([current.name, ...extra])], how, why: reasons.join('; ') };
  }

  private whyGone(name: string): string {
    const label = this.target.label;
    const providers = this.virtualsOf(name).flatMap(virtual => this.target.providersOf(virtual).map(p => p.name));
    if (providers.length > 0)
      return `${label} has no ${name}; one of ${[...new Set(providers)].slice(0, 6).join(', ')} may do`;
    if (this.old.get(name)?.local) return `${name} came from no repository, and ${label} has no package of this name`;
    return `${label} has no ${name}, and no package that is known to succeed it`;
  }
}

/** `php-json` of `php7.4-json`, but not `httpd` of `nginx`: another web server is no substitute. */
function isSpecific(virtual: string, name: string): boolean {
  const bare = (text: string) =>
    text
      .replace(/[\d.]+/g, '')
      .replace(/-+/g, '-')
      .replace(/-$/, '');
  return bare(virtual) === bare(name);
}
