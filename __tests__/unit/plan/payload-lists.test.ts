import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { IndexEntry } from '../../../src/bag/index-entry.ts';
import { excludePattern, payloadLists } from '../../../src/plan/payload-lists.ts';
import { encodeBytes } from '../../../src/system/byte-text.ts';
import { tempDir } from '../../support/temp-dir.ts';

const entry = (path: string, changes: Partial<IndexEntry> = {}): IndexEntry => ({
  path,
  kind: 'file',
  mode: '0644',
  uid: 0,
  gid: 0,
  user: 'root',
  group: 'root',
  size: 0,
  mtime: '0',
  disposition: 'keep',
  rule: 'unowned/operation',
  why: '',
  origin: 'operation',
  ...changes,
});
const list = (entries: IndexEntry[], name: string) => payloadLists(entries, []).get(name)?.toString('latin1');

describe('payloadLists', () => {
  test('records are excluded, and the account databases among them named', () => {
    const entries = [
      entry('/etc/apt/sources.list', { disposition: 'record' }),
      entry('/etc/passwd', { disposition: 'record' }),
      entry('/etc/shadow', { disposition: 'record', kind: 'symlink' }),
      entry('/etc/samba/smb.conf'),
    ];
    expect(list(entries, 'records')).toBe('./etc/apt/sources.list\n./etc/passwd\n./etc/shadow\n');
    expect(list(entries, 'accounts')).toBe('./etc/passwd\n');
  });

  test('raw data whose export is loaded are never unpacked', () => {
    const entries = [entry('/var/lib/db/base', { rule: 'export/raw' }), entry('/var/lib/db/own.crt')];
    expect(list(entries, 'records')).toBe('./var/lib/db/base\n');
  });

  test('folders below /run are made as they were', () => {
    const left = { disposition: 'leave', rule: 'runtime/run', kind: 'directory', mode: '2750', group: 'lab' } as const;
    const entries = [entry('/run', left), entry('/run/lab', left), entry('/run/x', { ...left, kind: 'file' })];
    expect(list(entries, 'folders0')).toBe('/run/lab\0root:lab\x0002750\0');
  });

  test('what packages or the build had made is named for another release', () => {
    const entries = [
      entry('/usr/sbin/x', { rule: 'package/modified' }),
      entry('/var/lib/x', { rule: 'image/unowned' }),
      entry('/etc/x', { rule: 'package/edited-conffile' }),
      entry('/usr/y', { rule: 'package/modified', disposition: 'leave' }),
    ];
    expect(list(entries, 'made-by-packages')).toBe('./usr/sbin/x\n./var/lib/x\n');
  });

  test('deletions: folders deepest first, names byte for byte', () => {
    const gone = (path: string, kind: IndexEntry['kind'] = 'file') => entry(path, { disposition: 'delete', kind });
    const entries = [
      gone('/a', 'directory'),
      gone('/a/-rf\n'),
      gone('/a/b', 'directory'),
      gone('/a/\udcff', 'symlink'),
    ];
    expect(list(entries, 'deleted-folders0')).toBe('/a/b\0/a\0');
    expect(list(entries, 'deleted-files0')).toBe('/a/-rf\n\0/a/\xff\0');
  });

  test('attributes: owner by name or number, a mode of five digits', () => {
    const changed = { disposition: 'attributes' as const };
    const entries = [
      entry('/usr/bin/a', { ...changed, group: 'lab', mode: '2755' }),
      entry('/usr/bin/b', { ...changed, user: '', uid: 1234 }),
    ];
    expect(list(entries, 'attributes0')).toBe('/usr/bin/a\0root:lab\x0002755\0/usr/bin/b\x001234:root\x0000644\0');
    expect(list(entries, 'acls0')).toBeUndefined();
    expect(list(entries, 'xattrs0')).toBeUndefined();
  });

  test('attributes: ACLs a line an entry, extended attributes in base64', () => {
    const entries = [
      entry('/d', {
        disposition: 'attributes',
        kind: 'directory',
        aclAccess: 'user::rwx,user:ann:r--\nother::---\n',
        aclDefault: 'user::rwx',
        xattrs: { 'user.note': 'aGk=', 'security.selinux': 'eA==', 'evil\nname': 'eA==', '-x': 'eA==' },
      }),
    ];
    expect(list(entries, 'acls0')).toBe('/d\0user::rwx\nuser:ann:r--\nother::---\0user::rwx\0');
    expect(list(entries, 'xattrs0')).toBe('/d\0user.note\x000saGk=\0');
  });

  test('a quiet index gives the lists that are always there, empty', () => {
    expect([...payloadLists([], [])].map(([name, content]) => [name, content.length])).toEqual([
      ['records', 0],
      ['made-by-packages', 0],
      ['accounts', 0],
    ]);
  });
});

describe('excludePattern, as GNU tar reads it', () => {
  const names = [
    'plain',
    'plain2',
    'a*b',
    'aXb',
    '[x]',
    'x',
    'q?',
    'q1',
    'back\\slash',
    'new\nline',
    '-rf',
    ' space ',
    'é',
    '#c',
  ];
  const dir = tempDir();
  mkdirSync(join(dir, 'sub'));
  for (const name of names) writeFileSync(join(dir, 'sub', name), '');
  const members = (exclude?: string) => {
    const tar = execFileSync('tar', ['-c', '--format=posix', '-C', dir, './sub'], { encoding: 'buffer' });
    writeFileSync(join(dir, 'exclude'), encodeBytes(exclude === undefined ? '' : `${excludePattern(exclude)}\n`));
    const flags = ['--no-recursion', '--anchored', `--exclude-from=${join(dir, 'exclude')}`, '--quoting-style=literal'];
    const listed = execFileSync('tar', ['-t', ...flags], { input: tar, env: { ...process.env, LC_ALL: 'C.UTF-8' } });
    return listed.toString().replace('new\nline', 'NEWLINE').split('\n').filter(Boolean);
  };
  const all = members();

  test.each(names)('%j: only itself', name => {
    const shown = `./sub/${name}`.replace('new\nline', 'NEWLINE');
    expect(members(`/sub/${name}`)).toEqual(all.filter(each => each !== shown));
  });

  test('a folder without what is below it', () => {
    expect(members('/sub')).toEqual(all.filter(each => each !== './sub/'));
  });
});
