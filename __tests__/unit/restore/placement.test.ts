import { expect, test } from '@jest/globals';
import type { IndexEntry } from '../../../src/bag/index-entry.ts';
import { type PlacementContext, placeEntry } from '../../../src/restore/placement.ts';

const file = (path: string, changes: Partial<IndexEntry> = {}): IndexEntry => ({
  ...{ path, kind: 'file', mode: '0644', uid: 0, gid: 0, user: 'root', group: 'root', size: 1, mtime: '1' },
  ...{ disposition: 'keep', rule: 'unowned/operation', why: 'because', origin: 'operation' },
  ...changes,
});
const link = (path: string, target: string, changes: Partial<IndexEntry> = {}) =>
  file(path, { kind: 'symlink', target, ...changes });
const IMAGE = { rule: 'image/unowned', origin: 'image' } as const;
const MODIFIED = { rule: 'package/modified', package: 'p' };

interface World extends Partial<PlacementContext> {
  /** Kinds on the new system by path. */
  there?: Record<string, string>;
  packagedPaths?: string[];
  /** Targets that lead somewhere. */
  targets?: string[];
}

function context({ there = {}, packagedPaths = [], targets = [], ...rest }: World): PlacementContext {
  return {
    rebuilt: true,
    sameRelease: false,
    place: path => path,
    kindOf: path => there[path],
    retarget: target => target.replace('7.4', '8.4'),
    rewrites: false,
    resolves: (_, target) => targets.includes(target),
    packaged: path => packagedPaths.includes(path),
    sameVersion: () => false,
    skipped: () => undefined,
    ...rest,
  };
}

test.each<[string, IndexEntry, World, string]>([
  ['a knowledge entry skips it', file('/srv/a'), { skipped: () => 'old format' }, 'skip! old format'],
  ['nobody has it', file('/srv/a'), {}, 'lay /srv/a'],
  ['it moved', file('/etc/php/7.4/a'), { place: path => path.replace('7.4', '8.4') }, 'lay /etc/php/8.4/a'],
  ['the new system has a file of nobody there', file('/srv/a'), { there: { '/srv/a': 'file' } }, 'lay /srv/a'],
  [
    'without a Dockerfile, configuration of the image follows names',
    file('/etc/nginx/conf.d/a', IMAGE),
    { rebuilt: false, rewrites: true },
    'merge /etc/nginx/conf.d/a',
  ],
  [
    'without a Dockerfile, a link of the image follows its target',
    link('/etc/x/b', '/etc/php/7.4/b', IMAGE),
    { rebuilt: false, targets: ['/etc/php/8.4/b'] },
    'lay /etc/x/b -> /etc/php/8.4/b',
  ],
  [
    'a package ships it today',
    file('/usr/share/a'),
    { there: { '/usr/share/a': 'file' }, packagedPaths: ['/usr/share/a'] },
    'beside /usr/share/a',
  ],
  [
    'a folder that a package ships',
    file('/usr/share/a', { kind: 'directory' }),
    { there: { '/usr/share/a': 'directory' }, packagedPaths: ['/usr/share/a'] },
    'lay /usr/share/a',
  ],
  ['configuration on both sides', file('/etc/a'), { there: { '/etc/a': 'file' } }, 'merge /etc/a'],
  ['configuration that is only old', file('/etc/a'), {}, 'lay /etc/a'],
  ['… where names have changed', file('/etc/a'), { rewrites: true }, 'merge /etc/a'],
  ['… a hard link of it', file('/etc/a', { hardlink: '/etc/b' }), { rewrites: true }, 'lay /etc/a'],
  [
    'a secret of the image has its counterpart today',
    file('/etc/k', { rule: 'image/secret', origin: 'image' }),
    { there: { '/etc/k': 'file' }, rewrites: true },
    'lay /etc/k',
  ],
  ['configuration that is a folder today', file('/etc/a'), { there: { '/etc/a': 'directory' } }, 'lay /etc/a'],
  [
    'named by edited configuration, shipped today',
    file('/etc/a', { rule: 'package/referenced' }),
    { there: { '/etc/a': 'file' } },
    'skip it was not edited',
  ],
  ['raw data beside an export', file('/srv/a', { rule: 'export/raw' }), {}, 'skip its logical export is loaded'],
  ['named by edited configuration, gone today', file('/etc/a', { rule: 'package/referenced' }), {}, 'lay /etc/a'],

  [
    'image-made, made again',
    file('/opt/a', IMAGE),
    { there: { '/opt/a': 'file' } },
    'skip the new system made its own',
  ],
  ['image-made, not made again by the Dockerfile', file('/opt/a', IMAGE), {}, 'skip the build steps decide'],
  ['image-made, no Dockerfile', file('/opt/a', IMAGE), { rebuilt: false }, 'lay /opt/a'],
  [
    'image-made link, no Dockerfile, target there',
    link('/opt/a', 'b', IMAGE),
    { rebuilt: false, targets: ['b'] },
    'lay /opt/a',
  ],
  [
    'image-made link, no Dockerfile, target gone',
    link('/opt/a', 'b', IMAGE),
    { rebuilt: false },
    'skip its target does not exist',
  ],

  ['edited in place, no package has it today', file('/usr/bin/a', MODIFIED), {}, 'lay /usr/bin/a'],
  [
    'edited in place, same version',
    file('/usr/bin/a', MODIFIED),
    { there: { '/usr/bin/a': 'file' }, sameVersion: () => true },
    'lay /usr/bin/a',
  ],
  [
    'edited in place, another version',
    file('/usr/bin/a', MODIFIED),
    { there: { '/usr/bin/a': 'file' } },
    'merge /usr/bin/a',
  ],
  [
    'a folder in place of a file',
    file('/usr/bin/a', { ...MODIFIED, kind: 'directory' }),
    { there: { '/usr/bin/a': 'file' } },
    'lay /usr/bin/a',
  ],

  ['a link that leads somewhere', link('/srv/l', 'b'), { targets: ['b'] }, 'lay /srv/l'],
  ['a link that never did', link('/srv/l', 'b', { dangling: true }), {}, 'lay /srv/l'],
  [
    'a link whose target moved',
    link('/etc/l', '/run/php/7.4'),
    { targets: ['/run/php/8.4'] },
    'lay /etc/l -> /run/php/8.4',
  ],
  [
    'a link whose target is gone, something else there',
    link('/etc/l', 'b'),
    { there: { '/etc/l': 'symlink' } },
    'skip! its target b does not exist',
  ],
  ['… below /usr', link('/usr/lib/l', 'b'), { there: { '/usr/lib/l': 'symlink' } }, 'skip its target b does not exist'],
  [
    'a link that a program follows, target gone',
    link('/etc/apache2/mods-enabled/x.load', '../b'),
    {},
    'skip! its target ../b does not exist',
  ],
  ['… in rc2.d', link('/etc/rc2.d/S01x', '../b'), {}, 'skip! its target'],
  ['… of systemd', link('/etc/systemd/system/multi-user.target.wants/x.service', '/b'), {}, 'skip! its target'],
  ['a link of people, target gone', link('/srv/l', 'b'), {}, 'lay /srv/l'],
  ['… in /usr/local', link('/usr/local/bin/l', 'b'), {}, 'lay /usr/local/bin/l'],
  [
    'a link where a package has something',
    link('/srv/l', 'b'),
    { packagedPaths: ['/srv/l'], targets: ['b'] },
    'skip! a package ships',
  ],
  ['… below /usr', link('/usr/lib/l', 'b'), { packagedPaths: ['/usr/lib/l'], targets: ['b'] }, 'skip a package ships'],
  [
    'a packaged link that the owner changed',
    link('/usr/lib/l', 'b', MODIFIED),
    { packagedPaths: ['/usr/lib/l'], targets: ['b'] },
    'lay /usr/lib/l',
  ],
  [
    'a link in /etc that a package ships',
    link('/etc/l', 'b'),
    { packagedPaths: ['/etc/l'], targets: ['b'] },
    'lay /etc/l',
  ],
])('%s', (_, entry, world, expected) => {
  const found = placeEntry(entry, context(world));
  const shown =
    found.action === 'skip'
      ? `skip${found.report ? '!' : ''} ${found.why}`
      : `${found.action} ${found.path}${'target' in found ? ` -> ${found.target}` : ''}`;
  if (found.action === 'skip') expect(shown.startsWith(expected)).toBe(true);
  else expect(shown).toBe(expected);
  expect(found.why).not.toBe('');
});
