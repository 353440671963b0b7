import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parseAptHistory } from '../../../src/system/apt-history.ts';
import { buildDeb, controlFile, type DebMember } from '../../../src/system/build-deb.ts';
import { tempDir } from '../../support/temp-dir.ts';

const CONTROL = 'Package: lab\nVersion: 1.0\nArchitecture: all\nMaintainer: Ana <ana@lab.example>\nDescription: x\n';
const LONG = `/opt/${'long-name/'.repeat(12)}`;

function member(
  path: string,
  kind: DebMember['header']['kind'],
  content = '',
  more: Partial<DebMember['header']> = {},
) {
  const { header } = controlFile(path, Buffer.from(content));
  return { header: { ...header, kind, ...more }, content: Buffer.from(content) };
}

test('dpkg-deb reads what was packed: names, kinds, modes, links, times', () => {
  const deb = join(tempDir(), 'lab.deb');
  const data = [
    member('opt', 'directory', '', { mode: 0o755 }),
    member('opt/run', 'file', '#!/bin/sh\n', {
      mode: 0o4755,
      mtime: '1700000000.123456789',
      xattrs: { 'user.x': 'eA==' },
    }),
    member('opt/link', 'symlink', '', { linkTarget: '/opt/run', mode: 0o777 }),
    member('opt/again', 'hardlink', '', { linkTarget: 'opt/run', mode: 0o4755 }),
    member(LONG.slice(1, -1), 'directory', '', { mode: 0o755 }),
    member(`${LONG.slice(1)}grün`, 'file', 'deep\n'),
  ];
  writeFileSync(
    deb,
    buildDeb(
      [controlFile('control', Buffer.from(CONTROL)), controlFile('postinst', Buffer.from('#!/bin/sh\n'), 0o755)],
      data,
    ),
  );
  expect(execFileSync('dpkg-deb', ['--field', deb, 'Package', 'Version'], { encoding: 'utf8' })).toBe(
    'Package: lab\nVersion: 1.0\n',
  );
  const out = tempDir();
  execFileSync('dpkg-deb', ['--raw-extract', deb, join(out, 'x')]);
  const shown = execFileSync('find', [join(out, 'x'), '-mindepth', '1', '-printf', '%P %y%m %s %n %Ts %l\\n'], {
    encoding: 'utf8',
  });
  expect(shown).toContain('opt/run f4755 10 2 1700000000 ');
  expect(shown).toContain('opt/again f4755 10 2 1700000000');
  expect(shown).toMatch(/opt\/link l777 8 1 \d+ \/opt\/run/);
  expect(shown).toContain(`${LONG.slice(1)}grün f644 5`);
  expect(shown).toContain('DEBIAN/postinst f755');
});

test('apt history tells names from files', () => {
  const history = parseAptHistory(`
Start-Date: 2026-01-01  10:00:00
Commandline: apt-get install -y ./lab_1.0_all.deb
Install: lab:all (1.0), libx1:amd64 (2.0, automatic)
End-Date: 2026-01-01  10:00:01

Commandline: apt install /tmp/odd.deb
Install: other:amd64 (1.0)

Commandline: apt-get install samba
Install: samba:amd64 (2:4.13, automatic), libc6:amd64 (2.31)
Upgrade: tzdata:all (1, 2)
`);
  expect([...history.fromFiles]).toEqual(['lab', 'other']);
  expect([...history.fetched]).toEqual(['libx1', 'samba', 'libc6', 'tzdata']);
});
