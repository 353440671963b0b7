import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { NAMES_PROGRAM } from '../../../src/plan/names-program.ts';
import { deriveSubstitutions, mapPath, rewriteText, type Substitution } from '../../../src/plan/path-substitution.ts';
import type { Resolution } from '../../../src/plan/resolve-packages.ts';
import { findVersionChange, withoutTimeT, withoutToken } from '../../../src/plan/version-token.ts';
import { tempDir } from '../../support/temp-dir.ts';

const SUBSTITUTIONS: Substitution[] = [
  { stem: 'php', old: '7.4', new: '8.4' },
  { stem: 'postgresql', old: '13', new: '17' },
  { stem: 'tomcat', old: '9', new: '10' },
  { stem: 'python', old: '3.9', new: '3.13' },
  { stem: 'ruby', old: '2.7.0', new: '3.3.0' },
  { stem: 'openjdk', old: '11', new: '21' },
  { stem: 'g++', old: '10', new: '14' },
];

const FROM_TO: [string, string][] = [
  ['/etc/php/7.4/fpm/php.ini', '/etc/php/8.4/fpm/php.ini'],
  ['/etc/php/7.4', '/etc/php/8.4'],
  ['/run/php/php7.4-app.sock', '/run/php/php8.4-app.sock'],
  ['/etc/apache2/mods-enabled/php7.4.load', '/etc/apache2/mods-enabled/php8.4.load'],
  ['/usr/lib/apache2/modules/libphp7.4.so', '/usr/lib/apache2/modules/libphp8.4.so'],
  ['/var/log/postgresql/postgresql-13-main.log', '/var/log/postgresql/postgresql-17-main.log'],
  ['/var/lib/postgresql/13/main/base/13/1', '/var/lib/postgresql/17/main/base/13/1'],
  ['/etc/tomcat9', '/etc/tomcat10'],
  ['/var/lib/tomcat9/webapps', '/var/lib/tomcat10/webapps'],
  ['/usr/local/lib/python3.9/dist-packages/x.py', '/usr/local/lib/python3.13/dist-packages/x.py'],
  ['/usr/lib/jvm/java-11-openjdk-amd64/conf', '/usr/lib/jvm/java-21-openjdk-amd64/conf'],
  ['/usr/lib/g++-10/x', '/usr/lib/g++-14/x'],
  ['/home/ana/.local/lib/python3.9/site-packages/x.py', '/home/ana/.local/lib/python3.13/site-packages/x.py'],
  ['/home/ana/.gem/ruby/2.7.0/gems/x', '/home/ana/.gem/ruby/3.3.0/gems/x'],
  ['/usr/sbin/php-fpm7.4', '/usr/sbin/php-fpm8.4'],
];

const UNTOUCHED = [
  '/srv/releases/7.4',
  '/srv/php7.45',
  '/srv/php7.4.3/x',
  '/srv/1.7.4',
  '/etc/php/7.40/x',
  '/etc/php/7.4.bak',
  '/opt/myphp7.4',
  '/etc/tomcat90',
  '/var/lib/postgresql/130',
  '/home/13/postgresql',
  '/usr/lib/python3/dist-packages',
  '/etc/phpX7.4',
  '/srv/php-app-7.4',
  // people's own names
  '/srv/mirror/php/7.4/php.tar.gz',
  '/home/ana/php7.4/x',
  '/opt/php/7.4/bin',
  '/data/postgresql-13',
  '/var/www/php7.4/index.php',
  '/home/ana/my files/php/7.4',
];

describe('mapPath', () => {
  test.each(FROM_TO)('%s -> %s', (path, expected) => {
    expect(mapPath(path, SUBSTITUTIONS)).toBe(expected);
  });

  test.each(UNTOUCHED)('%s stays', path => {
    expect(mapPath(path, SUBSTITUTIONS)).toBe(path);
  });
});

test('what one substitution wrote is not changed by the next', () => {
  const chain = [
    { stem: 'php', old: '7.4', new: '8.2' },
    { stem: 'php', old: '8.2', new: '8.4' },
  ];
  expect(mapPath('/etc/php/7.4/php8.2', chain)).toBe('/etc/php/8.2/php8.4');
});

test('rewriteText names the lines that it changed and leaves bare numbers', () => {
  const text = 'port = 13\nfastcgi_pass unix:/run/php/php7.4-fpm.sock; # PHP 7.4\nversion 7.4\n';
  const { text: now, hits } = rewriteText(text, SUBSTITUTIONS);
  expect(now).toBe('port = 13\nfastcgi_pass unix:/run/php/php8.4-fpm.sock; # PHP 7.4\nversion 7.4\n');
  expect(hits).toEqual([
    {
      line: 2,
      before: 'fastcgi_pass unix:/run/php/php7.4-fpm.sock; # PHP 7.4',
      after: 'fastcgi_pass unix:/run/php/php8.4-fpm.sock; # PHP 7.4',
    },
  ]);
});

test('the program for a restore by hand says the same', () => {
  const lines = [
    ...FROM_TO.map(([path]) => path),
    ...UNTOUCHED,
    'php7.4 php/7.4/php-fpm7.4;libphp7.4.so,java-11-openjdk',
    ':/srv/php7.4 /etc/php7.4',
  ];
  const dir = tempDir();
  const [program, table, file] = ['names.pl', 'names', 'file'].map(name => join(dir, name)) as [string, string, string];
  const chain = { stem: 'php', old: '8.4', new: '8.6' };
  const names = [...SUBSTITUTIONS, chain];
  const text = `${lines.join('\n')}\n/etc/php/7.4/php8.4 caf\xe9\n`;
  writeFileSync(program, NAMES_PROGRAM);
  writeFileSync(table, names.map(each => `${each.stem}\t${each.old}\t${each.new}\n`).join(''));
  writeFileSync(file, text, 'latin1');
  execFileSync('perl', [program, table, file]);
  expect(readFileSync(file, 'latin1')).toBe(rewriteText(text, names).text);
});

test("a path of people's stays in a text as it does on disk", () => {
  const stays = 'root /srv/php7.4/www; log "/opt/php/7.4/log" extension_dir=/home/ana/php7.4:/var/www/php7.4\n';
  expect(rewriteText(stays, SUBSTITUTIONS)).toEqual({ text: stays, hits: [] });
  const moves =
    'include=${BASE}/php/7.4/x $BASE/php/7.4 conf:/etc/php/7.4 php7.4 http://lab/php/7.4 /home/ana/.local/php/7.4';
  expect(rewriteText(moves, SUBSTITUTIONS).text).toBe(moves.replaceAll('7.4', '8.4'));
});

test('substitutions come from names and sources, not from libraries', () => {
  const resolution = (old: string, now?: string, sources?: Resolution['sources']): Resolution => ({
    old,
    ...(now ? { new: now } : {}),
    ...(sources ? { sources } : {}),
    how: 'versioned',
    why: '',
  });
  const found = deriveSubstitutions([
    resolution('libapache2-mod-php7.4', 'libapache2-mod-php8.4', { old: 'php7.4', new: 'php8.4' }),
    resolution('php7.4-json'),
    resolution('libicu67', 'libicu76', { old: 'icu', new: 'icu' }),
    resolution('postgresql-13-ip4r', 'postgresql-17-ip4r', { old: 'ip4r', new: 'ip4r' }),
    resolution('ntp', 'ntpsec', { old: 'ntp', new: 'ntpsec' }),
    resolution('samba', 'samba', { old: 'samba', new: 'samba' }),
  ]);
  expect(found).toEqual([
    { stem: 'php', old: '7.4', new: '8.4' },
    { stem: 'postgresql', old: '13', new: '17' },
  ]);
});

test('a number that a package keeps in its name has not moved, whatever its libraries are of', () => {
  const sources = { old: 'firebird3.0', new: 'firebird4.0' };
  const library: Resolution = { old: 'libfbclient2', new: 'libfbclient2', sources, how: 'same', why: '' };
  const server: Resolution = { old: 'firebird3.0-server', new: 'firebird3.0-server', how: 'same', why: '' };
  expect(deriveSubstitutions([library])).toEqual([{ stem: 'firebird', old: '3.0', new: '4.0' }]);
  expect(deriveSubstitutions([library, server])).toEqual([]);
});

describe('version tokens', () => {
  const table: [string, string, object | undefined][] = [
    ['php7.4-fpm', 'php8.4-fpm', { stem: 'php', old: '7.4', new: '8.4' }],
    ['postgresql-plpython3-13', 'postgresql-plpython3-17', { stem: 'postgresql-plpython3', old: '13', new: '17' }],
    ['libssl1.1', 'libssl3t64', { stem: 'libssl', old: '1.1', new: '3' }],
    ['libapache2-mod-php7.4', 'libapache2-mod-php8.4', { stem: 'libapache2-mod-php', old: '7.4', new: '8.4' }],
    ['php7.4-fpm', 'php8.4-cli', undefined],
    ['linux-image-5.10.0-30', 'linux-image-6.1.0-40', undefined],
    ['samba', 'samba', undefined],
  ];
  test.each(table)('%s, %s', (a, b, expected) => {
    expect(findVersionChange(a, b)).toEqual(expected);
  });
  test('t64 and single tokens are taken out', () => {
    expect(withoutTimeT('libneon27t64-gnutls')).toBe('libneon27-gnutls');
    expect(withoutTimeT('libfoot640')).toBe('libfoot640');
    expect(withoutToken('mariadb-server-10.5', '10.5')).toBe('mariadb-server');
    expect(withoutToken('php7.4-fpm', '7.4')).toBe('php-fpm');
  });
});
