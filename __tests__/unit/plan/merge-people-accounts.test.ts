import { describe, expect, test } from '@jest/globals';
import { mergePeopleAccounts } from '../../../src/plan/merge-people-accounts.ts';
import { mergeSystemAccounts } from '../../../src/plan/merge-system-accounts.ts';
import { parseAccounts } from '../../../src/system/accounts.ts';
import type { Accounts } from '../../../src/system/system-facts.ts';
import { capturedAccounts, gidOf, membersOf, passwordOf, uidOf } from './captured-accounts.ts';

const root = 'root:x:0:0:root:/root:/bin/bash\n';
const rootGroup = 'root:x:0:\nnogroup:x:65534:\n';
const user = (accounts: Accounts, name: string) => accounts.passwd.find(entry => entry.name === name);

describe('mergePeopleAccounts', () => {
  test('people come with password, shell, home and memberships in any group', () => {
    const old = parseAccounts({
      passwd: `${root}deploy:x:1000:1000:De Ploy:/home/deploy:/bin/bash\nunal:x:1500:1501::/home/unal:/bin/sh\n`,
      group: `${rootGroup}sudo:x:27:unal\nssl-cert:x:102:deploy,ghost\neditors:x:1501:deploy\ndeploy:x:1000:\n`,
      shadow: 'root:*:1::::::\ndeploy:$6$d:19000:0:99999:7::20000:\nunal:!$6$u:1:2:3:4:5:6:7\n',
      gshadow: 'sudo:*::unal\nssl-cert:!::deploy\neditors:$6$g:deploy:deploy\n',
      subuid: 'deploy:100000:65536\n',
    });
    const built = parseAccounts({
      passwd: root,
      group: `${rootGroup}sudo:x:27:\nssl-cert:x:101:\n`,
      shadow: 'root:*:9::::::\n',
      gshadow: 'sudo:*::\nssl-cert:!::\n',
    });
    const { accounts, idMap } = mergePeopleAccounts(old, built);
    expect(accounts.passwd.slice(1)).toEqual(old.passwd.slice(1));
    expect(accounts.shadow.slice(1)).toEqual(old.shadow.slice(1));
    expect(membersOf(accounts, 'sudo')).toEqual(['unal']);
    expect(membersOf(accounts, 'ssl-cert')).toEqual(['deploy']);
    expect(accounts.gshadow.map(line => line.name)).toEqual(['sudo', 'ssl-cert', 'editors', 'deploy']);
    expect(accounts.gshadow.find(line => line.name === 'editors')!.fields).toEqual(['$6$g', 'deploy', 'deploy']);
    expect(accounts.subuid).toEqual(old.subuid);
    expect(idMap).toEqual([{ kind: 'group', name: 'ssl-cert', from: 102, to: 101 }]);
  });

  test('a new system group took the number: user and group move together and the move is recorded', () => {
    const old = parseAccounts({ passwd: `${root}webapp:x:999:999:::\n`, group: `${rootGroup}webapp:x:999:\n` });
    const built = parseAccounts({ passwd: root, group: `${rootGroup}systemd-journal:x:999:\n` });
    const { accounts, idMap, notes } = mergePeopleAccounts(old, built);
    expect([uidOf(accounts, 'webapp'), gidOf(accounts, 'webapp'), user(accounts, 'webapp')!.gid]).toEqual([
      998, 998, 998,
    ]);
    expect(gidOf(accounts, 'systemd-journal')).toBe(999);
    expect(idMap.map(move => `${move.kind} ${move.name} ${move.from} ${move.to}`)).toEqual([
      'user webapp 999 998',
      'group webapp 999 998',
    ]);
    expect(notes[0]).toEqual({
      what: 'user webapp has id 998, was 999',
      why: 'id 999 belongs to another user on the new system',
    });
  });

  test('a person of the new base (ubuntu) has the number of one of ours', () => {
    const old = parseAccounts({
      passwd: `${root}alice:x:1000:1000:::\nbob:x:1001:1001:::\n`,
      group: `${rootGroup}alice:x:1000:\nbob:x:1001:\n`,
    });
    const built = parseAccounts({ passwd: `${root}ubuntu:x:1000:1000:::\n`, group: `${rootGroup}ubuntu:x:1000:\n` });
    const { accounts } = mergePeopleAccounts(old, built);
    expect(['ubuntu', 'alice', 'bob'].map(name => uidOf(accounts, name))).toEqual([1000, 1002, 1001]);
  });

  test('names that shared a number go on sharing it; uid 0 twice is named', () => {
    const old = parseAccounts({ passwd: `${root}toor:x:0:0:::\na:x:1000:1:::\nb:x:1000:1:::\n`, group: rootGroup });
    const built = parseAccounts({ passwd: `${root}x:x:1000:0:::\n`, group: rootGroup });
    const { accounts, notes } = mergePeopleAccounts(old, built);
    expect(['toor', 'a', 'b'].map(name => uidOf(accounts, name))).toEqual([0, 1001, 1001]);
    expect(notes.map(note => note.what)).toContain("user toor has root's uid 0");
  });

  test('a number without a name never falls to a new account', () => {
    const built = parseAccounts({ passwd: `${root}new:x:105:0:::\n`, group: rootGroup });
    const { idMap } = mergePeopleAccounts(parseAccounts({ passwd: root }), built, {
      unnamed: { users: [105, 106], groups: [0] },
    });
    expect(idMap).toEqual([
      { kind: 'user', name: '', from: 105, to: 999 },
      { kind: 'group', name: '', from: 0, to: 999 },
    ]);
  });

  test('a subordinate range that meets another account’s moves behind it', () => {
    const old = parseAccounts({ passwd: `${root}al:x:1001:0:::\n`, subuid: '1001:100000:65536\n' });
    const built = parseAccounts({ passwd: `${root}ubuntu:x:1000:0:::\n`, subuid: 'ubuntu:100000:65536\n' });
    const { accounts, notes } = mergePeopleAccounts(old, built);
    expect(accounts.subuid).toEqual([
      { name: 'ubuntu', start: 100000, count: 65536 },
      { name: 'al', start: 165536, count: 65536 },
    ]);
    expect(notes).toHaveLength(1);
  });

  test('a service of the new system that has a person’s name gets no password, shell or comment', () => {
    const old = parseAccounts({
      passwd: `${root}redis:x:1001:1001:Re Dis:/home/redis:/bin/bash\n`,
      group: 'redis:x:1001:\n',
      shadow: 'redis:$6$p:1::::::\n',
    });
    const built = parseAccounts({
      passwd: `${root}redis:x:101:102::/var/lib/redis:/usr/sbin/nologin\n`,
      group: 'redis:x:102:\n',
      shadow: 'redis:!:9::::::\n',
    });
    const { accounts, notes } = mergePeopleAccounts(old, built);
    expect(accounts).toEqual(built);
    expect(notes.map(note => note.what)).toContain('user redis is a service of the new system');
  });
});

describe('three ways, with the old image', () => {
  const image = parseAccounts({
    passwd: `${root}www-data:x:33:33::/var/www:/usr/sbin/nologin\nguest:x:1000:1000:::\n`,
    group: `${rootGroup}www-data:x:33:\nadm:x:4:www-data\nsudo:x:27:guest\nguest:x:1000:\n`,
    shadow: 'root:$6$default:1::::::\nwww-data:*:1::::::\nguest:$6$g:1::::::\n',
  });
  const built = parseAccounts({
    passwd: `${root}www-data:x:33:33:new:/var/www:/usr/sbin/nologin\nguest:x:1000:1000:::\n`,
    group: `${rootGroup}www-data:x:33:\nadm:x:4:www-data\nsudo:x:27:guest\nguest:x:1000:\nfresh:x:998:www-data\n`,
    shadow: 'root:$y$default2:9::::::\nwww-data:!*:9::::::\nguest:$y$g2:9::::::\n',
  });
  const merge = (change: (old: Accounts) => void): Accounts => {
    const old = structuredClone(image);
    change(old);
    return mergePeopleAccounts(old, built, { oldImage: image }).accounts;
  };

  test('nothing changed: services are as built', () => {
    const accounts = merge(() => {});
    expect(user(accounts, 'www-data')).toEqual(user(built, 'www-data'));
    expect(passwordOf(accounts, 'root')).toBe('$y$default2');
    expect(passwordOf(accounts, 'www-data')).toBe('!*');
    expect(membersOf(accounts, 'fresh')).toEqual(['www-data']);
  });

  test('root’s password and expiry, changed by the owner, come along', () => {
    const accounts = merge(old => {
      old.shadow[0]!.fields.splice(0, 2, '$6$mine', '19000');
      old.shadow[1]!.fields[6] = '1';
    });
    expect(accounts.shadow[0]!.fields.slice(0, 2)).toEqual(['$6$mine', '19000']);
    expect(accounts.shadow[1]!.fields).toEqual(['!*', '9', '', '', '', '', '1', '']);
  });

  test('an edited shell of a service is kept, its other fields are new', () => {
    const accounts = merge(old => {
      old.passwd[1]!.shell = '/bin/bash';
    });
    expect(user(accounts, 'www-data')).toMatchObject({ shell: '/bin/bash', gecos: 'new' });
  });

  test('deleted people do not come back, nor do their memberships', () => {
    const accounts = merge(old => {
      old.passwd.pop();
      old.shadow.pop();
      old.group.pop();
      old.group.pop();
    });
    expect(user(accounts, 'guest')).toBeUndefined();
    expect(passwordOf(accounts, 'guest')).toBeUndefined();
    expect(gidOf(accounts, 'guest')).toBeUndefined();
    expect(membersOf(accounts, 'sudo')).toEqual([]);
  });

  test('a person whom the owner took out of sudo does not get back in; nor does a service into adm', () => {
    const accounts = merge(old => {
      for (const group of old.group) group.members = [];
    });
    expect(membersOf(accounts, 'sudo')).toEqual([]);
    expect(membersOf(accounts, 'adm')).toEqual([]);
    expect(membersOf(accounts, 'fresh')).toEqual(['www-data']);
  });
});

test.each([
  ['a password where the build left a lock', '$6$o', '!', '$6$o', 0],
  ['a lock where the build set a password', '*', '$6$b', '*', 0],
  ['two locks', '*', '!*', '!*', 0],
  ['two passwords: nobody knows whose', '$6$o', '$6$b', '$6$b', 1],
])('without the old image: %s', (_, was, now, password, doubts) => {
  const side = (hash: string) => parseAccounts({ passwd: root, shadow: `root:${hash}:1::::::\n` });
  const { accounts, notes } = mergePeopleAccounts(side(was), side(now));
  expect(passwordOf(accounts, 'root')).toBe(password);
  expect(notes).toHaveLength(doubts);
  expect(JSON.stringify(notes)).not.toContain('$6$');
});

test('bullseye with postgresql onto a real trixie build', () => {
  const old = capturedAccounts('bullseye-postgresql');
  const { accounts } = mergePeopleAccounts(old, capturedAccounts('trixie-postgresql'), { oldImage: old });
  expect(accounts.passwd).toEqual(capturedAccounts('trixie-postgresql').passwd);
  expect(accounts.shadow).toEqual(capturedAccounts('trixie-postgresql').shadow);
});

describe('for any old system and base', () => {
  const seeds = Array.from({ length: 300 }, (_, seed) => seed);
  test.each([mergePeopleAccounts, mergeSystemAccounts])(
    '%p: names and ids unique, the base as it was, people there, idempotent',
    merge => {
      for (const seed of seeds) {
        const random = generator(seed);
        const [old, base] = [randomAccounts(random), randomAccounts(random)];
        const { accounts, idMap } = merge(old, base);
        const context = { seed, old, base, accounts };
        for (const list of [accounts.passwd, accounts.group])
          expect([seed, unique(list.map(entry => entry.name))]).toEqual([seed, true]);
        expect([
          seed,
          unique(accounts.passwd.map(entry => entry.uid)),
          unique(accounts.group.map(entry => entry.gid)),
        ]).toEqual([seed, true, true]);
        expect(base.passwd.filter(entry => uidOf(accounts, entry.name) !== entry.uid)).toEqual([]);
        expect(base.group.filter(entry => gidOf(accounts, entry.name) !== entry.gid)).toEqual([]);
        if (merge === mergePeopleAccounts) {
          expect(old.passwd.filter(entry => !user(accounts, entry.name))).toEqual([]);
          expect(gains(context)).toEqual([]);
        }
        for (const move of idMap) expect((move.kind === 'user' ? uidOf : gidOf)(accounts, move.name)).toBe(move.to);
        expect(sorted(merge(old, accounts).accounts)).toEqual(sorted(accounts));
      }
    },
  );
});

/** Old people that are in a group, by name, that they were not in. */
function gains({ old, accounts }: { old: Accounts; accounts: Accounts }): string[] {
  const people = old.passwd.filter(entry => entry.uid >= 1000 && user(accounts, entry.name)!.uid >= 1000);
  return people.flatMap(({ name }) => {
    const groups = (all: Accounts) =>
      all.group
        .filter(group => group.members.includes(name) || group.gid === user(all, name)!.gid)
        .map(group => group.name);
    const was = groups(old);
    return groups(accounts)
      .filter(group => !was.includes(group))
      .map(group => `${name} in ${group}`);
  });
}

function randomAccounts(random: (below: number) => number): Accounts {
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
  const ids = [100, 101, 102, 998, 999, 1000, 1001, 1002];
  const pick = (from: number[]): number => from.splice(random(from.length), 1)[0]!;
  const some = (): string[] => names.filter(() => random(2) === 0);
  const [uids, gids] = [[...ids], [...ids]];
  const group = some().map(name => ({ name, password: 'x', gid: pick(gids), members: some() }));
  const passwd = some().map(name => {
    const gid = group.length > 0 ? group[random(group.length)]!.gid : 65534;
    return { name, password: 'x', uid: pick(uids), gid, gecos: '', home: `/home/${name}${random(3)}`, shell: '' };
  });
  const shadow = passwd
    .filter(() => random(4) > 0)
    .map(({ name }) => ({ name, fields: [['!', '*', '$6$x', '$6$y'][random(4)]!, '1', '', '', '', '', '', ''] }));
  const gshadow = group
    .filter(() => random(4) > 0)
    .map(({ name, members }) => ({ name, fields: ['!', '', members.join(',')] }));
  const subuid = passwd
    .filter(() => random(3) === 0)
    .map(({ name }) => ({ name, start: 100000 + random(3) * 1000, count: 1000 }));
  return { passwd, group, shadow, gshadow, subuid, subgid: [] };
}

/** A small deterministic generator (mulberry32). */
function generator(seed: number): (below: number) => number {
  let state = seed + 1;
  return below => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

function unique(values: unknown[]): boolean {
  return new Set(values).size === values.length;
}

function sorted(accounts: Accounts): Accounts {
  const groups = accounts.group.map(group => ({ ...group, members: group.members.toSorted() }));
  const gshadow = accounts.gshadow.map(line => ({
    ...line,
    fields: line.fields.map(field => field.split(',').toSorted().join()),
  }));
  const order = <T extends { name: string }>(list: T[]): T[] =>
    list.toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
  return {
    ...accounts,
    passwd: order(accounts.passwd),
    group: order(groups),
    shadow: order(accounts.shadow),
    gshadow: order(gshadow),
    subuid: order(accounts.subuid),
  };
}
