import type { IndexEntry } from '../bag/index-entry.ts';
import { printable } from '../system/byte-text.ts';

const WORDS: Record<IndexEntry['disposition'], string> = {
  keep: 'kept',
  attributes: 'attributes kept',
  record: 'kept as records',
  delete: 'deletion kept',
  leave: 'left out',
  parent: 'structure only',
};

/** Why a path is kept or left, which source saw it, and what to write in perennial.yml to overrule. */
export function explainPath(entry: IndexEntry | { path: string }): string {
  const path = printable(entry.path);
  if (!('disposition' in entry)) {
    return `${path}\n  left out: not listed; it is an unchanged file of a package, or it did not exist\n  to keep it: include: ['${path}']`;
  }
  const kept = entry.disposition !== 'leave' && entry.disposition !== 'parent';
  const overrule = kept ? `to leave it: exclude: ['${path}']` : `to keep it: include: ['${path}']`;
  const details = [
    `rule ${entry.rule}`,
    ...(entry.package ? [`package ${entry.package}`] : []),
    ...(entry.seenBy?.length ? [`seen by ${entry.seenBy.join(', ')}`] : []),
  ];
  return `${path}\n  ${WORDS[entry.disposition]}: ${entry.why}\n  ${details.join('; ')}\n  ${overrule}`;
}
