import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { PathKind } from '../../../src/bag/index-entry.ts';
import { ANY_END } from '../../../src/classify/rule.ts';
import { readRules } from '../../../src/knowledge/read-rules.ts';
import { tempDir } from '../../support/temp-dir.ts';

const rules = await readRules();

/** An example is a path of any kind that the rule takes, or `link -> target`. */
function example(text: string): { path: string; kinds: PathKind[]; target: string } {
  const [path, target] = text.split(' -> ') as [string, string?];
  return { path, kinds: target === undefined ? ['file', 'directory', 'symlink'] : ['symlink'], target: target ?? 'x' };
}

describe.each(rules.map(rule => [rule.id, rule] as const))('%s', (_, rule) => {
  test.each(rule.examples.matches)('matches %s', text => {
    const { path, kinds, target } = example(text);
    const taken = kinds.filter(kind => rule.kinds.length === 0 || rule.kinds.includes(kind));
    expect(taken.length).toBeGreaterThan(0);
    for (const kind of taken) expect(rule.test(path, kind, target)).toBe(true);
  });

  test.each(rule.examples.not)('does not match %s', text => {
    const { path, kinds, target } = example(text);
    for (const kind of kinds) expect(rule.test(path, kind, target)).toBe(false);
  });

  test('is within what it says it may match', () => {
    for (const text of rule.examples.matches) {
      const { path, kinds, target } = example(text);
      const prefixes = [...path].map((_, n) => path.slice(0, n));
      for (const kind of kinds.filter(each => rule.test(path, each, target)))
        for (const last of [path.charCodeAt(path.length - 1), ANY_END])
          expect(prefixes.filter(prefix => !rule.mayMatch(prefix, kind, last))).toEqual([]);
    }
  });
});

test('ids are unique, and of the room and the entry', () => {
  const ids = rules.map(rule => rule.id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^[a-z0-9-]+\/[a-z0-9-]+$/);
});

describe('what no rule may take', () => {
  const ours = [
    '/etc/samba/smb.conf',
    '/home/ana/.bashrc',
    '/srv/data',
    '/var/lib/samba/private/passdb.tdb',
    '/usr/local/bin/x',
  ];
  test.each([
    ...ours,
    '/root/.ssh/authorized_keys',
    '/var/spool/cron/crontabs/root',
    '/var/www/html/index.html',
    '/opt/app/.cache',
  ])('%s', path => {
    for (const kind of ['file', 'directory'] as const)
      expect(rules.filter(rule => rule.test(path, kind)).map(rule => rule.id)).toEqual([]);
  });
});

test.each<[string, string, RegExp]>([
  ['an unknown key', 'pats: [/x]', /rules\/x\.yml: 0\.(pats|paths)/],
  ['a glob that is not absolute', 'paths: [x/y]', /rules\/x\.yml: 0\.paths\.0 a glob is an absolute path/],
  ['no example', 'paths: [/x]\n  examples: {matches: [], not: [/y]}', /rules\/x\.yml: 0\.examples\.matches/],
])('%s is refused, naming the file', async (_, lines, message) => {
  const folder = tempDir();
  mkdirSync(join(folder, 'rules'));
  const examples = lines.includes('examples') ? '' : '\n  examples: {matches: [/x], not: [/y]}';
  writeFileSync(
    join(folder, 'rules/x.yml'),
    `- id: x\n  reason: because it is so\n  source: x(1) y\n  ${lines}${examples}\n`,
  );
  await expect(readRules(folder)).rejects.toThrow(message);
});
