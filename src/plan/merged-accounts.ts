import type { Accounts } from '../system/system-facts.ts';
import type { IdMove } from './assign-ids.ts';

/** Something for the report; never a hash. */
export interface AccountNote {
  what: string;
  why: string;
}

export interface MergedAccounts {
  accounts: Accounts;
  /** Every old name whose number is another one now, also those that the new system brought with its own number. */
  idMap: IdMove[];
  notes: AccountNote[];
}

/** Tells of accounts that could not keep their number. */
export function renumberNotes(moves: readonly IdMove[]): AccountNote[] {
  return moves.map(({ kind, name, from, to }) => ({
    what: name ? `${kind} ${name} has id ${to}, was ${from}` : `${kind} id ${from}, which has no name, became ${to}`,
    why: `id ${from} belongs to another ${kind} on the new system`,
  }));
}
