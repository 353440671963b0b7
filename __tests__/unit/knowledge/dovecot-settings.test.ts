import { spawnSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { readServices } from '../../../src/knowledge/read-services.ts';

const dovecot = (await readServices()).find(each => each.id === 'dovecot')!;
const program = /<<'END_OF_PROGRAM'\n(.*)END_OF_PROGRAM/s.exec(dovecot.exports[0]!.load)![1]!;

/** What the entry makes of settings as `doveconf -nP` of 2.3 prints them; the two required versions are cut off. */
function convert(settings: string): { text: string; left: string[] } {
  const { stdout, stderr } = spawnSync('perl', ['-e', program], { input: settings, encoding: 'utf8' });
  const body = stdout.slice(stdout.indexOf('dovecot_storage_version'));
  return {
    text: body.slice(body.indexOf('\n\n') + 2).replace('protocols = imap pop3 lmtp\n', ''),
    left: stderr.split('\n').filter(Boolean),
  };
}

test.each([
  ['disable_plaintext_auth = no', 'auth_allow_cleartext = yes'],
  ['auth_username_format = %Ln', 'auth_username_format = %{user | username | lower}'],
  ['mail_plugins = " quota zlib"', 'mail_plugins = quota mail_compress'],
  ['ssl_cert = </etc/dovecot/private/lab.pem', 'ssl_server_cert_file = /etc/dovecot/private/lab.pem'],
  ['pop3_uidl_format = %08Xu%08Xv', 'pop3_uidl_format = %{uid | hex(8)}%{uidvalidity | hex(8)}'],
  [
    'mail_location = maildir:/var/vmail/%d/%n:INDEX=/index/%u:LAYOUT=fs',
    'mail_driver = maildir\nmail_path = /var/vmail/%{user | domain}/%{user | username}\nmail_index_path = /index/%{user}\nmailbox_list_layout = fs',
  ],
  [
    'passdb {\n args = scheme=CRYPT username_format=%u /etc/dovecot/users\n driver = passwd-file\n}',
    'passdb passwd-file {\n  passdb_default_password_scheme = CRYPT\n  auth_username_format = %{user}\n  passwd_file_path = /etc/dovecot/users\n}',
  ],
  [
    'userdb {\n args = uid=vmail home=/var/vmail/%n\n driver = static\n}',
    'userdb static {\n  fields {\n    uid = vmail\n    home = /var/vmail/%{user | username}\n  }\n}',
  ],
  [
    'service lmtp {\n inet_listener lmtp {\n address = 0.0.0.0\n port = 24\n }\n service_count = 0\n}',
    'service lmtp {\n  inet_listener lmtp {\n    listen = 0.0.0.0\n    port = 24\n  }\n  restart_request_count = unlimited\n}',
  ],
  [
    'plugin {\n quota = maildir:User quota\n quota_rule = *:storage=50M\n sieve = file:~/sieve;active=~/.s.sieve\n}',
    'sieve_script personal {\n  path = ~/sieve\n  active_path = ~/.s.sieve\n  driver = file\n}\nquota "User quota" {\n  driver = maildir\n  quota_storage_size = 50M\n}',
  ],
  [
    'namespace {\n location = maildir:/mail/%%u:INDEX=~/s/%%u\n prefix = shared/%%u/\n type = shared\n}',
    'namespace shared {\n  mail_driver = maildir\n  mail_path = /mail/%{owner_user}\n  mail_index_path = ~/s/%{owner_user}\n  prefix = shared/$user/\n  type = shared\n}',
  ],
])('Dovecot 2.3 -> 2.4: %s', (old, today) => {
  expect(convert(`${old}\n`)).toEqual({ text: `${today}\n`, left: [] });
});

test('two databases with the same driver get names of their own', () => {
  const two = 'passdb {\n driver = pam\n}\npassdb {\n driver = pam\n args = dovecot\n}\n';
  expect(convert(two).text).toContain('passdb pam2 {\n  driver = pam\n  passdb_pam_service_name = dovecot\n}');
});

test('a quota of one mailbox goes to the mailbox', () => {
  const settings =
    'namespace inbox {\n inbox = yes\n mailbox Trash {\n auto = no\n }\n}\nplugin {\n quota_rule2 = Trash:storage=+10M\n}\n';
  expect(convert(settings).text).toContain('mailbox Trash {\n    auto = no\n    quota_storage_extra = 10M\n  }');
});

test('what has no words in 2.4 is said', () => {
  const { text, left } = convert('plugin {\n fts_solr = url=http://x/\n}\nmail_plugins = " expire quota"\n');
  expect(text).toBe('mail_plugins = quota\n');
  expect(left).toEqual([
    'perennial-warning: Dovecot: not converted: fts_solr = url=http://x/',
    'perennial-warning: Dovecot: not converted: the plugin expire is gone',
  ]);
});
