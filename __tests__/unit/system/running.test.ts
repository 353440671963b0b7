import { expect, test } from '@jest/globals';
import { parseRunning, readRunning } from '../../../src/system/running.ts';
import type { Target } from '../../../src/system/target.ts';

/* As the script prints it in a container with Samba: tables of proc_net_tcp(5), IPv6 in words of host order. */
const SAID = [
  'P\t1\t0\t/usr/bin/sleep\tsleep\x1finfinity\x1f\t',
  'P\t40\t0\t/usr/sbin/smbd (deleted)\tsmbd\x1f-D\x1f\t101 102 \tS 1 40 40 0',
  'P\t41\t33\t/usr/sbin/nmbd\tnmbd\x1f\x1f-D\x1f\t103 ',
  'P\t50\t0\t/usr/bin/dash\tsh\x1f-c\x1f for d in /proc/[0-9]*; do\x1f\t',
  'N\ttcp\t  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
  'N\ttcp\t   0: 00000000:01BD 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 101 1 0000 100 0 0 10 0',
  'N\ttcp\t   1: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 999 1 0000 100 0 0 10 0',
  'N\ttcp\t   2: 0200007F:01BD 0300007F:C000 01 00000000:00000000 00:00000000 00000000     0        0 104 1 0000 100 0 0 10 0',
  'N\ttcp6\t   0: 00000000000000000000000000000000:01BD 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 102 1 0000 100 0 0 10 0',
  'N\ttcp6\t   1: B80D0120000000000000000001000000:0050 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 102 1 0000 100 0 0 10 0',
  'N\tudp\t   0: 00000000:0089 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 103 2 0000 0',
  'N\tudp\t   1: 0100007F:8000 0100007F:0035 01 00000000:00000000 00:00000000 00000000     0        0 105 2 0000 0',
  '',
].join('\n');

const { processes, sockets } = parseRunning(
  SAID,
  uid => ({ 0: 'root', 33: 'www-data' })[uid] ?? String(uid),
  path => (path.includes('mbd') ? 'samba' : ''),
);

test('processes, without the shell that asks', () => {
  expect(processes).toEqual([
    { pid: 1, user: 'root', program: '/usr/bin/sleep', argv: ['sleep', 'infinity'], package: '' },
    { pid: 40, user: 'root', program: '/usr/sbin/smbd', argv: ['smbd', '-D'], package: 'samba', parent: 1 },
    { pid: 41, user: 'www-data', program: '/usr/sbin/nmbd', argv: ['nmbd', '-D'], package: 'samba' },
  ]);
});

test('listening sockets, each once, with who listens', () => {
  expect(sockets).toEqual([
    { protocol: 'tcp', address: '2001:db8::1', port: 80, program: '/usr/sbin/smbd' },
    { protocol: 'udp', address: '*', port: 137, program: '/usr/sbin/nmbd' },
    { protocol: 'tcp', address: '*', port: 445, program: '/usr/sbin/smbd' },
    { protocol: 'tcp', address: '127.0.0.1', port: 8080, program: '' },
  ]);
});

test('nothing', () => {
  expect(parseRunning('', String, () => '')).toEqual({ processes: [], sockets: [], unixSockets: [] });
});

test('a daemon that gave up root is looked at from beside; what it opened is not its child’s', async () => {
  const table = SAID.split('\n').filter(line => line.startsWith('N\ttcp\t'));
  const inside = [
    'P\t70\t0\tdovecot/login\tdovecot/login\x1f\t\tS 60 60',
    'P\t60\t0\t/usr/sbin/dovecot\tdovecot\x1f\t\tS 1 60',
    ...table,
  ];
  const beside = [
    'P\t60\t0\t/usr/sbin/dovecot\tdovecot\x1f\t101 999 \tS 1 60',
    'P\t70\t0\t/usr/lib/dovecot/login\tdovecot/login\x1f\t101 999 \tS 60 60',
    'P\t80\t0\t/usr/bin/dash\tsh\x1f-c\x1f for d in /proc/[0-9]*; do\x1f\t',
  ];
  const answer = (lines: string[], code = 0, stderr = '') =>
    Promise.resolve({ code, stdout: Buffer.from(lines.join('\n')), stderr });
  const target = { exec: () => answer(inside), execBeside: () => answer(beside) } as unknown as Target;
  const found = await readRunning(target, String, path => path);
  expect(found.unknown).toBeUndefined();
  expect(found.processes.map(each => each.program)).toEqual(['/usr/lib/dovecot/login', '/usr/sbin/dovecot']);
  expect(found.sockets.map(each => each.program)).toEqual(['/usr/sbin/dovecot', '/usr/sbin/dovecot']);
  const refused = { ...target, execBeside: () => answer([], 125, 'docker: no\nno such image\n') };
  const poor = await readRunning(refused, String, () => '');
  expect([poor.unknown, poor.sockets.map(each => each.program)]).toEqual(['no such image', ['', '']]);
  expect(await readRunning(refused, String, () => '', false)).not.toHaveProperty('unknown');
});

test('UNIX sockets that somebody listens on, by their paths (proc_net_unix(5), of a container with Unbound)', () => {
  const { unixSockets } = parseRunning(
    [
      'P\t31\t101\t/usr/sbin/unbound\t/usr/sbin/unbound\t9001429 9001436 \tS 1 31',
      'U\tNum       RefCount Protocol Flags    Type St Inode Path',
      'U\t00000000bba44f38: 00000003 00000000 00000000 0001 03 9001437',
      'U\t0000000014436df4: 00000002 00000000 00010000 0001 01 9001429 /run/unbound.ctl',
      'U\t0000000014436df5: 00000002 00000000 00010000 0001 01 9001436 @hidden',
      'U\t0000000014436df6: 00000003 00000000 00000000 0001 03 9001430 /run/connected',
      'U\t0000000014436df7: 00000002 00000000 00010000 0001 01 77 /run/of nobody',
    ].join('\n'),
    String,
    () => '',
  );
  expect(unixSockets).toEqual([
    { path: '/run/unbound.ctl', program: '/usr/sbin/unbound' },
    { path: '/run/of nobody', program: '' },
  ]);
});
