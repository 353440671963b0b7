import type { Accounts, GroupEntry, PasswdEntry, ShadowEntry } from '../system/system-facts.ts';
import { type AssignedIds, byName } from './assign-ids.ts';

export interface AccountSelection {
  users: PasswdEntry[];
  groups: GroupEntry[];
}

export interface AccountAddition extends AccountSelection {
  old: Accounts;
  onto: Accounts;
  ids: AssignedIds;
  /** The shadow line to write, from the old one. */
  shadowOf: (name: string, old: ShadowEntry | undefined) => ShadowEntry;
}

/** The databases with users and groups added under their assigned ids; groups come without members. */
export function addAccounts({ old, onto, ids, users, groups, shadowOf }: AccountAddition): Accounts {
  const [oldShadow, oldGshadow] = [byName(old.shadow), byName(old.gshadow)];
  const shadow = users.map(user => shadowOf(user.name, oldShadow.get(user.name) ?? ownPassword(user)));
  const gshadow = groups.map(({ name }) => ({ name, fields: [oldGshadow.get(name)?.fields[0] ?? '!', '', ''] }));
  const newUsers = users.map(user => ({
    ...user,
    password: 'x',
    uid: ids.users.get(user.name)!,
    gid: ids.gidOf(user.gid),
  }));
  const newGroups = groups.map(group => ({ ...group, password: 'x', gid: ids.groups.get(group.name)!, members: [] }));
  return {
    ...onto,
    passwd: [...onto.passwd, ...newUsers],
    group: [...onto.group, ...newGroups],
    shadow: [...without(onto.shadow, shadow), ...shadow],
    gshadow: [...without(onto.gshadow, gshadow), ...gshadow],
  };
}

/** A line that was left behind by an account that is gone must not become the new account's. */
function without<T extends { name: string }>(entries: T[], replaced: T[]): T[] {
  const names = byName(replaced);
  return entries.filter(entry => !names.has(entry.name));
}

/** The password of a system without a shadow file stands in passwd itself; it moves to shadow. */
function ownPassword(user: PasswdEntry): ShadowEntry | undefined {
  if (user.password === 'x') return undefined;
  return { name: user.name, fields: [user.password, '', '0', '99999', '7', '', '', ''] };
}

/** gshadow(5) repeats the members of group(5); lines that already do stay as they are. */
export function mirrorMembers(gshadow: ShadowEntry[], group: GroupEntry[]): ShadowEntry[] {
  const groups = byName(group);
  return gshadow.map(entry => {
    const members = groups.get(entry.name)?.members.join(',');
    if (members === undefined || members === (entry.fields[2] ?? '')) return entry;
    return { name: entry.name, fields: [entry.fields[0] ?? '!', entry.fields[1] ?? '', members] };
  });
}
