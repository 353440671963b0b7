import { describe, expect, test } from '@jest/globals';
import { decideOrder, notInBase, type PackageContent } from '../../../src/plan/package-order.ts';
import type { Resolution } from '../../../src/plan/resolve-packages.ts';
import type { InstalledPackage } from '../../../src/system/system-facts.ts';

const MD5 = '0123456789abcdef0123456789abcdef';
const installed = (name: string, conffile: string): InstalledPackage => ({
  name,
  version: '1:4.2-1',
  architecture: 'amd64',
  source: name,
  manual: true,
  status: 'installed',
  provides: [],
  conffiles: { [conffile]: MD5 },
});
const resolution = (old: string, now: string): Resolution => ({ old, new: now, how: 'transitional', why: 'x' });
const old = [
  installed('ntp', '/etc/ntp.conf'),
  installed('samba', '/etc/samba/smb.conf'),
  installed('php7.4-fpm', '/etc/php/x'),
];
const resolutions = [resolution('ntp', 'ntpsec'), resolution('samba', 'samba'), resolution('php7.4-fpm', 'php8.4-fpm')];
const content = (scripts: string, ...paths: string[]) =>
  new Map<string, PackageContent>([['ntpsec', { scripts, paths: new Set(paths) }]]);

describe('auto: only a package with a successor of another name may come after its old state', () => {
  test.each<[string, Map<string, PackageContent> | undefined, string, RegExp]>([
    [
      'its scripts name the edited file',
      content('mv /etc/ntp.conf /etc/ntpsec/ntp.conf'),
      'state-first',
      /name \/etc\/ntp\.conf/,
    ],
    [
      'its scripts name the folder of the state',
      content('cp -a /var/lib/ntp/x /y'),
      'state-first',
      /name \/var\/lib\/ntp/,
    ],
    [
      'it ships the edited file itself',
      content('true', '/etc/ntp.conf'),
      'packages-first',
      /ships \/etc\/ntp\.conf: it is merged/,
    ],
    ['its scripts name nothing of it', content('adduser x'), 'packages-first', /no file of the old package/],
    ['it could not be read', undefined, 'state-first', /could not be read/],
  ])('%s', (_, today, order, why) => {
    const decisions = decideOrder(old, resolutions, 'auto', today);
    expect(decisions.map(each => [each.old.name, each.successor, each.order])).toEqual([['ntp', 'ntpsec', order]]);
    expect(decisions[0]!.why).toMatch(why);
  });
});

test('state-first: every edited package that stays or has a successor, but none whose paths have a version in them', () => {
  const decisions = decideOrder(old, resolutions, 'state-first');
  expect(decisions.map(each => [each.old.name, each.order])).toEqual([
    ['ntp', 'state-first'],
    ['samba', 'state-first'],
  ]);
});

test('packages-first: no state comes before', () => {
  expect(decideOrder(old, resolutions, 'packages-first').map(each => each.order)).toEqual(['packages-first']);
});

test('what the base has of itself is not registered a second time', () => {
  const base = [installed('samba', '/x'), { ...installed('ntp', '/x'), status: 'config-files' as const }];
  expect(notInBase(old, base).map(each => each.name)).toEqual(['ntp', 'php7.4-fpm']);
});
