import { describe, expect, test } from '@jest/globals';
import type { IndexEntry, PathKind } from '../../../src/bag/index-entry.ts';
import { type DeletionContext, planDeletions } from '../../../src/plan/deletions.ts';

const deleted = (path: string, kind: PathKind = 'file'): IndexEntry => ({
  path,
  kind,
  mode: '0644',
  uid: 0,
  gid: 0,
  user: 'root',
  group: 'root',
  size: 0,
  mtime: '0',
  disposition: 'delete',
  rule: 'r',
  why: 'the owner deleted it',
  origin: 'operation',
});
const tree = [
  '/etc',
  '/etc/a',
  '/etc/d',
  '/etc/d/x',
  '/etc/d/y',
  '/usr',
  '/usr/lib',
  '/usr/lib/x',
  '/lib',
  '/usr/bin',
  '/usr/bin/sed',
  '/etc/hosts',
  '/etc/bash.bashrc',
  '/srv',
  '/srv/e',
  '/etc/php',
  '/etc/php/8.4',
  '/etc/php/8.4/a.ini',
];
const plan = (entries: IndexEntry[], context: Partial<DeletionContext> = {}) =>
  planDeletions(entries, { existsInNew: new Set(tree), mapPath: path => path.replace('7.4', '8.4'), ...context });

describe('planDeletions', () => {
  test.each([
    ['a file', [deleted('/etc/a')], {}, [['/etc/a', 'unlink']]],
    ['an empty directory', [deleted('/srv/e', 'directory')], {}, [['/srv/e', 'rmdir']]],
    [
      'a directory after all that was in it',
      [deleted('/etc/d', 'directory'), deleted('/etc/d/x'), deleted('/etc/d/y')],
      {},
      [
        ['/etc/d/x', 'unlink'],
        ['/etc/d/y', 'unlink'],
        ['/etc/d', 'rmdir'],
      ],
    ],
    ['a moved path', [deleted('/etc/php/7.4/a.ini')], {}, [['/etc/php/8.4/a.ini', 'unlink']]],
    [
      'a conffile of an essential package',
      [deleted('/etc/bash.bashrc')],
      { essential: new Set(['/etc/bash.bashrc']) },
      [['/etc/bash.bashrc', 'unlink']],
    ],
    [
      'a link that is a directory now and empty',
      [deleted('/srv/e', 'symlink')],
      { directoriesInNew: new Set(['/srv/e']) },
      [['/srv/e', 'rmdir']],
    ],
    ['nothing that is not a deletion', [{ ...deleted('/etc/a'), disposition: 'keep' as const }], {}, []],
  ])('repeats: %s', (_, entries, context, expected) => {
    const result = plan(entries, context);
    expect(result.deletions.map(each => [each.path, each.action])).toEqual(expected);
    expect(result.skipped).toEqual([]);
  });

  test.each([
    ['not there', '/etc/none', {}, 'not on the new system'],
    ['something new is in it', '/etc/d', {}, 'a directory that is not empty on the new system'],
    ['a file that is a full directory now', '/etc/php', {}, 'a directory that is not empty on the new system'],
    [
      'the restore fills it',
      '/srv/e',
      { restored: new Set(['/srv/e/new']) },
      'a directory that is not empty on the new system',
    ],
    ['the restore brings it', '/etc/a', { restored: new Set(['/etc/a']) }, 'the restore brings this path'],
    ['through a symlink', '/lib/x', { symlinksInNew: new Set(['/lib']) }, '/lib is a symlink on the new system'],
    ['essential', '/usr/bin/sed', { essential: new Set(['/usr/bin/sed']) }, 'belongs to an essential package'],
    ['the engine’s', '/etc/hosts', {}, 'made by the kernel or the engine'],
    ['at the top', '/srv', {}, 'a directory at the top of the system'],
    ['the root', '/', {}, 'not a plain absolute path'],
    ['upwards', '/srv/../etc/a', {}, 'not a plain absolute path'],
    ['relative', 'etc/a', {}, 'not a plain absolute path'],
  ])('leaves: %s', (_, path, context, why) => {
    const result = plan([deleted(path)], context);
    expect(result.deletions).toEqual([]);
    expect(result.skipped).toEqual([{ path, why, gone: why === 'not on the new system' }]);
  });
});
