import { debianRanges, isPersonId } from '../plan/id-ranges.ts';
import type { Accounts, GroupEntry, PasswdEntry } from '../system/system-facts.ts';
import type { Finding, StateProof } from './finding.ts';

/** Static accounts that base-passwd withdrew (see mergePeopleAccounts). */
const WITHDRAWN = new Set(['gnats']);
const OWN_RECORD = 'a system account: the record of its package or of the release counts';

/**
 * Holds the accounts of today against those of then, by name: presence, shell, home, groups, whether a password opens them.
 * An account is the owner's when it has a person's id, or when the image that the service ran from did not have it; of
 * the others, what the owner had changed is the owner's. What differs there differs; the rest is the release's own and explained.
 * Pure. No hash is in the result.
 * @param image accounts of the image that the old container ran from, when known
 * @param brought names of accounts that came with today's base
 */
export function compareAccounts(
  old: Accounts,
  image: Accounts | undefined,
  now: Accounts,
  brought: ReadonlySet<string> = new Set(),
): StateProof {
  const [then, base, today] = [table(old), image && table(image), table(now)];
  const findings = [...then.values()].flatMap(each => compareAccount(each, base, today.get(each.name)));
  const added = [...today.values()]
    .filter(each => !then.has(each.name) && isPersonId(each.uid, debianRanges))
    .map(({ name }) =>
      brought.has(name)
        ? finding(name, 'presence', 'missing', 'there', 'explained', "today's base image has this account")
        : finding(name, 'presence', 'missing', 'there', 'differs', 'nobody of that name was there before the end'),
    );
  const groups = compareGroups(old, now);
  return {
    compared: { account: then.size, group: new Set(old.group.map(each => each.name)).size },
    findings: [...findings, ...added, ...groups],
  };
}

/** What is told of an account, apart from its numbers: those follow the names. */
interface Account {
  name: string;
  uid: number;
  shell: string;
  home: string;
  /** Names, sorted, the primary group's too. */
  groups: string;
  /** `locked`, `none` or `set`. */
  password: string;
  /** Only compared, never shown. */
  hash: string;
}

function table(accounts: Accounts): Map<string, Account> {
  const groupNames = new Map(accounts.group.map(each => [each.gid, each.name]));
  const shadow = new Map(accounts.shadow.map(each => [each.name, each.fields[0] ?? '']));
  const entries = accounts.passwd.map((each): [string, Account] => [
    each.name,
    {
      name: each.name,
      uid: each.uid,
      shell: each.shell,
      home: each.home,
      groups: groupsOf(each, accounts.group, groupNames),
      ...passwordOf(shadow.get(each.name) ?? each.password),
    },
  ]);
  return new Map(entries.toReversed()); // the first of two lines counts, as for the C library
}

function groupsOf(user: PasswdEntry, groups: GroupEntry[], names: Map<number, string>): string {
  const member = groups.filter(each => each.members.includes(user.name)).map(each => each.name);
  return [...new Set([names.get(user.gid) ?? String(user.gid), ...member])].sort().join(' ');
}

/** shadow(5): a field that begins with ! or * matches no password. */
function passwordOf(hash: string): { password: string; hash: string } {
  if (hash === '') return { password: 'none', hash };
  return /^[!*]/.test(hash) ? { password: 'locked', hash: '' } : { password: 'set', hash };
}

const ATTRIBUTES = ['shell', 'home', 'groups', 'password'] as const;

function compareAccount(old: Account, image: Map<string, Account> | undefined, now: Account | undefined): Finding[] {
  const person = isPersonId(old.uid, debianRanges);
  const made = image !== undefined && !image.has(old.name);
  if (!now) {
    if (WITHDRAWN.has(old.name))
      return [finding(old.name, 'presence', '', 'missing', 'explained', 'the distribution withdrew this account')];
    return [
      finding(
        old.name,
        'presence',
        person ? 'an account' : 'a system account',
        'missing',
        'differs',
        'it was there before the end',
      ),
    ];
  }
  const taken = person && !isPersonId(now.uid, debianRanges);
  const before = image?.get(old.name);
  return ATTRIBUTES.flatMap(attribute => {
    const [was, is] = [old[attribute], now[attribute]];
    const otherHash = attribute === 'password' && was === is && old.hash !== now.hash;
    if (was === is && !otherHash) return [];
    if (taken)
      return [finding(old.name, attribute, was, is, 'explained', 'the name belongs to a service of the new system')];
    const owners = person || made || changedByOwner(attribute, old, before, now);
    const shown = otherHash ? 'another password' : is;
    return owners
      ? [finding(old.name, attribute, was, shown, 'differs', 'the account is as its owner made it before the end')]
      : [finding(old.name, attribute, was, shown, 'explained', OWN_RECORD)];
  });
}

/**
 * Without the image nothing tells who changed a system account. Memberships that packages made differ between releases: only those that
 * the image did not have are the owner's.
 */
function changedByOwner(
  attribute: (typeof ATTRIBUTES)[number],
  old: Account,
  image: Account | undefined,
  now: Account,
): boolean {
  if (!image) return false;
  if (attribute === 'groups') {
    const [before, today] = [image.groups.split(' '), now.groups.split(' ')];
    return old.groups.split(' ').some(name => !before.includes(name) && !today.includes(name));
  }
  return image[attribute] !== old[attribute] || (attribute === 'password' && image.hash !== old.hash);
}

/** Members are compared with the accounts; a group without any still owns files. */
function compareGroups(old: Accounts, now: Accounts): Finding[] {
  const there = new Set(now.group.map(each => each.name));
  const lost = [...new Set(old.group.map(each => each.name))].filter(name => !there.has(name));
  return lost.map(name => ({
    ...finding(name, 'presence', 'a group', 'missing', 'differs', 'it was there before the end'),
    area: 'group' as const,
    ...(WITHDRAWN.has(name) ? { verdict: 'explained' as const, why: 'the distribution withdrew this group' } : {}),
  }));
}

function finding(
  subject: string,
  attribute: string,
  was: string,
  is: string,
  verdict: Finding['verdict'],
  why: string,
): Finding {
  return { area: 'account', subject, attribute, was, is, verdict, why, rule: 'accounts/compare' };
}
