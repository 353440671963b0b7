import { expect, test } from '@jest/globals';
import { timeless } from '../../../src/archive/timeless.ts';
import type { Decided } from '../../../src/detect/detect.ts';
import { readRules } from '../../../src/knowledge/read-rules.ts';

const decided = (path: string, rule: string, disposition: Decided['disposition']) =>
  ({ entry: { path }, rule, disposition }) as Decided;

test('what the engine makes at each start has no time, nor has the directory around it; anything that is archived has', async () => {
  const paths = (etc: Decided['disposition']) => [
    decided('/dev', 'engine/kernel-trees', 'leave'),
    decided('/etc', 'package/as-shipped', etc),
    decided('/etc/hosts', 'engine/engine-files', 'leave'),
    decided('/etc/lab.conf', 'unowned/operation', 'keep'),
    decided('/var', 'structure/parent', 'parent'),
    decided('/var/lib/perennial', 'engine/restore-mark', 'leave'),
  ];
  const rules = await readRules();
  const named = (all: Decided[]) => all.filter(timeless(all, rules)).map(each => each.entry.path);
  expect(named(paths('parent'))).toEqual(['/dev', '/etc', '/etc/hosts']);
  expect(named(paths('attributes'))).toEqual(['/dev', '/etc', '/etc/hosts']);
  expect(named(paths('keep'))).toEqual(['/dev', '/etc/hosts']);
});
