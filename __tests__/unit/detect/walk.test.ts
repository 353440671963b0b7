import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, linkSync, mkdirSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import {
  describePaths,
  FULL_RECORDS,
  parseRecords,
  recordsSince,
  type WalkEntry,
  walk,
  walkArguments,
} from '../../../src/detect/walk.ts';
import { encodeBytes } from '../../../src/system/byte-text.ts';
import { directoryTarget } from '../../../src/system/target.ts';
import { tempDir } from '../../support/temp-dir.ts';

function parse(records: Buffer, rootLength = 0): { entries: WalkEntry[]; end: number } {
  const entries: WalkEntry[] = [];
  return { end: parseRecords(records, rootLength, entry => entries.push(entry)), entries };
}

describe('parseRecords', () => {
  test('one record of each shape', () => {
    const { entries } = parse(
      Buffer.from(
        [
          '1700000001.0000000000 /usr/bin/x\0f4755 0 42 1234 2 1700000000.1234567890\0',
          '3.1234567895 /a link\0l777 1000 1000 7 1 -5.5000000000 ../b c\0',
          '0.0000000000 /\0d1777 0 0 4096 3 0.0000000000\0',
        ].join(''),
      ),
    );
    expect(entries).toEqual([
      {
        ...{ path: '/usr/bin/x', kind: 'file', mode: 0o4755, uid: 0, gid: 42, size: 1234, links: 2, target: '' },
        ...{ mtime: '1700000000.123456789', ctime: '1700000001.000000000' },
      },
      {
        ...{ path: '/a link', kind: 'symlink', mode: 0o777, uid: 1000, gid: 1000, size: 0, links: 1, target: '../b c' },
        ...{ mtime: '-5.500000000', ctime: '3.1234567895' },
      },
      {
        ...{ path: '/', kind: 'directory', mode: 0o1777, uid: 0, gid: 0, size: 0, links: 3, target: '' },
        ...{ mtime: '0.000000000', ctime: '0.000000000' },
      },
    ]);
  });

  test('a record that is cut anywhere is left for the next chunk', () => {
    const record = Buffer.from('2.0000000000 /etc/x\0f644 0 0 5 1 1.0000000000\0');
    for (let cut = 0; cut < record.length; cut++) {
      const { entries, end } = parse(Buffer.concat([record, record.subarray(0, cut)]));
      expect([entries.length, end]).toEqual([1, record.length]);
    }
  });

  test('names keep bytes that are no UTF-8, also beside names that are', () => {
    const odd = Buffer.from([0x2f, 0xff, 0x20, 0x0a, 0xc3]);
    const rest = '\0f644 0 0 5 1 1.0\0';
    const { entries } = parse(Buffer.concat([Buffer.from('2.0 '), odd, Buffer.from(`${rest}2.0 /é${rest}`)]));
    expect(entries.map(each => encodeBytes(each.path))).toEqual([odd, Buffer.from('/é')]);
  });

  test('something that is no record ends', () => {
    expect(parse(Buffer.from('what is this\0x\0')).entries).toHaveLength(1);
  });
});

test('a real tree as find sees it, less its root', async () => {
  const root = tempDir();
  mkdirSync(join(root, 'd'));
  writeFileSync(join(root, 'd/f 1'), 'four');
  chmodSync(join(root, 'd/f 1'), 0o2750);
  utimesSync(join(root, 'd/f 1'), 1, 1.5);
  linkSync(join(root, 'd/f 1'), join(root, 'd/again'));
  symlinkSync('d/f 1', join(root, 'l'));
  writeFileSync(join(root, 'one'), 'one');
  execFileSync('mkfifo', [join(root, 'p')]);
  const found = new Map<string, WalkEntry>();
  expect(await walk(directoryTarget(root), [], entry => found.set(entry.path, entry))).toEqual([]);
  expect([...found.keys()].sort()).toEqual(['/', '/d', '/d/again', '/d/f 1', '/l', '/one', '/p']);
  const { uid, gid } = statSync(root);
  expect(found.get('/one')).toMatchObject({ kind: 'file', mode: 0o644, uid, gid, size: 3, links: 1 });
  const file = { kind: 'file', mode: 0o2750, uid, gid, size: 4, links: 2, mtime: '1.500000000', target: '' };
  expect(found.get('/d/f 1')).toMatchObject(file);
  expect(found.get('/d/again')).toMatchObject(file);
  expect(found.get('/l')).toMatchObject({ kind: 'symlink', target: 'd/f 1' });
  expect(found.get('/p')).toMatchObject({ kind: 'fifo', size: 0 });
});

test('what is printed shorter in the asking is the same record', () => {
  const root = tempDir();
  const names = ['file', 'two', 'of-other', 'of-group'];
  for (const name of names) writeFileSync(join(root, name), name, { mode: 0o604 });
  linkSync(join(root, 'two'), join(root, 'second'));
  if (process.getuid?.() === 0) {
    chownSync(join(root, 'of-other'), 7, 0);
    chownSync(join(root, 'of-group'), 0, 7);
  }
  const print = (words: string[]) => execFileSync('find', [root, ...words]).toString();
  expect(print(FULL_RECORDS)).toBe(print(['-printf', '%C@ %p\\0%y%m %U %G %s %n %T@\\0']));
});

test('single paths, whatever their names, those that are gone left out', async () => {
  const root = tempDir();
  const names = ['plain', 'a b\n"c', '-x'];
  for (const name of names) writeFileSync(join(root, name), name);
  writeFileSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0xff])]), '');
  const found: WalkEntry[] = [];
  const paths = [...names, '\udcff', 'gone'].map(name => `/${name}`);
  await describePaths(directoryTarget(root), paths, entry => found.push(entry));
  expect(found.map(each => each.path)).toEqual(paths.slice(0, -1));
  expect(found[1]).toMatchObject({ kind: 'file', size: 6 });
});

test('of what has not changed since then only the head is printed', () => {
  const root = tempDir();
  writeFileSync(join(root, 'file'), '');
  symlinkSync('file', join(root, 'link'));
  const print = (since: string) => execFileSync('find', [root, ...recordsSince(since)]).toString();
  expect(print('4000000000.25').split('\0').filter(Boolean)).toHaveLength(3);
  expect(print('1000000000.25').split('\0').filter(Boolean)).toHaveLength(6);
});

test('a walk enters the root and each kept mount, no other file system', () => {
  expect(walkArguments('/r', ['/data']).slice(0, 4)).toEqual(['find', '/r/', '/r/data', '-xdev']);
});
