import type { Accounts, PasswdEntry } from '../system/system-facts.ts';
import { byName } from './assign-ids.ts';
import { type IdRanges, isPersonId } from './id-ranges.ts';
import type { AccountNote } from './merged-accounts.ts';

/** What the old system says about an account of the new one. */
export type Standing = 'person' | 'service' | 'unknown';

/** What the parts of mergePeopleAccounts share. */
export interface PeopleMerge {
  old: Accounts;
  /** Accounts of the image that the old container was started from, when known. */
  image: Accounts | undefined;
  /** Accounts of the built image, without the people that the owner deleted. */
  built: Accounts;
  oldUsers: ReadonlyMap<string, PasswdEntry>;
  builtUsers: ReadonlyMap<string, PasswdEntry>;
  ranges: IdRanges;
  notes: AccountNote[];
}

/** Prepares the name tables of a merge. */
export function peopleMerge(
  old: Accounts,
  image: Accounts | undefined,
  built: Accounts,
  ranges: IdRanges,
): PeopleMerge {
  return { old, image, built, oldUsers: byName(old.passwd), builtUsers: byName(built.passwd), ranges, notes: [] };
}

/** A person of the old system, unless a service of the new one has the name; system accounts that were added count as people. */
export function standingOf(name: string, merge: PeopleMerge): Standing {
  const was = merge.oldUsers.get(name);
  const now = merge.builtUsers.get(name);
  if (!was) return 'unknown';
  if (!now) return 'person';
  return isPersonId(was.uid, merge.ranges) && isPersonId(now.uid, merge.ranges) ? 'person' : 'service';
}

/** A name that was a person's and is a service's now: nothing that lets the person log in goes to the service. */
export function nameWasTaken(name: string, merge: PeopleMerge): boolean {
  const [was, now] = [merge.oldUsers.get(name), merge.builtUsers.get(name)];
  if (!was || !now) return false;
  return isPersonId(was.uid, merge.ranges) && !isPersonId(now.uid, merge.ranges);
}
