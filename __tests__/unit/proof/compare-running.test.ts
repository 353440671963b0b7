import { expect, test } from '@jest/globals';
import { compareRunning, type Running } from '../../../src/proof/compare-running.ts';
import { findingText } from '../../../src/proof/finding.ts';
import { isLocalOnly } from '../../../src/proof/moved-ports.ts';

const process = (program: string, user: string, from: string) => ({
  pid: 1,
  program,
  user,
  package: from,
  argv: [program],
  parent: 0,
});
const socket = (port: number, program: string, protocol: 'tcp' | 'udp' = 'tcp') => ({
  protocol,
  address: '*',
  port,
  program,
});

const FPM = '/usr/sbin/php-fpm7.4';
const old: Running = {
  processes: [
    process(FPM, 'root', 'php7.4-fpm'),
    process(FPM, 'www-data', 'php7.4-fpm'),
    process('/usr/sbin/ntpd', 'ntp', 'ntp'),
    process('/usr/bin/sleep', 'root', 'coreutils'),
  ],
  sockets: [socket(80, FPM), socket(123, '/usr/sbin/ntpd', 'udp'), socket(40000, FPM)],
};
const names = {
  mapPath: (path: string) => path.replace('7.4', '8.4'),
  followLink: (path: string) => (path === '/usr/sbin/squid' ? '/usr/sbin/squid-gnutls' : path),
  successors: (name: string) => (name === 'ntp' ? ['ntpsec'] : [name.replace('7.4', '8.4')]),
  isBasic: (name: string) => name === 'coreutils',
};
const NEW_FPM = '/usr/sbin/php-fpm8.4';
const good: Running = {
  processes: [
    process(NEW_FPM, 'root', 'php8.4-fpm'),
    process(NEW_FPM, 'www-data', 'php8.4-fpm'),
    process('/usr/sbin/ntpsecd', 'ntpsec', 'ntpsec'),
  ],
  sockets: [socket(80, NEW_FPM), socket(123, '/usr/sbin/ntpsecd', 'udp')],
};
const said = (now: Running) =>
  compareRunning(old, now, names).findings.map(each => `${each.verdict}: ${findingText(each)}`);

test('the same programs under the names of today, of a successor as somebody else', () => {
  expect(said(good)).toEqual(['explained: process ntpd: user is ntpsec, was ntp']);
  expect(compareRunning(old, good, names).compared).toEqual({ port: 2, process: 2 });
});

test('a stopped daemon is named, with its port', () => {
  const stopped = { processes: good.processes.slice(2), sockets: good.sockets.slice(1) };
  expect(said(stopped)).toEqual([
    'differs: tcp port 80 is missing (was: php-fpm7.4)',
    'differs: process php-fpm7.4 is missing (was: as root, www-data)',
    'explained: process ntpd: user is ntpsec, was ntp',
  ]);
});

test('another program behind a port, and a daemon that runs as somebody else', () => {
  const other = '/usr/sbin/other';
  const taken = {
    processes: [process(NEW_FPM, 'ana', 'php7.4-fpm'), process(other, 'root', 'other'), ...good.processes.slice(2)],
    sockets: [socket(80, other), good.sockets[1]!],
  };
  expect(said(taken)).toEqual([
    'differs: tcp port 80: program is other, was php-fpm7.4',
    'differs: process php-fpm7.4: user is ana, was root, www-data',
    'explained: process ntpd: user is ntpsec, was ntp',
  ]);
});

test('where nobody can tell who listens, the port alone counts, and it is said', () => {
  const unknown = { ...good, sockets: [socket(80, ''), socket(123, '', 'udp')], unknown: 'no helper' };
  expect(said(unknown).filter(each => each.includes('port'))).toEqual([
    'explained: tcp port 80: program is unknown, was php-fpm7.4',
    'explained: udp port 123: program is unknown, was ntpd',
  ]);
  const [first] = compareRunning(old, unknown, names).findings;
  expect(first!.why).toBe('which program listens now cannot be told: no helper');
  const then = { ...old, sockets: [socket(80, '')] };
  expect(compareRunning(then, good, names).findings[0]!.why).toBe('the archive does not tell which program listened');
});

test('a program that is a link today is what the link leads to', () => {
  const squid = (program: string): Running => ({
    processes: [process(program, 'proxy', 'squid')],
    sockets: [socket(3128, program)],
  });
  const compared = (now: string) => compareRunning(squid('/usr/sbin/squid'), squid(now), names).findings.length;
  expect([compared('/usr/sbin/squid-gnutls'), compared('/usr/sbin/squid-other')]).toEqual([0, 2]);
});

test('what a daemon starts when somebody asks need not run; what a shell started does', () => {
  const dovecot = (program: string, pid: number, parent: number, from = 'dovecot-core') => ({
    ...process(program, 'root', from),
    pid,
    parent,
  });
  const asked = {
    processes: [
      dovecot('/usr/sbin/dovecot', 2, 1),
      dovecot('/usr/lib/dovecot/imap-login', 3, 2),
      dovecot('/usr/bin/dash', 4, 0, 'coreutils'),
      dovecot('/usr/sbin/cron', 5, 4, 'cron'),
    ],
    sockets: [],
  };
  const found = compareRunning(asked, { processes: [], sockets: [] }, names).findings.map(findingText);
  expect(found).toEqual(['process dovecot is missing (was: as root)', 'process cron is missing (was: as root)']);
});

test('another daemon of the same package is another daemon', () => {
  const samba = {
    processes: [process('/usr/sbin/smbd', 'root', 'samba'), process('/usr/sbin/nmbd', 'root', 'samba')],
    sockets: [],
  };
  const half = { ...samba, processes: samba.processes.slice(0, 1) };
  expect(compareRunning(samba, half, names).findings.map(findingText)).toEqual([
    'process nmbd is missing (was: as root)',
  ]);
});

/* As pdns_server of bullseye and of trixie had them, restored. */
test('UDP ports that a program picks anew at each start are not missed; those that it listens on are', () => {
  const PDNS = '/usr/sbin/pdns_server';
  const udp = (...ports: number[]) => ports.map(port => socket(port, PDNS, 'udp'));
  const then = { processes: [process(PDNS, 'pdns', 'pdns-server')], sockets: udp(53, 12089, 13372) };
  const missing = (...ports: number[]) =>
    compareRunning(then, { ...then, sockets: udp(...ports) }, names).findings.map(each => each.subject);
  expect(missing(53, 21004, 31777)).toEqual([]);
  expect(missing(53, 21004)).toEqual(['udp port 12089', 'udp port 13372']);
  expect(missing(12089, 13372, 5353)).toEqual(['udp port 53']);
  expect(missing(21004, 31777, 9999)).toEqual(['udp port 53', 'udp port 12089', 'udp port 13372']);
});

test('a control port that is a UNIX socket today is told as drift; one that is only gone differs', () => {
  const control = { ...socket(8953, FPM), address: '127.0.0.1' };
  const then = { ...old, sockets: [...old.sockets, control] };
  const moved = new Map([['tcp 8953', { socket: '/run/x.ctl', file: '/etc/x/remote.conf' }]]);
  const [finding] = compareRunning(then, good, names, moved).findings;
  expect([finding!.verdict, findingText(finding!), finding!.why]).toEqual([
    'explained',
    'tcp port 8953: place is the UNIX socket /run/x.ctl, was port 8953',
    "drift: today's package has it so (/etc/x/remote.conf, as shipped), and no file of the owner's names the port",
  ]);
  expect(compareRunning(then, good, names).findings[0]!.verdict).toBe('differs');
});

test('only a port that nobody but the own machine could reach can have become a socket', () => {
  const at = (address: string, program = FPM) => ({ ...socket(8953, program), address });
  expect(isLocalOnly(at('127.0.0.1'), [at('127.0.0.1'), at('::1')])).toBe(true);
  expect(isLocalOnly(at('127.0.0.1'), [at('127.0.0.1'), at('10.0.0.1')])).toBe(false);
  expect(isLocalOnly(at('*'), [at('*')])).toBe(false);
  expect(isLocalOnly(at('127.0.0.1', ''), [at('127.0.0.1', '')])).toBe(false);
});
