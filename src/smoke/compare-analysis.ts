import { IMAGE_MARK } from './analysis-probe.ts';
import { sketchDifference } from './image-sketch.ts';
import type { AnalysisProbe, SmokeAnswer } from './smoke-test.ts';

const NUMBER = /[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/g;

/** Relative difference of numbers that is none: what other versions of a compiler or a library round otherwise. */
const DEFAULT_RELATIVE = 1e-9;
/** Share of what an image shows that may differ (sketchDifference). */
const DEFAULT_IMAGE = 0.05;

/**
 * Whether two answers of an analysis are the same results: texts equal, numbers within the tolerance, images alike.
 * @param lineDrift tells of a line that differs only in versions; undefined: it differs otherwise
 * @returns what differs within the tolerance, in words; undefined when something differs more
 */
export function compareAnalysis(
  golden: SmokeAnswer,
  now: SmokeAnswer,
  test: Pick<AnalysisProbe, 'tolerance'>,
  lineDrift: (was: string, is: string) => string[] | undefined,
): string[] | undefined {
  if (golden.status !== now.status || golden.lines.length !== now.lines.length) return undefined;
  const told = new Set<string>();
  let largest = 0;
  for (const [at, was] of golden.lines.entries()) {
    const is = now.lines[at]!;
    if (was === is) continue;
    const found = was.startsWith(IMAGE_MARK)
      ? imageDrift(was, is, test)
      : (numberDrift(was, is, test) ?? lineDrift(was, is));
    if (found === undefined) return undefined;
    if (typeof found === 'number') largest = Math.max(largest, found);
    else for (const each of found) told.add(each);
  }
  return [...(largest > 0 ? [`numbers differ by at most ${largest.toPrecision(2)} of their value`] : []), ...told];
}

/** The largest relative difference of the numbers of a line, when all are within the tolerance and the rest is equal. */
function numberDrift(
  was: string,
  is: string,
  { tolerance = {} }: Pick<AnalysisProbe, 'tolerance'>,
): number | undefined {
  if (was.replace(NUMBER, '#') !== is.replace(NUMBER, '#')) return undefined;
  const [before, after] = [was.match(NUMBER) ?? [], is.match(NUMBER) ?? []];
  const { absolute = 0, relative = DEFAULT_RELATIVE } = tolerance;
  let largest = 0;
  for (const [at, text] of before.entries()) {
    const [a, b] = [Number(text), Number(after[at])];
    const size = Math.max(Math.abs(a), Math.abs(b));
    const difference = Math.abs(a - b);
    if (!(difference <= Math.max(absolute, relative * size))) return undefined;
    if (size > 0) largest = Math.max(largest, difference / size);
  }
  return largest;
}

function imageDrift(
  was: string,
  is: string,
  { tolerance = {} }: Pick<AnalysisProbe, 'tolerance'>,
): string[] | undefined {
  const [, path = '', before = ''] = /^image (.*): (\d+x\d+ [0-9a-f]+)$/.exec(was) ?? [];
  const [, other = '', after = ''] = /^image (.*): (\d+x\d+ [0-9a-f]+)$/.exec(is) ?? [];
  if (path === '' || path !== other) return undefined;
  const difference = sketchDifference(before, after);
  if (difference > (tolerance.image ?? DEFAULT_IMAGE)) return undefined;
  return [`${path} looks the same (${(100 * difference).toFixed(1)} % apart)`];
}
