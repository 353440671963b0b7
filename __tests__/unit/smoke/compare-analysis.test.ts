import { expect, test } from '@jest/globals';
import { PNG } from 'pngjs';
import { compareAnalysis } from '../../../src/smoke/compare-analysis.ts';
import { imageSketch, sketchDifference } from '../../../src/smoke/image-sketch.ts';

const answer = (...lines: string[]) => ({ name: 'x', status: 'exit 0', lines, took: 1 });
const none = () => undefined;

test.each([
  ['rms 0.10000000000000001', 'rms 0.1', {}, true],
  ['rms 1.0000000001', 'rms 1.0000000002', {}, true],
  ['rms 1.001', 'rms 1.002', {}, false],
  ['rms 1.001', 'rms 1.002', { relative: 1e-2 }, true],
  ['zero 1e-17', 'zero -3e-17', {}, false],
  ['zero 1e-17', 'zero -3e-17', { absolute: 1e-15 }, true],
  ['a 1, b 2', 'a 1, b 3', { relative: 0.1 }, false],
  ['mean 5 m', 'mean 5 s', { relative: 1 }, false],
  ['mean nan', 'mean 5', { relative: 1 }, false],
])('%s | %s with %j: %s', (was, is, tolerance, same) => {
  expect(compareAnalysis(answer(was), answer(is), { tolerance }, none) !== undefined).toBe(same);
});

test('a lost line or another exit code is another result', () => {
  expect(compareAnalysis(answer('a', 'b'), answer('a'), {}, none)).toBeUndefined();
  expect(compareAnalysis(answer('a'), { ...answer('a'), status: 'exit 1' }, {}, none)).toBeUndefined();
});

/** A plot of a line, as far as pixels go. */
function plot(height: (x: number) => number, blur = 0): Buffer {
  const png = new PNG({ width: 200, height: 120 });
  png.data.fill(255);
  for (let x = 0; x < 200; x++) {
    for (let y = 0; y < 120; y++) {
      const distance = Math.abs(y - height(x));
      const shade = distance < 2 ? 0 : distance < 3 ? 120 + blur : 255;
      png.data.fill(shade, 4 * (200 * y + x), 4 * (200 * y + x) + 3);
    }
  }
  return PNG.sync.write(png);
}

test('images that look the same are the same, another curve is not', () => {
  const line = imageSketch(plot(x => 100 - x / 4));
  const difference = (bytes: Buffer) => sketchDifference(line, imageSketch(bytes));
  expect(difference(plot(x => 100 - x / 4))).toBe(0);
  expect(difference(plot(x => 100 - x / 4, 40))).toBeLessThan(0.05); // smoothed otherwise
  expect(difference(plot(x => 60 - x / 8))).toBeGreaterThan(0.3);
  expect(
    compareAnalysis(
      answer(`image /f.png: ${line}`),
      answer(`image /f.png: ${imageSketch(plot(x => 100 - x / 4, 40))}`),
      {},
      none,
    ),
  ).toHaveLength(1);
  expect(compareAnalysis(answer(`image /f.png: ${line}`), answer(`image /g.png: ${line}`), {}, none)).toBeUndefined();
});

test('what is no image, or unpacks to too much, is refused', () => {
  expect(() => imageSketch(Buffer.from('no image'))).toThrow(/no PNG/);
  const bomb = plot(() => 0);
  bomb.writeUInt32BE(1_000_000, 16);
  expect(() => imageSketch(bomb)).toThrow(/pixels/);
  expect(() => imageSketch(plot(() => 0).subarray(0, 60))).toThrow(/damaged/);
});
