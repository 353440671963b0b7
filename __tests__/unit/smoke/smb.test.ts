import { describe, expect, test } from '@jest/globals';
import { shareLines, smbLines, smbStatus } from '../../../src/smoke/smb-answer.ts';
import { isHarmlessOnHost, smbArguments, smbAuthFile } from '../../../src/smoke/smb-request.ts';
import type { SmbProbe } from '../../../src/smoke/smoke-test.ts';

const probe = (more: Partial<SmbProbe>): SmbProbe => ({ type: 'smb', name: 'x', ...more });

/* What smbclient 4.17 and 4.22 print; the lines that differ between runs and versions are not part of the answer. */
const LISTING = `  .                                   D        0  Mon Nov 23 01:48:43 2026
  ..                                  D        0  Mon Nov 23 01:48:43 2026
  data.txt                            N       12  Mon Nov 23 01:48:43 2026

\t\t264212084 blocks of size 1024. 80141756 blocks available
`;

describe('answers', () => {
  test('a listing keeps the files and their dates, not the free space, not when the folder was written', () => {
    expect(smbLines(LISTING)).toEqual([
      '  .                                   D        0',
      '  ..                                  D        0',
      '  data.txt                            N       12  Mon Nov 23 01:48:43 2026',
      '',
    ]);
  });

  test.each<[string, string, string[]]>([
    ['the content of a file stays', 'measured 42\n', ['measured 42', '']],
    [
      'timing of a transfer',
      'getting file \\x of size 12 as - (120000.0 KiloBytes/sec) (average inf KiloBytes/sec)',
      [],
    ],
    ['timing of an upload', 'putting file input as \\x.txt (5.9 kb/s) (average 5.9 kb/s)', []],
    ['a code with its wording', 'NT_STATUS_NO_SUCH_FILE listing \\x.txt', ['NT_STATUS_NO_SUCH_FILE']],
    ['wording of 4.17', 'tree connect failed: NT_STATUS_ACCESS_DENIED', ['NT_STATUS_ACCESS_DENIED']],
    ['SMB1', 'SMB1 disabled -- no workgroup available', []],
  ])('%s', (_, text, expected) => {
    expect(smbLines(text)).toEqual(expected);
  });

  test('shares are sorted, without IPC$ and chatter', () => {
    const stdout =
      'Disk|public|\nDisk|lab|Our lab\nIPC|IPC$|IPC Service (x)\nSMB1 disabled -- no workgroup available\n';
    expect(shareLines(stdout)).toEqual(['Disk|lab|Our lab', 'Disk|public|']);
  });

  test.each<[number, string, string]>([
    [0, 'NT_STATUS_X', 'ok'],
    [1, 'session setup failed: NT_STATUS_LOGON_FAILURE\n', 'NT_STATUS_LOGON_FAILURE'],
    [
      1,
      'do_connect: Connection to 10.0.0.1 failed (Error NT_STATUS_CONNECTION_REFUSED)',
      'NT_STATUS_CONNECTION_REFUSED',
    ],
    [127, '', 'exit 127'],
  ])('exit %i, %j is %s', (code, said, status) => {
    expect(smbStatus(code, said)).toBe(status);
  });
});

describe('requests', () => {
  test.each<[string, Partial<SmbProbe>, string[]]>([
    ['a list for anybody', {}, ['-L', '//1.2.3.4', '-N', '-g']],
    ['a list', { user: 'a', password: 'p' }, ['-L', '//1.2.3.4', '-A', 'auth', '-g']],
    ['a share', { share: 'lab', user: 'a', port: 4455 }, ['//1.2.3.4/lab', '-A', 'auth', '-p', '4455', '-c', 'ls']],
    ['commands', { share: 'lab', command: 'get a -' }, ['//1.2.3.4/lab', '-N', '-c', 'get a -']],
  ])('%s', (_, more, argv) => {
    expect(smbArguments(probe(more), '1.2.3.4')).toEqual(argv);
  });

  test('the password stands in the file only', () => {
    const lab = probe({ share: 'lab', user: 'LAB\\alice', password: 'p=w #1' });
    expect(smbAuthFile(lab)).toBe('username = alice\npassword = p=w #1\ndomain = LAB\n');
    expect(smbArguments(lab, 'h').join(' ')).not.toContain('p=w');
  });

  test.each<[boolean, string]>([
    [true, ''],
    [true, 'ls'],
    [true, 'cd sub; get "a b.txt" -; put input x.txt; rm x.txt'],
    [false, '!id'],
    [false, 'ls; !id'],
    [false, 'ls\n!id'],
    [false, 'get a /etc/cron.d/x'],
    [false, 'get a'],
    [false, 'get - x'],
    [false, 'put /etc/shadow x'],
    [false, 'put input2'],
    [false, 'lcd /; put input'],
    [false, 'more a'],
    [false, 'mget *'],
    [false, 'tar c /tmp/x.tar'],
    [false, 'history'],
  ])('harmless on this machine: %s for %j', (harmless, command) => {
    expect(isHarmlessOnHost(command)).toBe(harmless);
  });
});
