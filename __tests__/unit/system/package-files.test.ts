import { describe, expect, test } from '@jest/globals';
import { canonicalPaths, linkResolver, resolve } from '../../../src/system/package-files.ts';

const links = new Map([
  ['/bin', 'usr/bin'],
  ['/lib64', '/usr/lib64'],
  ['/usr/lib64', 'lib'],
  ['/var/run', '/run'],
  ['/etc/alternatives/pager', '/usr/bin/less'],
  ['/usr/bin/pager', '/etc/alternatives/pager'],
  ['/usr/bin/nothing', 'nowhere'],
  ['/loop/a', 'b'],
  ['/loop/b', 'a'],
  ['/self', '/self'],
  ['/srv/up', '../../../../etc'],
  ['/srv/root', '/'],
  ['/srv/here', '.'],
]);

describe('canonicalPaths', () => {
  const canonical = canonicalPaths(links);
  test.each([
    ['/usr/bin/x', '/usr/bin/x'],
    ['/bin/x', '/usr/bin/x'],
    ['/bin', '/bin'],
    ['/lib64/x/y', '/usr/lib/x/y'],
    ['/var/run/samba/x', '/run/samba/x'],
    ['/usr/bin/pager', '/usr/bin/pager'],
    ['/srv/up/passwd', '/etc/passwd'],
    ['/srv/root/etc/x', '/etc/x'],
    ['/srv/here/x', '/srv/x'],
    ['/x', '/x'],
  ])('%s -> %s', (path, expected) => {
    expect(canonical(path)).toBe(expected);
  });

  test.each(['/loop/a/x', '/self/x/y'])('%s ends, although the links go round', path => {
    expect(canonical(path)).toMatch(/x/);
  });
});

test.each([
  ['/a/b', 'c', '/a/c'],
  ['/a/b', '/c', '/c'],
  ['/a/b', '../../../c', '/c'],
  ['/a/b', './c/./d//e', '/a/c/d/e'],
  ['/a', '..', ''],
  ['/a', '/', ''],
])('resolve(%s, %s) is %j', (link, target, expected) => {
  expect(resolve(link, target)).toBe(expected);
});

describe('linkResolver', () => {
  const there = new Set(['/usr/bin/less', '/usr/bin', '/etc', '/etc/passwd', ...links.keys()]);
  const resolves = linkResolver(links, path => there.has(path));
  test.each([
    ['/usr/bin/pager', '/etc/alternatives/pager', true],
    ['/usr/bin/nothing', 'nowhere', false],
    ['/srv/x', '../bin/less', true],
    ['/srv/x', '/srv/up/passwd', true],
    ['/srv/x', '/dev/null', true],
    ['/srv/x', '/proc/self/mounts', true],
    ['/srv/x', '/', true],
    ['/loop/a', 'b', false],
    ['/srv/x', '/usr/bin/more', false],
  ])('%s -> %s: %s', (link, target, expected) => {
    expect(resolves(link, target)).toBe(expected);
  });
});
