import { describe, expect, test } from '@jest/globals';
import type { PlacedConfiguration } from '../../../src/restore/configuration.ts';
import { mergedSuspects, whyNot } from '../../../src/restore/merged-suspects.ts';

const file = (path: string, content: string, edited: string) =>
  ({ path, content: Buffer.from(content), edited: Buffer.from(edited) }) as PlacedConfiguration;

const PLACED = [
  file('/etc/nginx/nginx.conf', 'a\nb', 'a'),
  file('/etc/memcached.conf', '-l 127.0.0.1\n-l ::1', '-l 127.0.0.1'),
  file('/etc/memcached/whole', 'same', 'same'),
  file('/etc/tool.conf', 'x', 'y'),
];
const missed = (program: string) => ({ program, protocol: 'udp' as const, port: 3479 });
const suspects = (said: string, ...programs: string[]) =>
  mergedSuspects(PLACED, { said, missing: programs.map(missed) }).map(each => each.path);

describe('a service that does not start with files that defaults were merged into', () => {
  test('names the file, or the file is called after its program; named ones come first', () => {
    expect(suspects('cannot bind', '/usr/bin/memcached')).toEqual(['/etc/memcached.conf']);
    expect(suspects('error in /etc/tool.conf:3', '/usr/sbin/nginx')).toEqual([
      '/etc/tool.conf',
      '/etc/nginx/nginx.conf',
    ]);
  });

  test('a file that is the owner’s as it was is not to blame, nor is that of another program', () => {
    expect(suspects('nothing', '/usr/bin/whole')).toEqual([]);
    expect(suspects('nothing', '/usr/bin/cached', '')).toEqual([]);
    expect(suspects('', '/usr/sbin/mem')).toEqual([]);
  });
});

describe('why it did not start', () => {
  test('names the ports, once, and not what the program prints at every start', () => {
    const missing = [missed('/usr/bin/turnserver'), missed('/usr/bin/turnserver')];
    expect(whyNot({ said: '0: : log file opened', missing })).toBe('nobody listened on udp port 3479');
    const said = '==> /var/log/turnserver.log <==\n1: ERROR: Cannot bind to 3479\n2: : Bye';
    expect(whyNot({ said, missing })).toBe(
      'nobody listened on udp port 3479; /var/log/turnserver.log says: 1: ERROR: Cannot bind to 3479',
    );
  });

  test('without ports it is the end of what was said', () => {
    expect(whyNot({ said: 'a\nb\nc\n', missing: [] })).toMatch(/^b.*c$/s);
  });
});
