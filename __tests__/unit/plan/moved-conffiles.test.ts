import { describe, expect, test } from '@jest/globals';
import { movesSince, parseMovedConffiles } from '../../../src/plan/moved-conffiles.ts';

const CALL = 'dpkg-maintscript-helper mv_conffile';
const versions = (packages: Record<string, string>) => (name: string) => packages[name];

describe('configuration files that packages move', () => {
  test('are read as their scripts say', () => {
    const lines = [
      `mumble-server\t${CALL} /etc/mumble-server.ini /etc/mumble/mumble-server.ini 1.5.517-1\\~ -- "$@"`,
      `lab\t  ${CALL} "/etc/a" "/etc/b" '' other:amd64 -- "$@"`,
      `lab\t${CALL} /etc/c /etc/d -- "$@"`,
    ];
    expect(parseMovedConffiles(lines.join('\n'))).toEqual([
      {
        package: 'mumble-server',
        from: '/etc/mumble-server.ini',
        to: '/etc/mumble/mumble-server.ini',
        upTo: '1.5.517-1~',
      },
      { package: 'other', from: '/etc/a', to: '/etc/b' },
      { package: 'lab', from: '/etc/c', to: '/etc/d' },
    ]);
  });

  test.each([
    `lab\tdpkg-maintscript-helper rm_conffile /etc/a 1 -- "$@"`,
    `lab\t${CALL} $OLD /etc/b 1 -- "$@"`,
    `lab\t${CALL} /etc/a /usr/share/b 1 -- "$@"`,
    `lab\t${CALL} /etc/../root/a /etc/b 1 -- "$@"`,
    `lab\t${CALL} /etc/a`,
    '',
  ])('%s is none', line => {
    expect(parseMovedConffiles(line)).toEqual([]);
  });

  test('are due where the old package was not newer', () => {
    const moved = [
      { package: 'a', from: '/etc/a', to: '/etc/a2', upTo: '2-1~' },
      { package: 'a', from: '/etc/a2', to: '/etc/a3', upTo: '3' },
      { package: 'b', from: '/etc/b', to: '/etc/b2' },
      { package: 'c', from: '/etc/c', to: '/etc/c2' },
    ];
    expect([...movesSince(moved, versions({ a: '1', c: '1' }))]).toEqual([
      ['/etc/a', '/etc/a3'],
      ['/etc/a2', '/etc/a3'],
      ['/etc/c', '/etc/c2'],
    ]);
    expect([...movesSince(moved, versions({ a: '2.5' }))]).toEqual([['/etc/a2', '/etc/a3']]);
  });
});
