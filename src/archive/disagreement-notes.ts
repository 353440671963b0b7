import type { Decided } from '../detect/detect.ts';
import { printable } from '../system/byte-text.ts';

/** Paths that a note names; the rest is counted. */
const NAMED = 10;

/**
 * What is said of paths about which two sources disagree (the engine's diff and the walk): such a path is kept unless a rule leaves
 * it whatever it holds, and of those there is nothing to say.
 */
export function disagreementNotes(paths: string[], decided: readonly Decided[]): string[] {
  const dispositions = new Map(decided.map(each => [each.entry.path, each.disposition]));
  const kept = paths.filter(path => !['leave', 'parent', undefined].includes(dispositions.get(path)));
  if (kept.length === 0) return [];
  const more = kept.length > NAMED ? `, and ${kept.length - NAMED} more` : '';
  const names = kept.slice(0, NAMED).map(printable).join(', ');
  return [
    `The engine's diff and the files themselves disagree about some paths (${kept.length}), which are therefore kept: ${names}${more}`,
  ];
}
