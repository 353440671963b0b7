import { describe, expect, test } from '@jest/globals';
import type { Resolution } from '../../../src/plan/resolve-packages.ts';
import { configFilesStanzas, findVanished, isStateOf } from '../../../src/plan/vanished-packages.ts';
import { parseDpkgStatus } from '../../../src/system/dpkg.ts';
import type { InstalledPackage } from '../../../src/system/system-facts.ts';

const MD5 = '0123456789abcdef0123456789abcdef';

function installed(name: string, conffiles: Record<string, string>, manual = true): InstalledPackage {
  return {
    name,
    version: '1:4.2-1',
    architecture: 'amd64',
    source: name,
    manual,
    status: 'installed',
    provides: [],
    conffiles,
  };
}
const resolution = (old: string, now: string): Resolution => ({ old, new: now, how: 'transitional', why: 'x' });

describe('findVanished', () => {
  test.each([
    ['another name, edited', installed('ntp', { '/etc/ntp.conf': MD5 }), resolution('ntp', 'ntpsec'), true],
    ['nothing edited', installed('ntp', {}), resolution('ntp', 'ntpsec'), false],
    [
      'the init script is only a name',
      installed('ntp', { '/etc/init.d/ntp': MD5 }),
      resolution('ntp', 'ntpsec'),
      false,
    ],
    ['the same name', installed('ntp', { '/etc/ntp.conf': MD5 }), resolution('ntp', 'ntp'), false],
    ['another version', installed('php7.4-fpm', { '/etc/php/x': MD5 }), resolution('php7.4-fpm', 'php8.4-fpm'), false],
    ['a dependency', installed('ntp', { '/etc/ntp.conf': MD5 }, false), resolution('ntp', 'ntpsec'), false],
  ])('%s', (_, old, one, vanished) => expect(findVanished([old], [one]).length === 1).toBe(vanished));
});

test.each([
  ['/etc/ntp.conf', 'ntp', true],
  ['/etc/ntp.keys', undefined, true],
  ['/var/lib/ntp/ntp.drift', undefined, true],
  ['/var/log/ntpstats/x', undefined, true],
  ['/etc/ntp.conf', 'other', false],
  ['/srv/ntp/x', undefined, false],
  ['/etc/cron.d/ntp', undefined, false],
])('%s of %s', (path, owner, state) => expect(isStateOf(path, owner, ['ntp'])).toBe(state));

test('dpkg reads the stanzas as packages of which the configuration is left', () => {
  const text = configFilesStanzas([
    installed('ntp', { '/etc/ntp.conf': MD5, '/etc/bad name': MD5, '/etc/x': 'newconffile' }),
    installed('other', {}),
  ]);
  const [ntp, other] = parseDpkgStatus(text, '');
  expect(ntp).toMatchObject({
    name: 'ntp',
    status: 'config-files',
    version: '1:4.2-1',
    conffiles: { '/etc/ntp.conf': MD5 },
  });
  expect(other).toMatchObject({ name: 'other', status: 'config-files' });
});
