import { describe, expect, test } from '@jest/globals';
import type { IndexEntry } from '../../../src/bag/index-entry.ts';
import type { Probe } from '../../../src/classify/classify.ts';
import type { WalkEntry } from '../../../src/detect/walk.ts';
import { compareState } from '../../../src/restore/prove-state.ts';

const entry: IndexEntry = {
  path: '/srv/x',
  kind: 'file',
  mode: '0640',
  uid: 1001,
  gid: 2001,
  user: 'ana',
  group: 'lab',
  size: 3,
  mtime: '1700000000.5',
  sha256: 'a'.repeat(64),
  disposition: 'keep',
  rule: 'unowned/operation',
  why: 'test',
  origin: 'operation',
};
const now: WalkEntry = {
  path: '/srv/x',
  kind: 'file',
  mode: 0o640,
  uid: 1005,
  gid: 2005,
  size: 3,
  links: 1,

  mtime: '1700000000.500000000',
  ctime: '1',
  target: '',
};
const probe: Probe = { md5: '', sha256: 'a'.repeat(64), extended: false, xattrs: {} };
const names = {
  user: new Map([
    [1005, 'ana'],
    [7, 'bob'],
  ]),
  group: new Map([
    [2005, 'lab'],
    [8, 'other'],
  ]),
};

describe('state proof', () => {
  test('another id with the same name is the same owner', () => {
    expect(compareState(entry, '/srv/x', now, probe, names)).toEqual([]);
  });

  test('entries of an ACL stand in the order of ids, which says nothing; their rights do', () => {
    const acl = (lines: string) => ({ aclAccess: lines, aclDefault: 'user::rw-\nuser:ana:r--\n' });
    const was = { ...entry, ...acl('user:ana:rw-\nuser:bob:r--\n') };
    const is = (lines: string) => compareState(was, '/srv/x', now, { ...probe, ...acl(lines) }, names);
    expect(is('user:bob:r--\nuser:ana:rw-\n')).toEqual([]);
    expect(is('user:bob:rw-\nuser:ana:r--\n').map(each => each.attribute)).toEqual(['acl']);
  });

  test.each<[string, Partial<WalkEntry>, Partial<Probe>]>([
    ['kind', { kind: 'directory' }, {}],
    ['mode', { mode: 0o644 }, {}],
    ['owner', { uid: 7 }, {}],
    ['group', { gid: 8 }, {}],
    ['size', { size: 4 }, {}],
    ['mtime', { mtime: '1700000000.500000001' }, {}],
    ['content', {}, { sha256: 'b'.repeat(64) }],
    ['xattrs', {}, { xattrs: { 'user.origin': 'eA==' } }],
    ['acl', {}, { aclAccess: 'user:bob:r--' }],
  ])('a difference in %s is seen, and only that', (attribute, change, probed) => {
    const differences = compareState(entry, '/srv/x', { ...now, ...change }, { ...probe, ...probed }, names);
    expect(differences.map(each => each.attribute)).toEqual([attribute]);
  });

  test('times are equal with and without a fraction of zeros', () => {
    const whole = { ...entry, mtime: '1700000000' };
    expect(compareState(whole, '/srv/x', { ...now, mtime: '1700000000.000000000' }, probe, names)).toEqual([]);
    expect(compareState(whole, '/srv/x', { ...now, mtime: '17.000000000' }, probe, names)).toHaveLength(1);
  });

  test('a missing path is named', () => {
    expect(compareState(entry, '/srv/x', undefined, undefined, names)).toEqual([
      { path: '/srv/x', attribute: 'presence', was: 'file', is: 'missing' },
    ]);
  });

  test('a link is compared by its target', () => {
    const link: IndexEntry = { ...entry, kind: 'symlink', target: '/a', mode: '0777' };
    const differences = compareState(
      link,
      '/srv/x',
      { ...now, kind: 'symlink', target: '/b', mode: 0o777 },
      undefined,
      names,
    );
    expect(differences.map(each => each.attribute)).toEqual(['target']);
  });

  test('attributes are named; their values are bytes that tell a reader nothing', () => {
    const was = { ...entry, xattrs: { 'security.NTACL': 'BAAE', 'user.a': 'eA==', 'user.same': 'eQ==' } };
    const is = { ...probe, xattrs: { 'user.a': 'eg==', 'user.new': 'eA==', 'user.same': 'eQ==' } };
    expect(compareState(was, '/srv/x', now, is, names)).toEqual([
      {
        path: '/srv/x',
        attribute: 'xattrs',
        was: 'security.NTACL user.a no user.new',
        is: 'no security.NTACL another user.a user.new',
      },
    ]);
  });
});
