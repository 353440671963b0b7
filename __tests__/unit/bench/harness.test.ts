import { expect, test } from '@jest/globals';
import { bytesOf, compare, median, table } from '../../../bench/harness.ts';

test.each([
  [[3], 3],
  [[9, 1, 5], 5],
  [[4, 1, 3, 2], 2.5],
])('median of %j', (values, expected) => expect(median(values)).toBe(expected));

test('every contender runs once a round, in turns, and the first is the base of the ratios', async () => {
  const calls: string[] = [];
  const wait = (name: string, ms: number) => ({
    name,
    run: async () => {
      calls.push(name);
      await new Promise(done => setTimeout(done, ms));
      return ms;
    },
  });
  const measured = await compare([wait('a', 20), wait('b', 60)], 3);
  expect(calls.join('')).toBe('baabbaab');
  expect(measured.map(each => each.times.length)).toEqual([3, 3]);
  expect(measured[0]).toMatchObject({ name: 'a', ratio: 1, result: 20 });
  expect(measured[1]!.ratio).toBeGreaterThan(1.5);
  expect(table('t', measured, 'ms')).toMatch(/\| b \| 0\.0\d+ \| .* to .* \| \d\.\d\d \| 60 \|/);
});

test('a contender may tell its own time', async () => {
  const [first, second] = await compare(
    [
      { name: 'a', run: () => 1 },
      { name: 'b', seconds: () => 7 },
    ],
    3,
  );
  expect(second).toMatchObject({ name: 'b', times: [7, 7, 7], median: 7, result: undefined });
  expect(first!.median).toBeLessThan(1);
});

test('a pipeline that fails in its first part throws', () => {
  expect(bytesOf('printf 12345')).toBe(5);
  expect(() => bytesOf('false | cat')).toThrow(/exit 1/);
});
