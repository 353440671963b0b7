import { expect, test } from '@jest/globals';
import { compareAnswers } from '../../../src/smoke/compare-answers.ts';
import { findDrift, lineDrift, versionDrift } from '../../../src/smoke/version-drift.ts';

const os = (versionId: string, codename: string) => ({
  id: 'debian',
  idLike: [],
  versionId,
  codename,
  prettyName: `Debian GNU/Linux ${versionId} (${codename})`,
});
const drift = versionDrift(
  {
    os: os('11', 'bullseye'),
    packages: [
      { name: 'apache2', version: '2.4.56-1~deb11u2' },
      { name: 'openssh-server', version: '1:8.4p1-5+deb11u3' },
      { name: 'postgresql-13', version: '13.9-0+deb11u1' },
      { name: 'samba', version: '2:4.13.13+dfsg-1~deb11u6' },
      { name: 'same', version: '1.2-3' },
    ],
  },
  {
    os: os('13', 'trixie'),
    packages: [
      { name: 'apache2', version: '2.4.65-2' },
      { name: 'openssh-server', version: '1:10.0p1-7' },
      { name: 'postgresql-17', version: '17.6-0+deb13u1' },
      { name: 'samba', version: '2:4.22.6+dfsg-0+deb13u1' },
      { name: 'same', version: '1.2-3' },
    ],
  },
  new Map([['postgresql-13', ['postgresql-17']]]),
  [{ stem: 'php', old: '7.4', new: '8.4' }],
);
const answer = (...lines: string[]) => ({ name: 'x', status: 'ok', lines, took: 1 });

/** What real services say of themselves, then and now. */
test.each([
  ['server: Apache/2.4.56 (Debian)', 'server: Apache/2.4.65 (Debian)', ['apache2 2.4.56 -> 2.4.65']],
  [
    'SSH-2.0-OpenSSH_8.4p1 Debian-5+deb11u3',
    'SSH-2.0-OpenSSH_10.0p1 Debian-7',
    ['openssh-server 8.4p1 Debian-5+deb11u3 -> 10.0p1 Debian-7'],
  ],
  [
    'SSH-2.0-OpenSSH_8.4p1 Debian-5+deb11u3',
    'SSH-2.0-OpenSSH_10.0p2 Debian-7',
    ['openssh-server 8.4p1 Debian-5+deb11u3 -> 10.0p2 Debian-7'],
  ],
  ['SSH-2.0-OpenSSH_8.4p1', 'SSH-2.0-OpenSSH_10.0p1', ['openssh-server 8.4p1 -> 10.0p1']],
  [
    'PostgreSQL 13.9 (Debian 13.9-0+deb11u1)',
    'PostgreSQL 17.6 (Debian 17.6-0+deb13u1)',
    ['postgresql-13 13.9-0+deb11u1 -> 17.6-0+deb13u1', 'postgresql-13 13.9 -> 17.6'],
  ],
  ['Samba 4.13.13-Debian', 'Samba 4.22.6-Debian', ['samba 4.13.13 -> 4.22.6']],
  [
    'Debian GNU/Linux 11 (bullseye)',
    'Debian GNU/Linux 13 (trixie)',
    ['the release Debian GNU/Linux 11 (bullseye) -> Debian GNU/Linux 13 (trixie)'],
  ],
  // What a package of today has its server hide (nginx 1.26 of Debian 13: server_tokens off).
  ['server: Apache/2.4.56 (Debian)', 'server: Apache', ['apache2 2.4.56 -> it does not tell its version any more']],
  ['server: Apache/2.4.56', 'server: Apache', ['apache2 2.4.56 -> it does not tell its version any more']],
  ['server: Apache', 'server: Apache/2.4.65', undefined],
  ['server: Apache/2.4.56 PHP/7.4', 'server: Apache', undefined],
  ['server: Apache/2.4.56', 'server:', undefined],
  ['ini: /etc/php/7.4/fpm/php.ini', 'ini: /etc/php/8.4/fpm/php.ini', ['a version in a path']],
  // Other values than the packages' versions are answers of another service.
  ['measured 42', 'measured 43', undefined],
  ['server: Apache/2.4.56 (Debian)', 'server: Apache/2.4.66 (Debian) PHP', undefined],
  ['mean 13.91', 'mean 17.61', undefined],
  ['server: Apache/2.4.56', 'server: nginx/2.4.65', undefined],
])('%s | %s', (was, is, told) => {
  expect(findDrift(answer(was), answer(is), drift)).toEqual(told);
});

test('versions are shown as drift, and everything else still counts', () => {
  const golden = [answer('Apache/2.4.56', 'title: Lab')];
  expect(compareAnswers(golden, [answer('Apache/2.4.65', 'title: Lab')], drift)[0]).toMatchObject({
    verdict: 'drift',
    drift: ['apache2 2.4.56 -> 2.4.65'],
  });
  expect(compareAnswers(golden, [answer('Apache/2.4.65', 'title: It works')], drift)[0]!.verdict).toBe('differs');
  expect(compareAnswers(golden, [answer('Apache/2.4.65')], drift)[0]!.verdict).toBe('differs');
  expect(compareAnswers(golden, [answer('Apache/2.4.65', 'title: Lab')])[0]!.verdict).toBe('differs');
});

/* As Dovecot 2.3 and 2.4 greet. */
test.each([
  ['IMAP4rev1 SASL-IR IDLE AUTH=PLAIN', 'IMAP4rev1 IDLE SASL-IR AUTH=PLAIN', ['capabilities in another order']],
  ['IMAP4rev1 IDLE', 'IMAP4rev1 IDLE AUTH=OAUTHBEARER', ['capabilities that are new: AUTH=OAUTHBEARER']],
  ['IMAP4rev1 IDLE STARTTLS', 'IMAP4rev1 IDLE', undefined],
])('an IMAP server that offers %s and today %s', (then, today, told) => {
  const line = (list: string) => `* OK [CAPABILITY ${list}] ready`;
  expect(lineDrift(line(then), line(today), { pairs: [], substitutions: [] })).toEqual(told);
  expect(lineDrift(line(then), `${line(today)} to steal`, { pairs: [], substitutions: [] })).toBeUndefined();
});
