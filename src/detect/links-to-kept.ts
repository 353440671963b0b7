import type { CompiledRule } from '../classify/rule.ts';
import { resolve } from '../system/package-files.ts';
import type { Decisions } from './decisions.ts';
import type { Paths } from './path-table.ts';

const MOST_HOPS = 40;

/**
 * Keeps links that a rule left because a program makes them again, where what they lead to is kept: that program knows nothing of the owner's.
 * @param links path of each symbolic link -> its target
 */
export function keepLinksToKept(
  rules: CompiledRule[],
  links: ReadonlyMap<string, string>,
  entries: Paths,
  decided: Decisions,
): void {
  const asked = rules.filter(rule => rule.unlessTargetKept);
  for (const [path, target] of links) {
    const rule = asked.find(each => each.test(path, 'symlink', target));
    const verdict = rule && decided.verdict(path);
    const entry = verdict?.rule === rule?.id ? entries.get(path) : undefined;
    const end = entry && endOf(path, links);
    if (!verdict || !entry || !end || decided.verdict(end)?.disposition !== 'keep') continue;
    const { origin } = verdict;
    const why = `it leads to ${end}, which is kept`;
    decided.set({ disposition: 'keep', rule: 'structure/link', why, origin, entry, seenBy: ['walk'] });
  }
}

/** Where a chain of links ends. Undefined for a circle. */
function endOf(link: string, links: ReadonlyMap<string, string>): string | undefined {
  let path = link;
  for (let hops = 0; hops < MOST_HOPS; hops++) {
    const target = links.get(path);
    if (target === undefined) return path;
    path = resolve(path, target);
  }
  return undefined;
}
