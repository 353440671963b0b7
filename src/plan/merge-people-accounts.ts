import type { Accounts } from '../system/system-facts.ts';
import { addAccounts } from './add-accounts.ts';
import { assignIds, byName, type IdMove, type NumbersWithoutName } from './assign-ids.ts';
import { debianRanges, type IdRanges, isPersonId } from './id-ranges.ts';
import { mergeGroups } from './merge-memberships.ts';
import { mergePasswdFields } from './merge-passwd-fields.ts';
import { lockedShadow, mergeShadow } from './merge-passwords.ts';
import { mergeSubIds } from './merge-sub-ids.ts';
import { type AccountNote, type MergedAccounts, renumberNotes } from './merged-accounts.ts';
import { nameWasTaken, type PeopleMerge, peopleMerge, standingOf } from './people-merge.ts';

export interface PeopleMergeOptions {
  /** Accounts of the image that the old container was started from: tells the owner's changes from the image's. */
  oldImage?: Accounts | undefined;
  /** Default: Debian's. */
  ranges?: IdRanges | undefined;
  /** Numbers that own restored files but had no name: none of them may fall to a new account. */
  unnamed?: NumbersWithoutName | undefined;
}

/** Static accounts that base-passwd withdrew; not the owner's (base-passwd 3.6.0 removed gnats). */
const WITHDRAWN: ReadonlySet<string> = new Set(['gnats']);

/**
 * The accounts to write into the container after the build: the built ones, the old ones that they lack, and what the owner
 * changed. People have their old passwords, shells, homes and memberships; accounts that both have keep the built ids.
 * People that the owner deleted do not come back with a Dockerfile that makes them (known only with `oldImage`).
 * Nobody gets into a group that they were not in. The result merged again is the same.
 */
export function mergePeopleAccounts(old: Accounts, built: Accounts, options: PeopleMergeOptions = {}): MergedAccounts {
  const ranges = options.ranges ?? debianRanges;
  const image = options.oldImage;
  const onto = image ? withoutDeleted(old, image, built, ranges) : built;
  const selected = { users: missing(old.passwd, onto.passwd), groups: missing(old.group, onto.group) };
  const ids = assignIds(old, onto, ranges, options.unnamed);
  const shadowOf: Parameters<typeof addAccounts>[0]['shadowOf'] = (name, entry) =>
    entry ?? lockedShadow(name, undefined);
  const added = addAccounts({ old, onto, ids, ...selected, shadowOf });
  const merge = peopleMerge(old, image, onto, ranges);
  const accounts = withSubIds(mergeGroups(withShadow(mergePasswdFields(added, merge), merge), merge), merge);
  const moved = renumberNotes(ids.moves.filter(move => !isBuilt(move, onto)));
  return { accounts, idMap: ids.moves, notes: [...moved, ...standingNotes(accounts, merge), ...merge.notes] };
}

function missing<T extends { name: string }>(old: readonly T[], present: readonly T[]): T[] {
  const there = byName(present);
  return [...byName(old).values()].filter(entry => !there.has(entry.name) && !WITHDRAWN.has(entry.name));
}

function isBuilt({ kind, name }: IdMove, built: Accounts): boolean {
  return (kind === 'user' ? built.passwd : built.group).some(entry => entry.name === name);
}

/** Without the people and their groups that the image had and the owner deleted. */
function withoutDeleted(old: Accounts, image: Accounts, built: Accounts, ranges: IdRanges): Accounts {
  const deletedUsers = deletedNames(old.passwd, image.passwd);
  const userGone = (name: string, uid: number): boolean => isPersonId(uid, ranges) && deletedUsers.has(name);
  const passwd = built.passwd.filter(user => !userGone(user.name, user.uid));
  const primary = new Set(passwd.map(user => user.gid));
  const deletedGroups = deletedNames(old.group, image.group);
  const group = built.group.filter(
    entry => !(isPersonId(entry.gid, ranges) && deletedGroups.has(entry.name)) || primary.has(entry.gid),
  );
  const goneUsers = lost(built.passwd, passwd);
  const goneGroups = lost(built.group, group);
  const users = <T extends { name: string }>(entries: T[]): T[] => entries.filter(entry => !goneUsers.has(entry.name));
  return {
    passwd,
    group: group.map(entry => ({ ...entry, members: entry.members.filter(name => !goneUsers.has(name)) })),
    shadow: users(built.shadow),
    gshadow: built.gshadow.filter(entry => !goneGroups.has(entry.name)),
    subuid: users(built.subuid),
    subgid: users(built.subgid),
  };
}

function deletedNames(old: readonly { name: string }[], image: readonly { name: string }[]): Set<string> {
  const left = byName(old);
  return new Set(image.map(entry => entry.name).filter(name => !left.has(name)));
}

function lost(before: readonly { name: string }[], after: readonly { name: string }[]): Set<string> {
  const left = byName(after);
  return new Set(before.map(entry => entry.name).filter(name => !left.has(name)));
}

/** Password, age and expiry of accounts that both systems have. */
function withShadow(accounts: Accounts, merge: PeopleMerge): Accounts {
  const [olds, images, lines] = [byName(merge.old.shadow), byName(merge.image?.shadow ?? []), byName(accounts.shadow)];
  const imageKnown = merge.image !== undefined;
  for (const { name } of merge.built.passwd) {
    const old = olds.get(name);
    if (!old || nameWasTaken(name, merge)) continue;
    const person = standingOf(name, merge) === 'person';
    const sides = { old, image: images.get(name), imageKnown, built: lines.get(name) };
    const merged = person ? { entry: old, doubtful: false } : mergeShadow(name, sides);
    if (merged.entry) lines.set(name, merged.entry);
    if (merged.doubtful) merge.notes.push(doubtfulPassword(name));
  }
  return { ...accounts, shadow: [...lines.values()] };
}

function doubtfulPassword(name: string): AccountNote {
  return {
    what: `user ${name} keeps the password that the build gave it`,
    why: 'the old one differs, and without the accounts of the old image nothing tells who changed it',
  };
}

function withSubIds(accounts: Accounts, merge: PeopleMerge): Accounts {
  const names = accounts.passwd.map(user => user.name);
  const people = new Set(names.filter(name => merge.oldUsers.has(name) && !nameWasTaken(name, merge)));
  const mergeOne = (file: 'subuid' | 'subgid') => {
    const { entries, moved } = mergeSubIds(merge.old[file], merge.built[file], people, merge.old.passwd);
    const why = 'another account of the new system has a part of the old range';
    merge.notes.push(...moved.map(name => ({ what: `the ${file} range of ${name} moved`, why })));
    return entries;
  };
  return { ...accounts, subuid: mergeOne('subuid'), subgid: mergeOne('subgid') };
}

/** Accounts that a person should look at, although nothing about them is new. */
function standingNotes(accounts: Accounts, merge: PeopleMerge): AccountNote[] {
  const shadows = byName(accounts.shadow);
  const mark = (name: string, what: string, why: string): AccountNote => ({ what: `user ${name} ${what}`, why });
  return accounts.passwd.flatMap(({ name, uid }) => {
    if (!merge.oldUsers.has(name)) return [];
    const empty = shadows.get(name)?.fields[0] === '';
    return [
      ...(uid === 0 && name !== 'root' ? [mark(name, "has root's uid 0", 'it had it on the old system')] : []),
      ...(empty ? [mark(name, 'has an empty password', 'it had none on the old system')] : []),
      ...(nameWasTaken(name, merge)
        ? [
            mark(
              name,
              'is a service of the new system',
              "it was a person's name: files follow it, password and shell do not",
            ),
          ]
        : []),
    ];
  });
}
