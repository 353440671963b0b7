import { describe, expect, test } from '@jest/globals';
import { answersAgree, compareAnswers, markFlaky } from '../../../src/smoke/compare-answers.ts';
import type { SmokeAnswer } from '../../../src/smoke/smoke-test.ts';
import { lineDiff } from '../../../src/unified-diff.ts';

const answer = (name: string, status: string, lines: string[] = [], more: Partial<SmokeAnswer> = {}): SmokeAnswer => ({
  name,
  status,
  lines,
  took: Math.random(),
  ...more,
});

describe('compareAnswers', () => {
  test.each<[string, SmokeAnswer[], SmokeAnswer[], [string, string][], boolean]>([
    ['same', [answer('a', '200', ['x'])], [answer('a', '200', ['x'])], [['a', 'same']], true],
    ['another line', [answer('a', '200', ['x'])], [answer('a', '200', ['y'])], [['a', 'differs']], false],
    ['another status', [answer('a', '200')], [answer('a', '404')], [['a', 'differs']], false],
    ['one line less', [answer('a', '200', ['x', 'x'])], [answer('a', '200', ['x'])], [['a', 'differs']], false],
    [
      'not asked',
      [answer('a', '200'), answer('b', '1')],
      [answer('b', '1')],
      [
        ['a', 'missing'],
        ['b', 'same'],
      ],
      false,
    ],
    ['new test', [], [answer('a', '200')], [['a', 'no-golden']], true],
    [
      'flaky and different',
      [answer('a', '200', ['1'], { flaky: true })],
      [answer('a', '200', ['2'])],
      [['a', 'flaky']],
      true,
    ],
    [
      'flaky and equal',
      [answer('a', '200', ['1'], { flaky: true })],
      [answer('a', '200', ['1'])],
      [['a', 'same']],
      true,
    ],
  ])('%s', (_, golden, now, verdicts, agree) => {
    const compared = compareAnswers(golden, now);
    expect(compared.map(({ name, verdict }) => [name, verdict])).toEqual(verdicts);
    expect(answersAgree(compared)).toBe(agree);
  });

  test('the diff shows status and lines, and nothing that drives a terminal', () => {
    const [one] = compareAnswers([answer('a', '200', ['same', 'old'])], [answer('a', '500', ['same', '\u001b[2Jnew'])]);
    expect(one!.diff).toBe('@@ -1,3 +1,3 @@\n-status: 200\n+status: 500\n same\n-old\n+\\x1b[2Jnew');
  });
});

test('markFlaky marks what the second answer does not repeat, and what had none', () => {
  const first = [answer('a', '1', ['x']), answer('b', '1', ['x']), answer('c', '1')];
  const marked = markFlaky(first, [answer('a', '1', ['x']), answer('b', '1', ['y'])]);
  expect(marked.map(one => one.flaky ?? false)).toEqual([false, true, true]);
});

describe('lineDiff', () => {
  const ten = Array.from({ length: 10 }, (_, i) => String(i));
  test.each<[string, string[], string[], string[]]>([
    ['nothing', ten, ten, ['']],
    ['into nothing', ['a'], [], ['@@ -1 +0,0 @@', '-a']],
    ['out of nothing', [], ['a'], ['@@ -0,0 +1 @@', '+a']],
    ['in the middle', ten, ten.with(5, 'x'), ['@@ -3,7 +3,7 @@', ' 2', ' 3', ' 4', '-5', '+x', ' 6', ' 7', ' 8']],
    [
      'two places',
      ten,
      ['x', ...ten.slice(0, 9)],
      ['@@ -1,3 +1,4 @@', '+x', ' 0', ' 1', ' 2', '@@ -7,4 +8,3 @@', ' 6', ' 7', ' 8', '-9'],
    ],
  ])('%s', (_, before, after, expected) => {
    expect(lineDiff(before, after).split('\n')).toEqual(expected);
  });

  test('a long one is cut, a huge one is not aligned', () => {
    const many = (letter: string, count: number) => Array.from({ length: count }, (_, i) => `${letter}${i}`);
    const cut = lineDiff(many('a', 300), many('b', 300)).split('\n');
    expect(cut).toHaveLength(200);
    expect(cut.at(-1)).toBe('… 402 more lines');
    expect(lineDiff(many('a', 100_000), many('b', 100_000)).split('\n')).toHaveLength(200);
  });
});
