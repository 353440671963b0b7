import type { IndexEntry } from '../bag/index-entry.ts';
import { printable } from '../system/byte-text.ts';
import type { Journal } from './journal.ts';
import type { Placement } from './placement.ts';

/** Paths that are named of each kind. */
const NAMED = 10;

/**
 * Says which paths of the bag give rights to whoever uses them: programs that run with their owner's rights or with capabilities, and
 * devices. They are the owner's state and are put back, but a person should know of them, the more so in a stranger's bag.
 */
export function sayPowers(
  index: ReadonlyMap<string, IndexEntry>,
  placements: ReadonlyMap<string, Placement>,
  journal: Journal,
): void {
  const laid = [...placements].flatMap(([old, { action }]) => (action === 'skip' ? [] : [index.get(old)!]));
  say(laid.filter(isPowerful), 'run with rights that their users have not', 'setuid, setgid or capabilities', journal);
  say(
    laid.filter(each => each.kind === 'char' || each.kind === 'block'),
    'are devices',
    'the container sees them only where the engine lets it',
    journal,
  );
}

function isPowerful({ kind, mode, xattrs }: IndexEntry): boolean {
  return (
    kind === 'file' && ((Number.parseInt(mode, 8) & 0o6000) !== 0 || xattrs?.['security.capability'] !== undefined)
  );
}

function say(entries: IndexEntry[], what: string, why: string, journal: Journal): void {
  if (entries.length === 0) return;
  const names = entries
    .slice(0, NAMED)
    .map(each => `${printable(each.path)} (${printable(each.user || `${each.uid}`)})`);
  const more = entries.length > NAMED ? ` and ${entries.length - NAMED} more` : '';
  journal.look(
    'state',
    `${names.join(', ')}${more} ${what}`,
    `${why}: the owner of the old system made it so`,
    'state/rights',
  );
}
