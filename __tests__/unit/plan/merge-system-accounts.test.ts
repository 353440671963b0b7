import { describe, expect, test } from '@jest/globals';
import { findAccountsMade } from '../../../src/plan/accounts-made.ts';
import { debianRanges, isPersonId, isSystemId, parseIdRanges } from '../../../src/plan/id-ranges.ts';
import { mergeSystemAccounts } from '../../../src/plan/merge-system-accounts.ts';
import { parseAccounts } from '../../../src/system/accounts.ts';
import { capturedAccounts, gidOf, uidOf } from './captured-accounts.ts';

const base = parseAccounts({
  passwd: 'root:x:0:0::/root:/bin/bash\n_apt:x:42:65534::/:/usr/sbin/nologin\n',
  group: 'root:x:0:\nssl-cert:x:101:\nnogroup:x:65534:\n',
  shadow: 'root:*:1::::::\n_apt:!:1::::::\n',
  gshadow: 'root:*::\n',
});

describe('mergeSystemAccounts', () => {
  test('bullseye with postgresql onto trixie: names keep their ids, _apt is the base’s', () => {
    const [old, trixie] = [capturedAccounts('bullseye-postgresql'), capturedAccounts('trixie-minbase')];
    const { accounts, idMap } = mergeSystemAccounts(old, trixie);
    expect(uidOf(accounts, 'postgres')).toBe(uidOf(old, 'postgres'));
    expect(gidOf(accounts, 'postgres')).toBe(gidOf(old, 'postgres'));
    expect(gidOf(accounts, 'ssl-cert')).toBe(gidOf(old, 'ssl-cert'));
    expect(accounts.group.find(group => group.name === 'ssl-cert')!.members).toEqual(['postgres']);
    expect(uidOf(accounts, '_apt')).toBe(42);
    expect(idMap).toContainEqual({ kind: 'user', name: '_apt', from: 100, to: 42 });
    expect(accounts.passwd.slice(0, trixie.passwd.length)).toEqual(trixie.passwd);
    expect(accounts.passwd.some(user => user.name === 'gnats')).toBe(false);
  });

  test('a taken id moves, user and group together, and is recorded', () => {
    const old = parseAccounts({ passwd: 'web:x:101:101::/w:/bin/sh\n', group: 'web:x:101:\n' });
    const { accounts, idMap, notes } = mergeSystemAccounts(old, base);
    expect([uidOf(accounts, 'web'), gidOf(accounts, 'web')]).toEqual([999, 999]);
    expect(accounts.passwd.at(-1)!.gid).toBe(999);
    expect(idMap).toEqual([
      { kind: 'user', name: 'web', from: 101, to: 999 },
      { kind: 'group', name: 'web', from: 101, to: 999 },
    ]);
    expect(notes).toHaveLength(2);
  });

  test('the primary group follows by name when the base has it under another number', () => {
    const old = parseAccounts({ passwd: 'stunnel4:x:103:108::/:/bin/false\n', group: 'ssl-cert:x:108:\n' });
    const { accounts, idMap } = mergeSystemAccounts(old, base);
    expect(accounts.passwd.at(-1)).toMatchObject({ name: 'stunnel4', uid: 103, gid: 101 });
    expect(idMap).toEqual([{ kind: 'group', name: 'ssl-cert', from: 108, to: 101 }]);
  });

  test('no password hash gets into the image, nobody can log in yet', () => {
    const old = parseAccounts({
      passwd:
        'svc:x:200:65534::/:/bin/sh\nbare:$1$x:201:65534::/:/bin/sh\noff:x:202:65534::/:/bin/sh\nodd:x:203:65534::/:\n',
      group: 'nogroup:x:65534:\n',
      shadow: 'svc:$6$secret:5::::::\noff:!$6$secret:6::::::\n',
    });
    const { shadow } = mergeSystemAccounts(old, base).accounts;
    expect(shadow.slice(2).map(line => [line.name, line.fields[0]])).toEqual(
      ['svc', 'bare', 'off', 'odd'].map(name => [name, '!']),
    );
    expect(JSON.stringify(shadow)).not.toContain('$');
  });

  test('people, static ids and names that the Dockerfile makes wait; a user of a waiting group waits in nogroup', () => {
    const old = parseAccounts({
      passwd: 'alice:x:1000:1000:::\nold:x:41:41:::\nwebapp:x:998:998:::\nfeed:x:997:998:::\nvirt:x:64055:65534:::\n',
      group: 'alice:x:1000:\nold:x:41:\nwebapp:x:998:\nnogroup:x:65534:\n',
    });
    const { accounts } = mergeSystemAccounts(old, base, { leaveOut: new Set(['webapp']) });
    expect(accounts.passwd.slice(2).map(user => [user.name, user.uid, user.gid])).toEqual([
      ['feed', 997, 65534],
      ['virt', 64055, 65534],
    ]);
    expect(accounts.group).toHaveLength(base.group.length);
  });

  test('members come along where user or group is added, and only accounts that exist', () => {
    const old = parseAccounts({
      passwd: 'root:x:0:0:::\n_apt:x:100:65534:::\nsvc:x:200:65534:::\nalice:x:1000:1000:::\n',
      group: 'root:x:0:_apt\nssl-cert:x:109:svc,alice\nown:x:300:_apt,alice,svc\nnogroup:x:65534:\n',
      gshadow: 'own:!::_apt,alice,svc\n',
    });
    const { accounts } = mergeSystemAccounts(old, base);
    const members = Object.fromEntries(accounts.group.map(group => [group.name, group.members]));
    expect(members).toEqual({ root: [], 'ssl-cert': ['svc'], nogroup: [], own: ['_apt', 'svc'] });
    expect(accounts.gshadow.at(-1)).toEqual({ name: 'own', fields: ['!', '', '_apt,svc'] });
  });
});

test.each([
  ['useradd -r -s /bin/false webapp', ['webapp']],
  ['RUN groupadd -g 500 \\\n   webapp && apt-get install nginx', ['webapp']],
  ['RUN adduser --disabled-password --gecos "" webapp', ['webapp']],
  ['RUN adduser --system --group webapp', []],
  ['RUN useradd --system webapp', ['webapp']],
  ['RUN /usr/sbin/useradd --user-group "webapp"', ['webapp']],
  ['RUN echo webapp', []],
  ['RUN apt-get install useradd-tools; echo webapp', []],
])('findAccountsMade: %s', (text, names) => {
  expect([...findAccountsMade(text, ['webapp', 'nginx'])]).toEqual(names);
});

test.each([
  ['', '', debianRanges],
  [
    'UID_MIN\t\t 500\nUID_MAX 60000\n#SYS_UID_MIN 1\nSYS_UID_MIN 201\nSYS_UID_MAX 499',
    '',
    { systemMin: 201, systemMax: 499, peopleMin: 500, peopleMax: 59999 },
  ],
  ['UID_MIN 500', 'FIRST_UID=2000\nLAST_UID=2999\n', { ...debianRanges, peopleMin: 2000, peopleMax: 2999 }],
  ['UID_MIN 50', '', debianRanges],
])('parseIdRanges: %j %j', (loginDefs, adduser, ranges) => {
  expect(parseIdRanges(loginDefs, adduser)).toEqual(ranges);
});

test.each([
  [0, false, false],
  [99, false, false],
  [100, true, false],
  [999, true, false],
  [1000, false, true],
  [59999, false, true],
  [60000, true, false],
  [64055, true, false],
  [65534, false, false],
  [65535, false, false],
  [100000, false, true],
])('id %i: system %s, person %s', (id, system, person) => {
  expect([isSystemId(id, debianRanges), isPersonId(id, debianRanges)]).toEqual([system, person]);
});
