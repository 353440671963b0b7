import { expect, test } from '@jest/globals';
import { mountPolicy } from '../../../src/detect/detect.ts';
import type { Mount } from '../../../src/engine/engine.ts';

const mount = (type: Mount['type'], source: string, destination: string, writable = true): Mount => ({
  type,
  source,
  destination,
  writable,
  anonymous: false,
});

test.each([
  ['a volume', mount('volume', 'v', '/data'), true],
  ['a folder of the host', mount('bind', '/srv/lab/data', '/data'), true],
  ['a read-only configuration', mount('bind', '/srv/lab/site.conf', '/etc/nginx/conf.d/site.conf', false), true],
  ['pages of a web server', mount('bind', '/home/ana/html', '/usr/share/nginx/html', false), true],
  ['own certificates', mount('bind', '/srv/lab/tls', '/etc/ssl/certs', false), true],
  ['what somebody put into /usr/local', mount('bind', '/usr/local/share/lab', '/lab', false), true],
  ["the host's modules", mount('bind', '/lib/modules', '/lib/modules', false), false],
  ["the host's clock", mount('bind', '/etc/localtime', '/etc/localtime', false), false],
  ["the host's certificates", mount('bind', '/etc/ssl/certs', '/etc/ssl/certs', false), false],
  ["the host's programs", mount('bind', '/usr/share/zoneinfo', '/zones', false), false],
  ["the engine's socket", mount('bind', '/srv/engine.sock', '/engine.sock', false), false],
  ['a device', mount('bind', '/dev/snd', '/dev/snd'), false],
  ['memory', mount('tmpfs', '', '/scratch'), false],
])('%s', (_, each, kept) => {
  expect(mountPolicy([each])[0]?.kept).toBe(kept);
});

test.each([
  ['/data', 'volumes hold data'],
  ['/run/mysqld', 'a volume below /run: runtime state is left, but for what perennial.yml includes'],
  ['/running', 'volumes hold data'],
])('a volume at %s: %s', (destination, why) => {
  expect(mountPolicy([mount('volume', 'v', destination)])).toEqual([{ destination, kept: true, why }]);
});
