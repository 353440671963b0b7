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
  expect(compareAnalysis(answer(was), answer(is), { tolerance }, none).agrees).toBe(same);
});

test('a lost line or another exit code is another result', () => {
  const verdicts = (was: string[], is: string[], status = 'exit 0') =>
    compareAnalysis(answer(...was), { ...answer(...is), status }, {}, none).results.map(each => each.verdict);
  expect(verdicts(['a', 'b'], ['a'])).toContain('differs');
  expect(verdicts(['a'], ['a', 'b'])).toContain('differs');
  expect(verdicts(['a'], ['a'], 'exit 1')).toContain('differs');
  expect(verdicts(['a'], ['a'])).toEqual([]);
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
  const images = ['/f.png'];
  const compared = compareAnalysis(
    answer(`image /f.png: ${line}`),
    answer(`image /f.png: ${imageSketch(plot(x => 100 - x / 4, 40))}`),
    { images },
    none,
  );
  expect(compared).toMatchObject({
    agrees: true,
    drift: [expect.stringMatching(/^\/f\.png looks the same \(\d\.\d % apart\)$/)],
    results: [{ what: '/f.png', was: 'image 200x120', tolerance: '5.0 %', verdict: 'within' }],
  });
  const other = answer(`image /f.png: ${imageSketch(plot(x => 60 - x / 8))}`);
  expect(compareAnalysis(answer(`image /f.png: ${line}`), other, { images }, none)).toMatchObject({
    agrees: false,
    results: [{ difference: expect.stringMatching(/^\d{2,3}\.\d % apart$/), verdict: 'differs' }],
  });
  const missing = answer('image /f.png: missing');
  expect(compareAnalysis(answer(`image /f.png: ${line}`), missing, { images }, none).agrees).toBe(false);
});

test('each value is told: then, now, difference, tolerance; of a file those that differ, and how many there are', () => {
  const was = answer(
    'file /fit.csv: 2 lines',
    '# a,b',
    '1.0,2.0',
    'file /raw: sha256 ab',
    'lifetime 7.5 s',
    'n 3 of 4',
  );
  const is = answer('file /fit.csv: 2 lines', '# a,b', '1.0,2.2', 'file /raw: sha256 cd', 'lifetime 7.6 s', 'n 3 of 4');
  const { agrees, results } = compareAnalysis(
    was,
    is,
    { files: ['/fit.csv', '/raw'], tolerance: { relative: 0.05 } },
    none,
  );
  expect(agrees).toBe(false);
  expect(results.map(each => [each.what, each.was, each.is, each.difference, each.tolerance, each.verdict])).toEqual([
    [
      '/fit.csv',
      '2 lines',
      '2 lines',
      '2 numbers, 0 within the tolerance, 1 beyond, at most 0.091 of the value',
      '0.05 of the value',
      'differs',
    ],
    ['/fit.csv: line 2, value 2', '2.0', '2.2', '0.20 (0.091 of the value)', '0.05 of the value', 'differs'],
    ['/raw', 'sha256 ab', 'sha256 cd', 'another content', 'equal content', 'differs'],
    [
      'output',
      '2 lines',
      '2 lines',
      '3 numbers, 1 within the tolerance, 0 beyond, at most 0.013 of the value',
      '0.05 of the value',
      'within',
    ],
    ['output: lifetime', '7.5', '7.6', '0.10 (0.013 of the value)', '0.05 of the value', 'within'],
    ['output: n, value 1', '3', '3', '0', '0.05 of the value', 'same'],
    ['output: n, value 2', '4', '4', '0', '0.05 of the value', 'same'],
  ]);
});

test('of very many values the worst are told, and all are counted', () => {
  const lines = (factor: (n: number) => number) =>
    answer('file /f: 3000 lines', ...Array.from({ length: 3000 }, (_, n) => String((n + 1) * factor(n))));
  const { results } = compareAnalysis(
    lines(() => 1),
    lines(n => (n === 2999 ? 2 : 1 + 1e-12)),
    { files: ['/f'] },
    none,
  );
  expect(results).toHaveLength(101);
  expect(results[0]!.difference).toMatch(/^3000 numbers, \d+ within the tolerance, 1 beyond, at most 0\.50/);
  expect(results[1]).toMatchObject({ what: '/f: line 3000', verdict: 'differs' });
});

test('a line that tells another version is no other result', () => {
  const drift = () => ['numpy 1.19.5 -> 2.2.4'];
  expect(compareAnalysis(answer('numpy 1.19.5'), answer('numpy 2.2.4'), {}, drift)).toMatchObject({
    agrees: true,
    drift: ['numpy 1.19.5 -> 2.2.4'],
    results: [{ verdict: 'version' }, { what: 'output: numpy', was: 'numpy 1.19.5', verdict: 'version' }],
  });
});

test('what is no image, or unpacks to too much, is refused', () => {
  expect(() => imageSketch(Buffer.from('no image'))).toThrow(/no PNG/);
  const bomb = plot(() => 0);
  bomb.writeUInt32BE(1_000_000, 16);
  expect(() => imageSketch(bomb)).toThrow(/pixels/);
  expect(() => imageSketch(plot(() => 0).subarray(0, 60))).toThrow(/damaged/);
});

test('as many numbers as an analysis may print', () => {
  const many = (last: number) => ({ ...answer(), lines: [...Array(200_000).keys(), last].map(each => `n ${each}`) });
  const { agrees, drift, results } = compareAnalysis(many(100), many(101), { tolerance: { relative: 0.05 } }, none);
  expect([agrees, drift]).toEqual([true, ['numbers differ by at most 0.0099 of their value']]);
  expect(results[0]!.difference).toMatch(/^200001 numbers, 1 within the tolerance, 0 beyond/);
});
