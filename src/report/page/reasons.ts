import type { Counts } from '../../bag/manifest.ts';
import type { Reason } from './page-model.ts';

/** Why paths were kept or left, of the counts in a manifest. */
export function reasonsOf(
  counts: Counts,
  words: (rules: { rule: string; why: string }[]) => Record<string, string>,
): Reason[] {
  const rules = Object.entries(counts.rules);
  const said = words(rules.map(([rule]) => ({ rule, why: '' })));
  return rules.map(([rule, each]) => ({ rule, words: said[rule] || rule, ...each }));
}
