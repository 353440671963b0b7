import { type AnalysisSection, analysisSections } from './analysis-sections.ts';
import { sketchDifference } from './image-sketch.ts';
import type { AnalysisProbe, ComparedResult, SmokeAnswer } from './smoke-test.ts';

const NUMBER = /[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/g;
const SKETCH = /^(\d+x\d+) [0-9a-f]+$/;

/** Relative difference of numbers that is none: what other versions of a compiler or a library round otherwise. */
const DEFAULT_RELATIVE = 1e-9;
/** Share of what an image shows that may differ (sketchDifference). */
const DEFAULT_IMAGE = 0.05;
/** Values of one output or file that are told one by one, those that differ most first; its own line counts all. */
const MOST_VALUES = 100;
/** The tolerance of a text that differs only in versions of packages. */
const VERSIONS = 'versions of packages';

type Asked = Pick<AnalysisProbe, 'tolerance' | 'files' | 'images'>;
type LineDrift = (was: string, is: string) => string[] | undefined;

/** Two answers of an analysis held against each other. */
export interface AnalysisComparison {
  /** Texts are equal, numbers within the tolerance, images alike. */
  agrees: boolean;
  /** What differs all the same, in words. */
  drift: string[];
  /** Each number that was printed, and each that differs in a file; a line for each file and image. */
  results: ComparedResult[];
}

/**
 * Whether two answers of an analysis are the same results, and how far each value is from what it was.
 * @param lineDrift tells of a line that differs only in versions; undefined: it differs otherwise
 */
export function compareAnalysis(
  golden: SmokeAnswer,
  now: SmokeAnswer,
  test: Asked,
  lineDrift: LineDrift,
): AnalysisComparison {
  const today = analysisSections(now, test);
  const results = [
    ...(golden.status === now.status
      ? []
      : [row('exit code', golden.status, now.status, 'another status', '', 'differs')]),
    ...analysisSections(golden, test).flatMap((then, at) => compareSection(then, today[at]!, test, lineDrift)),
  ];
  return { agrees: results.every(each => each.verdict !== 'differs'), drift: driftOf(results), results };
}

function compareSection(was: AnalysisSection, is: AnalysisSection, test: Asked, lineDrift: LineDrift) {
  if (was.kind === 'image') return [compareImage(was, is, test)];
  if (was.kind === 'file' && was.lines.length === 0 && is.lines.length === 0) return [compareContent(was, is)];
  return compareText(was, is, test, lineDrift);
}

function compareContent({ name, said: was }: AnalysisSection, { said: is }: AnalysisSection): ComparedResult {
  if (was === is) return row(name, was, is, 'none', 'equal content', 'same');
  return row(name, was, is, is === 'missing' ? 'it was not made' : 'another content', 'equal content', 'differs');
}

function compareImage({ name, said: was }: AnalysisSection, { said: is }: AnalysisSection, test: Asked) {
  const most = test.tolerance?.image ?? DEFAULT_IMAGE;
  const [before, after] = [SKETCH.exec(was)?.[1], SKETCH.exec(is)?.[1]];
  if (before === undefined || after === undefined) {
    const same = was === is;
    return row(name, was, is, same ? 'none' : 'not to be compared', 'equal content', same ? 'same' : 'differs');
  }
  const difference = sketchDifference(was, is);
  const verdict = difference > most ? 'differs' : was === is ? 'same' : 'within';
  return row(name, `image ${before}`, `image ${after}`, `${percent(difference)} apart`, percent(most), verdict);
}

/** Values one by one, under a line that counts them. */
function compareText(was: AnalysisSection, is: AnalysisSection, test: Asked, lineDrift: LineDrift): ComparedResult[] {
  const values = was.lines.flatMap((line, at) =>
    compareLine(placeOf(was, line, at), line, is.lines[at], test, lineDrift),
  );
  for (const [at, line] of is.lines.entries())
    if (at >= was.lines.length) values.push(row(placeOf(is, line, at), '', line, 'a new line', '', 'differs'));
  if (values.length === 0) return [];
  const told = values.filter(each => was.kind === 'output' || each.verdict !== 'same');
  const shown = told.length > MOST_VALUES ? told.toSorted(byDistance).slice(0, MOST_VALUES) : told;
  return [wholeOf(was, is, values, test), ...shown];
}

function compareLine(
  place: string,
  was: string,
  is: string | undefined,
  { tolerance = {} }: Asked,
  lineDrift: LineDrift,
): ComparedResult[] {
  if (is === undefined) return [row(place, was, '', 'the line is missing', '', 'differs')];
  if (was === is || was.replace(NUMBER, '#') === is.replace(NUMBER, '#')) {
    const [before, after] = [was.match(NUMBER) ?? [], is.match(NUMBER) ?? []];
    const values = before.map((text, at) =>
      compareNumber(before.length > 1 ? `${place}, value ${at + 1}` : place, text, after[at]!, tolerance),
    );
    if (values.every(each => each.verdict !== 'differs')) return values;
    const drift = lineDrift(was, is);
    return drift === undefined ? values : [row(place, was, is, drift.join(', '), VERSIONS, 'version')];
  }
  const drift = lineDrift(was, is);
  if (drift === undefined) return [row(place, was, is, 'another text', '', 'differs')];
  return [row(place, was, is, drift.join(', '), VERSIONS, 'version')];
}

function compareNumber(place: string, was: string, is: string, tolerance: NonNullable<AnalysisProbe['tolerance']>) {
  const { absolute = 0, relative = DEFAULT_RELATIVE } = tolerance;
  const [a, b] = [Number(was), Number(is)];
  const size = Math.max(Math.abs(a), Math.abs(b));
  const difference = Math.abs(a - b);
  const share = size > 0 ? difference / size : 0;
  const verdict = !(difference <= Math.max(absolute, relative * size)) ? 'differs' : was === is ? 'same' : 'within';
  const words = difference === 0 ? '0' : `${difference.toPrecision(2)} (${share.toPrecision(2)} of the value)`;
  return { ...row(place, was, is, words, toleranceText(tolerance), verdict), share };
}

/** The line of a whole output or file. */
function wholeOf(was: AnalysisSection, is: AnalysisSection, values: ComparedResult[], { tolerance = {} }: Asked) {
  const of = (verdict: ComparedResult['verdict']) => values.filter(each => each.verdict === verdict).length;
  const numbers = values.filter(each => each.share !== undefined);
  const largest = largestShare(numbers);
  const parts = [
    `${numbers.length} numbers`,
    `${of('within')} within the tolerance`,
    ...(of('version') > 0 ? [`${of('version')} other versions`] : []),
    `${of('differs')} beyond`,
    ...(largest > 0 ? [`at most ${largest.toPrecision(2)} of the value`] : []),
  ];
  const verdict = (['differs', 'within', 'version'] as const).find(each => of(each) > 0) ?? 'same';
  const lines = (section: AnalysisSection) =>
    section.said === 'missing' ? 'missing' : `${section.lines.length} lines`;
  return row(was.name, lines(was), lines(is), parts.join(', '), toleranceText(tolerance), verdict);
}

/** `output: lifetime`, `fit.csv: line 3`. */
function placeOf({ name }: AnalysisSection, line: string, at: number): string {
  const words = /^[^\d\n]*?[a-z][^\d\n]*?(?=\s*[:=]?\s*[-+]?\.?\d)/i.exec(line)?.[0].trim();
  return `${name}: ${words ? words.slice(0, 40) : `line ${at + 1}`}`;
}

function driftOf(results: ComparedResult[]): string[] {
  const largest = largestShare(results);
  const images = results.filter(each => each.verdict === 'within' && each.was.startsWith('image '));
  const versions = results.filter(each => each.tolerance === VERSIONS).map(each => each.difference);
  return [
    ...(largest > 0 ? [`numbers differ by at most ${largest.toPrecision(2)} of their value`] : []),
    ...images.map(each => `${each.what} looks the same (${each.difference})`),
    ...new Set(versions),
  ];
}

/** Of as many numbers as an analysis prints: more than a call takes as arguments. */
function largestShare(results: readonly ComparedResult[]): number {
  return results.reduce((most, each) => Math.max(most, each.share ?? 0), 0);
}

function byDistance(a: ComparedResult, b: ComparedResult): number {
  const beyond = Number(b.verdict === 'differs') - Number(a.verdict === 'differs');
  return beyond || (b.share ?? 0) - (a.share ?? 0);
}

function toleranceText({ absolute = 0, relative = DEFAULT_RELATIVE }: NonNullable<AnalysisProbe['tolerance']>): string {
  return [...(relative > 0 ? [`${relative} of the value`] : []), ...(absolute > 0 ? [String(absolute)] : [])].join(
    ' or ',
  );
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function row(
  what: string,
  was: string,
  is: string,
  difference: string,
  tolerance: string,
  verdict: ComparedResult['verdict'],
): ComparedResult {
  return { what, was, is, difference, tolerance, verdict };
}
