import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { findSecretContent } from '../../../src/classify/secret-content.ts';
import { tempDir } from '../../support/temp-dir.ts';

const dir = tempDir();
const said = (program: string, ...argv: string[]) => execFileSync(program, argv, { encoding: 'utf8', cwd: dir });
const kindOf = (content: string | Buffer, path = '/srv/x') => findSecretContent(Buffer.from(content), path);
/** As services issue them; none is anybody's, and none stands in this file, where scanners would find it. */
const random = (length: number) => randomBytes(length).toString('hex').slice(0, length);

test('what was in hundreds of texts before says nothing of this one', () => {
  const hash = said('openssl', 'passwd', '-6', 'lab').trim();
  for (let n = 0; n < 600; n++) {
    expect(kindOf(`unal:${hash}\n`)).toBe('password hashes');
    expect(kindOf('the quick brown fox')).toBeUndefined();
  }
});

test('private keys of real programs', () => {
  said('ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', 'new');
  said('ssh-keygen', '-q', '-t', 'rsa', '-m', 'PEM', '-N', 'locked', '-f', 'old'); // headers of RFC 1421
  expect(kindOf(readFileSync(join(dir, 'new')))).toBe('private keys');
  expect(kindOf(readFileSync(join(dir, 'old')))).toBe('private keys');
  expect(kindOf(readFileSync(join(dir, 'new.pub')))).toBeUndefined();
  const pem = said('openssl', 'genpkey', '-algorithm', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256');
  expect(kindOf(`# mine\n${pem}`)).toBe('private keys');
  expect(kindOf(JSON.stringify({ type: 'service_account', private_key: pem }))).toBe('private keys');
});

test.each([
  ['md5', ['-1']],
  ['apr1', ['-apr1']],
  ['sha256', ['-5']],
  ['sha512', ['-6']],
])('password hashes of openssl: %s', (_, options) => {
  const hash = said('openssl', 'passwd', ...options, 'lab').trim();
  expect(kindOf(`unal:${hash}\n`)).toBe('password hashes');
  expect(kindOf(`the form is ${hash.slice(0, -4)}, see crypt(5)`)).toBeUndefined();
});

test.each<[string, string]>([
  ['yescrypt', `root:$y$j9T$F5Jx5fExrKuPp53xLKQ..1$${'x'.repeat(43)}:19000::::::`],
  ['bcrypt', `weir:$2y$05$${'a'.repeat(53)}`],
  ['LDIF', 'dn: cn=x\nuserPassword:: e1NTSEF9bGFi\n'],
  ['slapd.conf', `rootpw {SSHA}${'b'.repeat(32)}`],
  ['pg_dumpall', `ALTER ROLE app WITH LOGIN PASSWORD 'md5${'0a'.repeat(16)}';`],
  [
    'pg_dumpall, new',
    `ALTER ROLE a WITH PASSWORD 'SCRAM-SHA-256$4096:${'a'.repeat(24)}$${'b'.repeat(43)}=:${'c'.repeat(43)}=';`,
  ],
  ['mariadb-dump', `CREATE USER a IDENTIFIED BY PASSWORD '*${'0A'.repeat(20)}';`],
  ['smbpasswd', `alice:1000:${'X'.repeat(32)}:${'0A'.repeat(16)}:[U          ]:LCT-00000000:`],
  ['htdigest', `unal:upload area:${'0a'.repeat(16)}\n`],
  ['htpasswd -d', 'a:abJnggxhB/yWI\nb:xyJnggxhB/yWI\n'],
])('password hashes: %s', (_, content) => {
  expect(kindOf(content)).toBe('password hashes');
});

/** Each expression is tried only where its letters are: of each form there has to be one. */
test.each<[string, string, string]>([
  ['private keys', 'PGP', `-----BEGIN ${'PGP PRIVATE KEY BLOCK'}-----\n\n${'Ab0/'.repeat(15)}\n`],
  ['private keys', 'PuTTY', `${'PuTTY-User-Key-File'}-3: ssh-ed25519\nEncryption: none\n${'Private-Lines'}: 1\n`],
  ['private keys', 'age', `${'AGE-SECRET-KEY'}-1${'Q2'.repeat(29)}\n`],
  ['private keys', 'wg', `[Interface]\n${'PrivateKey'} = ${'a'.repeat(43)}=\n`],
  ['password hashes', 'argon2', `$${'argon2id'}$v=19$m=65536,t=3,p=4$${'a'.repeat(22)}$${'b'.repeat(43)}`],
  ['password hashes', 'crypt', `${'{CRYPT}'}abJnggxhB/yWI`],
  ['password hashes', 'slapd of config', `${'olcRootPW'}:: e1NTSEF9bGFi`],
  ['tokens and passwords', 'AWS, for a time', `${'ASIA'}${'Q2'.repeat(8)}`],
  ['tokens and passwords', 'GitHub, of fine grain', `${'github_pat_'}${random(22)}_${random(59)}`],
  [
    'tokens and passwords',
    'Slack hook',
    `https://${'hooks.slack.com'}/services/T${'A'.repeat(8)}/B${'B'.repeat(8)}/${random(20)}`,
  ],
  ['tokens and passwords', 'npm', `${'npm_'}${random(36)}`],
  ['tokens and passwords', 'PyPI', `${'pypi-'}AgEIcHlwaS5vcmc${random(50)}`],
  ['tokens and passwords', 'Stripe', `${'sk_live_'}${random(24)}`],
  ['tokens and passwords', 'Google', `${'AIza'}${random(35)}`],
  ['tokens and passwords', 'SendGrid', `${'SG.'}${random(22)}.${random(43)}`],
  ['tokens and passwords', 'debconf', `slapd slapd/${'password1'} password hunter2\n`],
])('%s: %s', (kind, _, content) => {
  expect(kindOf(content)).toBe(kind);
});

test('tokens by their issuers’ forms', () => {
  expect(kindOf(`id = ${'AKIA'}${'Q2'.repeat(8)}`)).toBe('tokens and passwords');
  expect(kindOf(`token ${'ghp_'}${random(36)}`)).toBe('tokens and passwords');
  expect(kindOf(`${'xoxb-'}${random(24)}`)).toBe('tokens and passwords');
  expect(kindOf(`${'glpat-'}${random(20)}`)).toBe('tokens and passwords');
  expect(kindOf(`key "rndc-key" { algorithm hmac-sha256; secret "${'a'.repeat(43)}="; };`)).toBe(
    'tokens and passwords',
  );
  expect(kindOf('AKIAIOSFODNN7EXAMPLE')).toBeUndefined(); // Amazon's own documentation
});

test('a keytab is told by its head, also of ktutil', () => {
  const entry = Buffer.from('0000003a0001000b4c41422e4558414d504c450004686f7374', 'hex');
  expect(kindOf(Buffer.concat([Buffer.from([5, 2]), entry]))).toBe('keytabs');
  expect(kindOf(Buffer.from([5, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]))).toBeUndefined();
});

test.each<[string, string, boolean]>([
  ['/srv/app/config.php', "define('DB_PASSWORD', 'x7-lab');", true],
  ['/srv/app/.env', 'DB_PASSWORD=x7-lab', true],
  ['/srv/app/settings.yml', '  api_token: "x7-lab"', true],
  ['/etc/redis/redis.conf', 'requirepass x7-lab', true],
  ['/etc/app.conf', 'url = postgres://app:x7-lab@db/lab', true],
  ['data/settings/samba-testparm.txt', 'ldap password = x7-lab', true],
  ['/etc/default/exporter', '# URL="postgresql://login:password@host/db"\n  // https://a:b12@c/', false],
  ['/srv/notes.txt', 'password = see the other page', false],
  ['/etc/nsswitch.conf', 'passwd:         files systemd\nshadow: files', false],
  ['/etc/ssh/sshd_config', 'PasswordAuthentication no\n#PermitEmptyPasswords no', false],
  ['/etc/samba/smb.conf', '  unix password sync = yes\n  passwd program = /usr/bin/passwd %u', false],
  ['/etc/pam.d/common-password', 'password\t[success=1 default=ignore]\tpam_unix.so obscure', false],
  ['/etc/php.ini', 'mysqli.default_password =\n; db.password = lab-x7', false],
  ['/etc/app.conf', 'password = ${DB_PASSWORD}\ntoken: <your token>\nsecret = /run/secrets/db', false],
  ['/etc/postgresql/postgresql.conf', 'password_encryption = scram-sha-256', false],
  ['/etc/ssl/openssl.cnf', '# input_password = secret\nchallengePassword\t\t= A challenge password', false],
])('%s: %s', (path, text, holds) => {
  expect(kindOf(text, path)).toBe(holds ? 'tokens and passwords' : undefined);
});

test('what a build tells debconf, and users in an SQLite database', () => {
  const answers =
    "RUN echo 'slapd slapd/root_password password x7-lab\\n\\\nslapd slapd/domain string lab' | debconf-set-selections";
  expect(kindOf(answers, 'data/rebuild/Dockerfile')).toBe('tokens and passwords');
  const database = (content: string) => Buffer.from(`SQLite format 3\0${'\0'.repeat(600)}${content}`);
  expect(kindOf(database(`ana$2y$08$${'a'.repeat(53)}`))).toBe('password hashes');
  expect(kindOf(database('ana, password = x7-lab'))).toBeUndefined();
});

test('what is only named, or no text, is none', () => {
  expect(
    kindOf('grep -l -e "-----BEGIN RSA PRIVATE KEY-----" *.pem\n-----BEGIN PRIVATE KEY-----\n...\n'),
  ).toBeUndefined();
  expect(kindOf('$1 $2 $6 ${6} $y {SSHA} {CRYPT} userPassword')).toBeUndefined();
  expect(kindOf(Buffer.concat([Buffer.alloc(20), Buffer.from('password = x7-lab')]), '/etc/app.conf')).toBeUndefined();
});
