import type { Rule } from '../classify/rule.ts';
import type { Decided } from '../detect/detect.ts';

/**
 * Of which paths size and time are the engine's doing, not the service's: what it makes at each start, and the directories in which it does.
 * A stopped container is read through another one, whose start sets them too. A directory that is archived itself keeps its time: that is
 * put back.
 * @param decided all that goes into the index
 * @param rules those that it was decided by
 */
export function timeless(decided: Iterable<Decided>, rules: readonly Rule[]): (each: Decided) => boolean {
  const everyStart = new Set(rules.filter(rule => rule.everyStart).map(rule => rule.id));
  const isMade = (each: Decided) => everyStart.has(each.rule);
  const touched = new Set<string>();
  for (const each of decided) if (isMade(each)) touched.add(each.entry.path.replace(/\/[^/]*$/, ''));
  return each => isMade(each) || (each.disposition !== 'keep' && touched.has(each.entry.path));
}
