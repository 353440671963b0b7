import { PerennialError } from '../errors.ts';
import type { Accounts } from '../system/system-facts.ts';
import { type IdRanges, isPersonId } from './id-ranges.ts';

export type AccountKind = 'user' | 'group';

/** One renumbering: what is only known as a number (an ACL, a volume's owner) has to follow it. */
export interface IdMove {
  kind: AccountKind;
  /** Empty when the number had no name on the old system. */
  name: string;
  from: number;
  to: number;
}

/** Ids on the new system, by old name; and by old number for what had none. */
export interface AssignedIds {
  users: ReadonlyMap<string, number>;
  groups: ReadonlyMap<string, number>;
  /** Old gid -> new gid, for primary groups; the same number when nothing is known of it. */
  gidOf: (gid: number) => number;
  moves: IdMove[];
}

export interface NumbersWithoutName {
  users: readonly number[];
  groups: readonly number[];
}

/** The first entry of each name: what getpwnam(3) and getgrnam(3) find. */
export function byName<T extends { name: string }>(entries: readonly T[]): Map<string, T> {
  const map = new Map<string, T>();
  for (const entry of entries) if (!map.has(entry.name)) map.set(entry.name, entry);
  return map;
}

/**
 * Decides which id each old account has on the new system. A name that the new system has keeps the new system's id; others
 * keep their old id when it is free, else get a free one of the same kind that nobody had on the old system either.
 * Names that shared a number keep sharing one. A user and the group of the same name and number stay equal.
 * `unnamed`: numbers that own files without having a name; one that now belongs to somebody moves out of the way.
 * Throws `step-failed` when a range is used up.
 */
export function assignIds(
  old: Pick<Accounts, 'passwd' | 'group'>,
  present: Accounts,
  ranges: IdRanges,
  unnamed: NumbersWithoutName = { users: [], groups: [] },
): AssignedIds {
  const users = new NumberPlan(
    'user',
    idsOf(old.passwd, user => user.uid),
    idsOf(present.passwd, user => user.uid),
    unnamed.users,
    ranges,
  );
  const groups = new NumberPlan(
    'group',
    idsOf(old.group, group => group.gid),
    idsOf(present.group, group => group.gid),
    unnamed.groups,
    ranges,
  );
  for (const [name, id] of users.old) {
    if (groups.old.get(name) === id && users.isOpen(id) && groups.isOpen(id)) {
      const to = users.isFree(id) && groups.isFree(id) ? id : freeInBoth(users, groups, id);
      users.settle(id, to);
      groups.settle(id, to);
    }
  }
  for (const plan of [users, groups]) plan.settleRest();
  return {
    users: users.result(),
    groups: groups.result(),
    gidOf: gid => groups.settled.get(gid) ?? gid,
    moves: [...users.moves(), ...groups.moves()],
  };
}

function idsOf<T extends { name: string }>(entries: readonly T[], id: (entry: T) => number): Map<string, number> {
  return new Map([...byName(entries)].map(([name, entry]) => [name, id(entry)]));
}

function freeInBoth(users: NumberPlan, groups: NumberPlan, like: number): number {
  for (const id of users.candidates(like)) if (users.isSpare(id) && groups.isSpare(id)) return id;
  return users.usedUp();
}

/** The old numbers of one kind, and where each goes. Numbers move, not names: names that share a number stay together. */
class NumberPlan {
  readonly kind: AccountKind;
  readonly old: ReadonlyMap<string, number>;
  readonly settled = new Map<number, number>();
  private readonly present: ReadonlyMap<string, number>;
  private readonly unnamed: readonly number[];
  private readonly ranges: IdRanges;
  private readonly taken: Set<number>;
  private readonly oldNumbers: Set<number>;

  constructor(
    kind: AccountKind,
    old: ReadonlyMap<string, number>,
    present: ReadonlyMap<string, number>,
    unnamed: readonly number[],
    ranges: IdRanges,
  ) {
    this.kind = kind;
    this.old = old;
    this.present = present;
    this.oldNumbers = new Set([...old.values(), ...unnamed]);
    const named = new Set(old.values());
    this.unnamed = [...new Set(unnamed)].filter(id => !named.has(id)).sort((a, b) => a - b);
    this.ranges = ranges;
    this.taken = new Set(present.values());
    for (const [name, id] of old) {
      const there = present.get(name);
      if (there !== undefined && !this.settled.has(id)) this.settled.set(id, there);
    }
  }

  /** Not decided yet. */
  isOpen(id: number): boolean {
    return !this.settled.has(id);
  }

  isFree(id: number): boolean {
    return !this.taken.has(id);
  }

  /** Free, and nobody's on the old system: files of two owners never meet in one number. */
  isSpare(id: number): boolean {
    return this.isFree(id) && !this.oldNumbers.has(id);
  }

  settle(from: number, to: number): void {
    this.settled.set(from, to);
    this.taken.add(to);
  }

  settleRest(): void {
    for (const id of [...this.old.values(), ...this.unnamed]) {
      if (this.isOpen(id)) this.settle(id, this.isFree(id) ? id : this.spare(id));
    }
  }

  /** People count upwards as adduser does, system ids downwards as `useradd --system`, clear of adduser's next ones. */
  *candidates(like: number): Generator<number> {
    const { systemMin, systemMax, peopleMin, peopleMax } = this.ranges;
    if (isPersonId(like, this.ranges)) for (let id = peopleMin; id <= peopleMax; id++) yield id;
    else for (let id = systemMax; id >= systemMin; id--) yield id;
  }

  usedUp(): never {
    throw new PerennialError('step-failed', `No free ${this.kind} id is left on the new system`, {
      hint: 'Remove accounts that nobody uses from the new base, or widen the ranges in /etc/login.defs.',
    });
  }

  /** New id by old name; a name that the new system has keeps the new system's id, even where its old number is shared. */
  result(): Map<string, number> {
    return new Map([...this.old].map(([name, id]) => [name, this.present.get(name) ?? this.settled.get(id)!]));
  }

  moves(): IdMove[] {
    const named = [...this.result()].map(([name, to]) => ({ kind: this.kind, name, from: this.old.get(name)!, to }));
    const bare = this.unnamed.map(from => ({ kind: this.kind, name: '', from, to: this.settled.get(from)! }));
    return [...named, ...bare].filter(move => move.from !== move.to);
  }

  private spare(like: number): number {
    for (const id of this.candidates(like)) if (this.isSpare(id)) return id;
    return this.usedUp();
  }
}
