import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { type Decided, Decisions } from '../../../src/detect/decisions.ts';
import { PathTable } from '../../../src/detect/path-table.ts';
import { findReferenced, namedPaths } from '../../../src/detect/referenced.ts';
import { type WalkEntry, walk } from '../../../src/detect/walk.ts';
import { directoryTarget } from '../../../src/system/target.ts';
import { tempDir } from '../../support/temp-dir.ts';

test.each([
  ['include "/etc/bind/zones.rfc1918";', ['/etc/bind/zones.rfc1918']],
  ['a /etc/x/y, /etc/z.', ['/etc/x/y', '/etc/z']],
  ['# see /etc/init.d/x\n  // include "/etc/y";\n;/etc/z\nkey /etc/a # b', ['/etc/a']],
  ['#includedir /etc/sudoers.d\n#include /etc/sudoers.local', ['/etc/sudoers.d', '/etc/sudoers.local']],
  ['/srv/etc x /etcetera/x /etc/', []],
])('paths that stand in %j', (text, paths) =>
  expect(namedPaths(text).filter(path => path !== '/srv/etc')).toEqual(paths),
);

test('a shipped file that a kept one names is kept, and what that one names; nothing else', async () => {
  const root = tempDir();
  const files: Record<string, string> = {
    '/etc/bind/named.conf.local': 'include "/etc/bind/zones"; include "/etc/bind/unowned"; include "/etc/none";',
    '/etc/bind/zones': 'file "/etc/bind/db.empty"',
    '/etc/bind/db.empty': '$TTL',
    '/etc/bind/db.other': '$TTL',
    '/etc/bind/unowned': 'x',
    '/usr/share/doc/x': '/etc/bind/db.other',
  };
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  const target = directoryTarget(root);
  const entries = new Map<string, WalkEntry>();
  await walk(target, [], entry => entries.set(entry.path, entry));
  const shipped = ['/etc/bind/named.conf.local', '/etc/bind/zones', '/etc/bind/db.empty', '/etc/bind/db.other'];
  const packages = new Map(shipped.map(path => [path, { package: 'bind9', conffile: true, unpacked: '' }]));
  const kept = ['/etc/bind/named.conf.local', '/usr/share/doc/x'].map(
    (path): Decided => ({
      entry: entries.get(path)!,
      disposition: 'keep',
      rule: 'x',
      why: 'x',
      origin: 'operation',
      seenBy: [],
    }),
  );
  const decisions = new Decisions(new PathTable());
  for (const each of kept) decisions.set(each);
  const found = await findReferenced(target, entries, packages, decisions);
  expect(found.map(each => each.entry.path)).toEqual(['/etc/bind/zones', '/etc/bind/db.empty']);
  expect(found[0]).toMatchObject({ disposition: 'keep', rule: 'package/referenced', package: 'bind9' });
});
