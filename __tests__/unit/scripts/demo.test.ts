import { describe, expect, test } from '@jest/globals';
import { demoTable, type Outcome } from '../../../scripts/demo/demo-table.ts';
import { sameLines } from '../../../scripts/demo/smoke-lines.ts';
import { newerFiles } from '../../../scripts/paper-procedure.ts';

describe('sameLines', () => {
  const cases: [string, string[], string[], number, string[]][] = [
    ['equal', ['a', 'b'], ['a', 'b'], 2, []],
    ['both empty', [], [], 0, []],
    ['nothing answers', ['a', 'b'], [], 0, ['- a', '- b']],
    ['one missing in the middle', ['a', 'b', 'c'], ['a', 'c'], 2, ['- b']],
    ['one changed', ['a', 'b', 'c'], ['a', 'x', 'c'], 2, ['- b', '+ x']],
    ['one more', ['a'], ['a', 'a'], 1, ['+ a']],
    ['another order is a difference', ['a', 'b'], ['b', 'a'], 1, ['- a', '+ a']],
  ];
  test.each(cases)('%s', (_, then, now, count, differences) => {
    expect(sameLines(then, now)).toEqual({ count, differences });
  });
});

test('the table has a row for each way and says when an answer is not the same', () => {
  const way: Outcome = {
    name: 'a',
    bytes: 40_000,
    detectSeconds: 0.25,
    seconds: 12,
    system: 'Debian 13',
    lines: 11,
    same: true,
  };
  const lines = demoTable(
    { imageBytes: 500_000_000 },
    [way, { ...way, detectSeconds: undefined, lines: 6, same: false }],
    11,
  );
  expect(lines).toEqual([
    'image: 500 MB',
    '',
    'way   archive   of the image   detect   reconstruct   same answers   on',
    'a     40.0 kB   0.0080 %       0.25 s   12.0 s        11 of 11       Debian 13',
    'a     40.0 kB   0.0080 %       -        12.0 s        6 of 11 NO     Debian 13',
  ]);
});

test('the find of the paper prunes trees and prints files only', () => {
  const words = newerFiles('/ts').join(' ');
  expect(words).toMatch(/^find \/ \( -path \/proc -o .* -path \/etc\/mtab \) -prune -o -newer \/ts ! -type d -print0$/);
});
