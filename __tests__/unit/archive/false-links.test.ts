import { expect, test } from '@jest/globals';
import { falseLinks } from '../../../src/archive/false-links.ts';
import type { Mount } from '../../../src/engine/engine.ts';

const links: Record<string, number> = {
  '/srv/one': 1,
  '/srv/other': 1,
  '/srv/a': 2,
  '/srv/b': 2,
  '/data/x': 1,
  '/mirror/x': 1,
};
const before = { get: (path: string) => (path in links ? { links: links[path] } : undefined) };
const mount = (destination: string): Mount => ({
  ...{ type: 'volume', source: 'lab', destination, writable: true, anonymous: false },
});
const found = (...pairs: [string, string][]) => falseLinks(pairs, before as never, [mount('/data'), mount('/mirror')]);

test('files that had one name each are not one file', () => {
  expect(found(['/srv/other', '/srv/one'])).toEqual(['/srv/other']);
  expect(found(['/srv/b', '/srv/one'], ['/srv/other', '/srv/a'])).toEqual(['/srv/b', '/srv/other']);
});

test('files that had more names may be, and a volume at two places shows one file twice', () => {
  expect(found(['/srv/b', '/srv/a'], ['/mirror/x', '/data/x'])).toEqual([]);
});
