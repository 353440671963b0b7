import type { Accounts, GroupEntry, ShadowEntry } from '../system/system-facts.ts';
import { mirrorMembers } from './add-accounts.ts';
import { byName } from './assign-ids.ts';
import { type PeopleMerge, type Standing, standingOf } from './people-merge.ts';

/** The group of one name on each system; `undefined` where there is none. */
export interface GroupSides {
  old: GroupEntry | undefined;
  /** In the image that the old container was started from. */
  image: GroupEntry | undefined;
  imageKnown: boolean;
  built: GroupEntry | undefined;
}

/**
 * Members of one group: people are in it exactly when they were (nobody gets into a group that they were not in); services
 * are when the new system puts them there or the owner did, unless the owner took them out; accounts that the old
 * system never had stay as they are. `standing` is `undefined` for a name that has no account any more.
 */
export function mergeMembers(sides: GroupSides, standing: (name: string) => Standing | undefined): string[] {
  const was = new Set(sides.old?.members);
  const inImage = new Set(sides.image?.members);
  const now = new Set(sides.built?.members);
  const ownerAdded = (name: string): boolean => was.has(name) && !(sides.imageKnown && inImage.has(name));
  const ownerRemoved = (name: string): boolean => sides.old !== undefined && inImage.has(name) && !was.has(name);
  const belongs = (name: string): boolean => {
    const kind = standing(name);
    if (kind === 'person' || (kind === 'service' && !sides.built)) return was.has(name);
    if (kind === 'service') return ownerAdded(name) || (now.has(name) && !ownerRemoved(name));
    return kind === 'unknown' && now.has(name);
  };
  return [...new Set([...now, ...was])].filter(belongs);
}

/** All groups with their merged members, passwords and administrators, in group(5) and gshadow(5) alike. */
export function mergeGroups(accounts: Accounts, merge: PeopleMerge): Accounts {
  const [olds, images, builts] = [merge.old.group, merge.image?.group ?? [], merge.built.group].map(byName);
  const users = byName(accounts.passwd);
  const standing = (name: string): Standing | undefined => (users.has(name) ? standingOf(name, merge) : undefined);
  const imageKnown = merge.image !== undefined;
  const group = accounts.group.map(entry => {
    const [old, image, built] = [olds!.get(entry.name), images!.get(entry.name), builts!.get(entry.name)];
    return { ...entry, members: mergeMembers({ old, image, built, imageKnown }, standing) };
  });
  return { ...accounts, group, gshadow: mirrorMembers(mergeGroupSecrets(accounts, merge), group) };
}

/** Group passwords and administrators (gpasswd(1)): the owner's where changed; administrators that still exist. */
function mergeGroupSecrets(accounts: Accounts, merge: PeopleMerge): ShadowEntry[] {
  const [olds, images] = [byName(merge.old.gshadow), byName(merge.image?.gshadow ?? [])];
  const [users, builtGroups] = [byName(accounts.passwd), byName(merge.built.group)];
  return accounts.gshadow.map(entry => {
    const [was, before] = [olds.get(entry.name), images.get(entry.name)];
    if (!was || (builtGroups.has(entry.name) && !before)) return entry;
    const pick = (at: number): string =>
      (before && was.fields[at] === before.fields[at] ? entry.fields[at] : was.fields[at]) ?? '';
    const admins = pick(1)
      .split(',')
      .filter(name => users.has(name));
    return { name: entry.name, fields: [pick(0), admins.join(','), entry.fields[2] ?? ''] };
  });
}
