import { isDeepStrictEqual } from 'node:util';
import { printable } from '../system/byte-text.ts';
import { withoutSecrets } from '../system/without-secrets.ts';
import { lineDiff } from '../unified-diff.ts';
import { compareAnalysis } from './compare-analysis.ts';
import type { SmokeAnswer, SmokeComparison, SmokeTest } from './smoke-test.ts';
import { findDrift, lineDrift, type VersionDrift } from './version-drift.ts';

/**
 * Holds today's answers against the golden ones, by name.
 * `flaky`: they differ, but they differed on the living service too. `missing`: not answered today.
 * `no-golden`: a test that did not exist then. `drift`: nothing but versions of packages differs.
 * @param drift versions of then and now; without it every difference counts
 * @param tests what was asked: analyses have a tolerance
 * @returns in the order of the golden answers, then the new ones
 */
export function compareAnswers(
  golden: readonly SmokeAnswer[],
  now: readonly SmokeAnswer[],
  drift: VersionDrift = { pairs: [], substitutions: [] },
  tests: readonly SmokeTest[] = [],
): SmokeComparison[] {
  const today = new Map(now.map(answer => [answer.name, answer]));
  const testOf = new Map(tests.map(test => [test.name, test]));
  const known = new Set(golden.map(answer => answer.name));
  return [
    ...golden.map(answer => compareOne(answer, today.get(answer.name), drift, testOf.get(answer.name))),
    ...now
      .filter(answer => !known.has(answer.name))
      .map<SmokeComparison>(answer => ({ name: answer.name, verdict: 'no-golden', now: answer, diff: '' })),
  ];
}

/** Whether clients get the same answers: nothing differs and nothing is missing. */
export function answersAgree(comparisons: readonly SmokeComparison[]): boolean {
  return comparisons.every(({ verdict }) => verdict !== 'differs' && verdict !== 'missing');
}

/** First answers, with `flaky` on those that the second ones do not repeat (an analysis: within its tolerance). */
export function markFlaky(
  first: readonly SmokeAnswer[],
  second: readonly SmokeAnswer[],
  tests: readonly SmokeTest[] = [],
): SmokeAnswer[] {
  return compareAnswers(first, second, undefined, tests)
    .filter(each => each.golden !== undefined)
    .map(({ golden, verdict }) => (verdict === 'same' || verdict === 'drift' ? golden! : { ...golden!, flaky: true }));
}

/** Whether a client could tell two answers apart. */
export function sameAnswer(a: SmokeAnswer, b: SmokeAnswer): boolean {
  return a.status === b.status && isDeepStrictEqual(a.lines, b.lines);
}

function compareOne(
  golden: SmokeAnswer,
  now: SmokeAnswer | undefined,
  versions: VersionDrift,
  test?: SmokeTest,
): SmokeComparison {
  if (!now) return { name: golden.name, verdict: 'missing', golden, diff: '' };
  const line = (was: string, is: string) => lineDrift(was, is, versions);
  const analysis = test?.type === 'analysis' ? compareAnalysis(golden, now, test, line) : undefined;
  const common = { name: golden.name, golden, now, ...(analysis ? { results: analysis.results } : {}) };
  if (sameAnswer(golden, now)) return { ...common, verdict: 'same', diff: '' };
  // Of the difference, since two passwords that are both hidden would be no difference.
  const diff = withoutSecrets(lineDiff(shownLines(golden), shownLines(now)));
  const drift = analysis ? analysis.drift : findDrift(golden, now, versions);
  if (drift && analysis?.agrees !== false) return { ...common, verdict: 'drift', diff, drift };
  return { ...common, verdict: golden.flaky ? 'flaky' : 'differs', diff };
}

/** A sketch of an image is for programs. */
function shortImage(line: string): string {
  return line.replace(/([0-9a-f]{12})[0-9a-f]{100,}$/, '$1…');
}

/** The answer as people read it; what a service says must not reach a terminal as it is. */
function shownLines(answer: SmokeAnswer): string[] {
  return [
    `status: ${answer.status}`,
    ...answer.lines.map(line => (line.startsWith('image ') ? shortImage(line) : line)),
  ].map(printable);
}
