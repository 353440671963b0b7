import { expect, test } from '@jest/globals';
import type { Mount } from '../../../src/engine/engine.ts';
import { linkFate } from '../../../src/plan/links-between-mounts.ts';

const mount = (destination: string, source: string): Mount => ({
  type: 'volume',
  source,
  destination,
  writable: true,
  anonymous: false,
});
const MOUNTS = [mount('/data', 'a'), mount('/data/in', 'n'), mount('/srv/twin', 'a'), mount('/b', 'b')];
const HAS = new Set(['/data/x', '/data/in/x']);

test.each([
  ['/data/y', '/data/x', 'link'],
  ['/etc/y', '/etc/x', 'link'],
  ['/database/y', '/etc/x', 'link'],
  ['/srv/twin/x', '/data/x', 'there'],
  ['/srv/twin/lost', '/data/x', 'copy'],
  ['/srv/twin/in/x', '/data/x', 'copy'],
  ['/b/x', '/data/x', 'copy'],
  ['/etc/x', '/data/x', 'copy'],
])('%s, a name of %s: %s', (path, target, fate) => {
  expect(linkFate(path, target, MOUNTS, name => HAS.has(name))).toBe(fate);
});
