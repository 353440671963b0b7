import { type CompiledRule, compileGlobs } from '../classify/rule.ts';
import { canonicalPaths, linkFollower } from '../system/package-files.ts';
import type { DpkgOverrides } from '../system/system-facts.ts';
import type { Decisions } from './decisions.ts';
import type { Paths } from './path-table.ts';

/** Links that rules leave to a program, but which are the owner's own. */
export interface OwnLinks {
  rules: CompiledRule[];
  /** Path of each symbolic link -> its target. */
  links: ReadonlyMap<string, string>;
  entries: Paths;
  decided: Decisions;
}

/**
 * Keeps links that a rule left because a program makes them again, where what they lead to is kept: that program knows nothing of the owner's,
 * but for what it makes them from.
 */
export function keepLinksToKept({ rules, links, entries, decided }: OwnLinks): void {
  const asked = rules.filter(rule => rule.unlessTargetKept);
  const endOf = linkFollower(links);
  const isRemadeFrom = compileGlobs(rules.flatMap(rule => rule.remake?.from ?? []));
  for (const [path, target] of links) {
    if (!isLeftBy(asked, path, target, decided)) continue;
    const end = endOf(path);
    if (end === undefined || isRemadeFrom(end) || decided.verdict(end)?.disposition !== 'keep') continue;
    keep(path, 'structure/link', `it leads to ${end}, which is kept`, entries, decided);
  }
}

const ALTERNATIVES = '/etc/alternatives/';

/**
 * Keeps links that look like those of the alternatives system but are not in its records: they are not replayed with them. What the build makes
 * again is left.
 */
export function keepUnknownAlternatives(
  alternatives: DpkgOverrides['alternatives'],
  { rules, links, entries, decided }: OwnLinks,
  rebuildable: boolean,
): void {
  const asked = rules.filter(rule => rule.onlyAlternatives);
  const canonical = canonicalPaths(links);
  const known = new Set<string>(); // of each its link and its choices, behind its name
  for (const { name, link, choices } of alternatives) {
    known.add(`${name} ${canonical(link)}`);
    for (const { path, slaves } of choices) {
      known.add(`${name} ${path}`);
      for (const slave of slaves)
        known.add(`${slave.name} ${canonical(slave.link)}`).add(`${slave.name} ${slave.path}`);
    }
  }
  for (const [path, target] of links) {
    if (!isLeftBy(asked, path, target, decided)) continue;
    const isChoice = path.startsWith(ALTERNATIVES);
    const name = (isChoice ? path : target).slice(ALTERNATIVES.length);
    if (known.has(`${name} ${isChoice ? target : path}`)) continue;
    if (rebuildable && decided.verdict(path)?.origin === 'image') continue;
    keep(path, 'unowned/operation', 'the alternatives system has no such link', entries, decided);
  }
}

function isLeftBy(rules: CompiledRule[], path: string, target: string, decided: Decisions): boolean {
  const rule = rules.find(each => each.test(path, 'symlink', target));
  return rule !== undefined && decided.verdict(path)?.rule === rule.id;
}

function keep(path: string, rule: string, why: string, entries: Paths, decided: Decisions): void {
  const entry = entries.get(path)!;
  const { origin } = decided.verdict(path)!;
  decided.set({ disposition: 'keep', rule, why, origin, entry, seenBy: ['walk'] });
}
