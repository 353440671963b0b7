import type { IndexEntry } from '../bag/index-entry.ts';
import { printable } from '../system/byte-text.ts';
import type { UnlistedPath } from './unlisted-path.ts';

const WORDS: Record<IndexEntry['disposition'], string> = {
  keep: 'kept',
  attributes: 'attributes kept',
  record: 'kept as records',
  delete: 'deletion kept',
  leave: 'left out',
  parent: 'structure only',
};

/** Why a path is kept or left, which source saw it, and what to write in perennial.yml to overrule. */
export function explainPath(entry: IndexEntry | UnlistedPath): string {
  const path = printable(entry.path);
  if (!('disposition' in entry)) return unlisted(entry, path);
  const kept = entry.disposition !== 'leave' && entry.disposition !== 'parent';
  const overrule = kept ? `to leave it: exclude: ['${path}']` : `to keep it: include: ['${path}']`;
  const details = [
    `rule ${printable(entry.rule)}`,
    ...(entry.package ? [`package ${printable(entry.package)}`] : []),
    ...(entry.secret ? [`holds ${entry.secret}`] : []),
    ...(entry.seenBy?.length ? [`seen by ${printable(entry.seenBy.join(', '))}`] : []),
  ];
  return `${path}\n  ${WORDS[entry.disposition]}: ${printable(entry.why)}\n  ${details.join('; ')}\n  ${overrule}`;
}

function unlisted(entry: UnlistedPath, path: string): string {
  const details = [
    ...(entry.rule ? [`rule ${entry.rule}`] : []),
    ...(entry.package ? [`package ${entry.package}`] : []),
  ];
  const overrule =
    entry.rule === 'mount/not-read'
      ? 'perennial.yml cannot change that: mount it as a volume, or copy it to a place that is read'
      : `to keep it: include: ['${path}']`;
  return [
    path,
    `  left out: ${printable(entry.why)}`,
    ...(details.length > 0 ? [`  ${details.join('; ')}`] : []),
    ...(entry.absent ? [] : [`  ${overrule}`]),
  ].join('\n');
}
