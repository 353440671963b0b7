import { expect, test } from '@jest/globals';
import { findSecretKind, holdsPasswordHash, type SecretFacts, secretVariables } from '../../../src/classify/secrets.ts';

const entry = (path: string, more: Partial<SecretFacts> = {}): SecretFacts => ({
  path,
  kind: 'file',
  mode: '0600',
  size: 10,
  rule: 'unowned/operation',
  disposition: 'keep',
  ...more,
});

test.each<[string, Partial<SecretFacts>, string | undefined]>([
  ['/etc/shadow', { disposition: 'record' }, 'password hashes'],
  ['/var/lib/samba/private/passdb.tdb', {}, 'password hashes'],
  ['/srv/www/.htpasswd', { mode: '0644' }, 'password hashes'],
  ['/etc/dovecot/passwd', {}, 'password hashes'],
  ['/etc/ssh/ssh_host_ed25519_key', {}, 'private keys'],
  ['/etc/ssh/ssh_host_ed25519_key.pub', { mode: '0644' }, undefined],
  ['/home/a/.ssh/id_rsa', {}, 'private keys'],
  ['/home/a/.ssh/known_hosts', {}, undefined],
  ['/etc/ssl/private/snakeoil.pem', { mode: '0640' }, 'private keys'],
  ['/srv/cert.pem', { mode: '0644' }, undefined],
  ['/srv/both.pem', {}, 'private keys'],
  ['/etc/krb5.keytab', {}, 'keytabs'],
  ['/root/.my.cnf', {}, 'tokens and passwords'],
  ['/home/a/.docker/config.json', {}, 'tokens and passwords'],
  ['/srv/app/api-token', {}, 'tokens and passwords'],
  ['/usr/share/doc/password-policy.txt', { mode: '0644' }, undefined],
  ['/etc/bind/rndc.key', { mode: '0640' }, 'private keys'],
  ['/var/lib/x/made-at-build', { rule: 'image/secret' }, 'secrets of the machine'],
  ['/etc/passwd', { mode: '0644' }, undefined],
  ['/srv/data.txt', {}, undefined],
  ['/etc/shadow', { disposition: 'leave' }, undefined],
  ['/etc/ssl/private', { kind: 'directory' }, undefined],
  ['/var/cache/debconf/passwords.dat', { size: 0 }, undefined],
])('%s %j is %s', (path, more, expected) => {
  expect(findSecretKind(entry(path, more))).toBe(expected);
});

test.each([
  ['root:*:19000:0:99999:7:::\n_apt:*:1:::::::\nalice:!:1::::::\nbob::1::::::', false],
  ['root:$y$j9T$abc$def:19000::::::', true],
  ['locked:!$6$salt$hash:19000::::::', true],
  ['des:abJnggxhB/yWI:19000::::::', true],
  ['lab:!::alice', false],
  ['', false],
])('%j holds a password hash: %s', (text, expected) => {
  expect(holdsPasswordHash(text)).toBe(expected);
});

test('variables with secrets, by name', () => {
  const values = {
    DB_PASSWORD: 'x',
    MYSQL_ROOT_PASSWORD: 'x',
    API_KEY: 'x',
    githubToken: 'x',
    PASSWORD_FILE: '/run/secret',
    EMPTY_TOKEN: '',
    PATH: '/bin',
    PASSENGER: 'x',
    KEYBOARD: 'de',
  };
  expect(secretVariables(values)).toEqual(['DB_PASSWORD', 'MYSQL_ROOT_PASSWORD', 'API_KEY', 'githubToken']);
});
