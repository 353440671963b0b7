import type { Accounts } from '../system/system-facts.ts';
import { type AccountSelection, addAccounts, mirrorMembers } from './add-accounts.ts';
import { type AccountKind, assignIds, byName, type IdMove } from './assign-ids.ts';
import { debianRanges, type IdRanges, isSystemId } from './id-ranges.ts';
import { lockedShadow } from './merge-passwords.ts';
import { type MergedAccounts, renumberNotes } from './merged-accounts.ts';

export interface SystemMergeOptions {
  /** Default: Debian's. */
  ranges?: IdRanges;
  /** Names that the Dockerfile makes with useradd or groupadd, which fail on a name that exists (findAccountsMade). */
  leaveOut?: ReadonlySet<string>;
}

/**
 * The accounts for a new base, right after FROM: the old system users and groups (ids 100..999 and the distribution's
 * reserved ones) that the base lacks, with their old ids where those are free, so that `adduser --system` in later
 * maintainer scripts finds the name and keeps it. What the base has stays as it is; ids 0..99 are the base's own.
 * Nobody can log in to what is added: passwords come after the build, with the people, and in no image layer.
 */
export function mergeSystemAccounts(old: Accounts, base: Accounts, options: SystemMergeOptions = {}): MergedAccounts {
  const ranges = options.ranges ?? debianRanges;
  const wanted = (name: string, id: number): boolean => isSystemId(id, ranges) && !options.leaveOut?.has(name);
  const selected = selectSystem(old, base, wanted, options.leaveOut);
  const ids = assignIds(old, base, ranges);
  const added = addAccounts({ old, onto: base, ids, ...selected, shadowOf: lockedShadow });
  const accounts = withSystemMembers(parkOrphans(added, selected), old, selected);
  const chosen = ids.moves.filter(move => has(selected, move));
  return {
    accounts,
    idMap: ids.moves.filter(move => has(selected, move) || has({ users: base.passwd, groups: base.group }, move)),
    notes: renumberNotes(chosen),
  };
}

function has(selection: AccountSelection, move: IdMove): boolean {
  const lists: Record<AccountKind, { name: string }[]> = { user: selection.users, group: selection.groups };
  return lists[move.kind].some(entry => entry.name === move.name);
}

/** Old system users and groups that the base lacks, with the primary groups that those users need. */
function selectSystem(
  old: Accounts,
  base: Accounts,
  wanted: (name: string, id: number) => boolean,
  leaveOut: ReadonlySet<string> = new Set(),
): AccountSelection {
  const [users, groups] = [byName(base.passwd), byName(base.group)];
  const newUsers = [...byName(old.passwd).values()].filter(
    user => wanted(user.name, user.uid) && !users.has(user.name),
  );
  const primary = new Set(newUsers.map(user => user.gid));
  const newGroups = [...byName(old.group).values()].filter(
    group =>
      (wanted(group.name, group.gid) || (primary.has(group.gid) && !leaveOut.has(group.name))) &&
      !groups.has(group.name),
  );
  return { users: newUsers, groups: newGroups };
}

/** A user whose primary group is still to come waits in nogroup, not in whatever group takes that number first. */
function parkOrphans(accounts: Accounts, { users }: AccountSelection): Accounts {
  const nogroup = accounts.group.find(group => group.name === 'nogroup')?.gid;
  if (nogroup === undefined) return accounts;
  const known = new Set(accounts.group.map(group => group.gid));
  const added = byName(users);
  const park = (user: Accounts['passwd'][number]) =>
    added.has(user.name) && !known.has(user.gid) ? { ...user, gid: nogroup } : user;
  return { ...accounts, passwd: accounts.passwd.map(park) };
}

/** Memberships in which one side was added: the base's own users in the base's own groups wait for the people. */
function withSystemMembers(accounts: Accounts, old: Accounts, { users, groups }: AccountSelection): Accounts {
  const oldGroups = byName(old.group);
  const [addedUsers, addedGroups, present] = [byName(users), byName(groups), byName(accounts.passwd)];
  const group = accounts.group.map(entry => {
    const joining = (oldGroups.get(entry.name)?.members ?? []).filter(
      name => present.has(name) && (addedUsers.has(name) || addedGroups.has(entry.name)),
    );
    return { ...entry, members: [...new Set([...entry.members, ...joining])] };
  });
  return { ...accounts, group, gshadow: mirrorMembers(accounts.gshadow, group) };
}
