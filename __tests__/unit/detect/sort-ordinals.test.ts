import { expect, test } from '@jest/globals';
import { sortOrdinals } from '../../../src/detect/sort-ordinals.ts';

test.each([0, 1, 2, 15, 16, 17, 33, 500, 1023])(
  'sorts %i ordinals as Array.sort does, equal ones in the order in which they came',
  length => {
    const keys = Array.from({ length }, (_, n) => (n * n * 31 + n * 17 + length) % 300);
    const compare = (a: number, b: number) => keys[a]! - keys[b]!;
    const ordinals = keys.map((_, n) => n);
    expect([...sortOrdinals(Uint32Array.from(ordinals), compare)]).toEqual(ordinals.toSorted(compare));
  },
);

test('does not compare again what is in order', () => {
  let comparisons = 0;
  const compare = (a: number, b: number) => {
    comparisons++;
    return a - b;
  };
  sortOrdinals(
    Uint32Array.from({ length: 4096 }, (_, n) => n),
    compare,
  );
  expect(comparisons).toBeLessThan(2 * 4096);
});
