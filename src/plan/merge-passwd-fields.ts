import type { Accounts, GroupEntry, PasswdEntry } from '../system/system-facts.ts';
import { byName } from './assign-ids.ts';
import { nameWasTaken, type PeopleMerge, standingOf } from './people-merge.ts';

type TextField = 'gecos' | 'home' | 'shell';

/**
 * Comment, home, shell and primary group of the accounts that both systems have: the old ones for people, and for services
 * what the owner changed since the image. Ids stay.
 */
export function mergePasswdFields(accounts: Accounts, merge: PeopleMerge): Accounts {
  const images = byName(merge.image?.passwd ?? []);
  const primaryGroup = primaryGroups(accounts, merge);
  const passwd = accounts.passwd.map(now => {
    const was = merge.oldUsers.get(now.name);
    if (!was || merge.builtUsers.get(now.name) !== now || nameWasTaken(now.name, merge)) return now;
    const before = images.get(now.name);
    const person = standingOf(now.name, merge) === 'person';
    const pick = (field: TextField): string =>
      (before ? was[field] !== before[field] : person) ? was[field] : now[field];
    const gid = primaryGroup(now, was, before);
    return { ...now, gecos: pick('gecos'), home: pick('home'), shell: pick('shell'), gid };
  });
  return { ...accounts, passwd };
}

/** Finds the new number of a user's primary group, by the group's name. */
function primaryGroups(accounts: Accounts, merge: PeopleMerge) {
  const [oldNames, newNames, imageNames] = [merge.old.group, accounts.group, merge.image?.group ?? []].map(namesById);
  const targets = byName(accounts.group);
  return (now: PasswdEntry, was: PasswdEntry, before: PasswdEntry | undefined): number => {
    const oldName = oldNames!.get(was.gid);
    const target = oldName === undefined ? undefined : targets.get(oldName)?.gid;
    if (target === undefined) return now.gid;
    const nowName = newNames!.get(now.gid);
    const parked = nowName === undefined || nowName === 'nogroup';
    const ownerMoved = before !== undefined && imageNames!.get(before.gid) !== oldName;
    return parked || ownerMoved || standingOf(now.name, merge) === 'person' ? target : now.gid;
  };
}

function namesById(groups: readonly GroupEntry[]): Map<number, string> {
  const names = new Map<number, string>();
  for (const group of groups) if (!names.has(group.gid)) names.set(group.gid, group.name);
  return names;
}
