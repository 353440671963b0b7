import type { Accounts } from '../system/system-facts.ts';
import type { AccountRow } from './page/page-model.ts';

/** Ids below are the system's own on Debian and its kin (login.defs(5), UID_MIN). */
const FIRST_PERSON = 1000;
const NOBODY = 65534;

/**
 * What became of the accounts: people's, and those of the system whose number changed or that are new or gone. Names and
 * numbers only. Pure.
 */
export function accountChanges(then: Accounts, now: Accounts): AccountRow[] {
  return [
    ...rows('user', ids(then.passwd, 'uid'), ids(now.passwd, 'uid')),
    ...rows('group', ids(then.group, 'gid'), ids(now.group, 'gid')),
  ];
}

/** The accounts of a bag alone: people's, and how many there are in all is for the caller to say. */
export function peopleOf(accounts: Accounts): AccountRow[] {
  return accounts.passwd
    .filter(each => isPerson(each.uid))
    .map(each => ({ kind: 'user', name: each.name, before: String(each.uid), after: '', words: 'kept' }));
}

function ids<T extends { name: string }>(entries: readonly T[], id: keyof T & string): Map<string, number> {
  return new Map(entries.map(each => [each.name, Number(each[id])]));
}

function rows(kind: AccountRow['kind'], then: Map<string, number>, now: Map<string, number>): AccountRow[] {
  const names = [...new Set([...then.keys(), ...now.keys()])];
  return names.flatMap(name => {
    const before = then.get(name);
    const after = now.get(name);
    if (before === after && !isPerson(before ?? 0)) return [];
    return [{ kind, name, before: String(before ?? ''), after: String(after ?? ''), words: wordsOf(before, after) }];
  });
}

function wordsOf(before: number | undefined, after: number | undefined): string {
  if (before === undefined) return 'new: of today’s packages';
  if (after === undefined) return 'not there any more';
  return before === after ? 'as before' : 'has another number; its files follow by name';
}

function isPerson(id: number): boolean {
  return id >= FIRST_PERSON && id !== NOBODY;
}
