import type { IndexEntry } from './index-entry.ts';

/** Rule of an archive of a package (a .gem, a tarball of npm's cache) that is kept for what is unpacked of it again. */
export const ARCHIVE_RULE = 'language/archive';
/** Rules of files that are not in the payload, since an archive that is has them, byte for byte. */
export const UNPACKED_RULES: ReadonlySet<string> = new Set(['language/npm', 'language/gem']);

/** A file that a restore takes out of the archive of its package, to what the index says of it. */
export function isUnpacked({ disposition, rule, kind }: Pick<IndexEntry, 'disposition' | 'rule' | 'kind'>): boolean {
  return disposition === 'leave' && kind === 'file' && UNPACKED_RULES.has(rule);
}

/** An archive of which files are unpacked again; its folders have the same rule. */
export function isArchive({ disposition, rule, kind }: Pick<IndexEntry, 'disposition' | 'rule' | 'kind'>): boolean {
  return disposition === 'keep' && kind === 'file' && rule === ARCHIVE_RULE;
}

/** Whether the bag has the content of a path: in the payload, or in an archive that is there. */
export function isCarried(entry: Pick<IndexEntry, 'disposition' | 'rule' | 'kind'>): boolean {
  return entry.disposition === 'keep' || isUnpacked(entry);
}
