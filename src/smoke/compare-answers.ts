import { isDeepStrictEqual } from 'node:util';
import { printable } from '../system/byte-text.ts';
import { lineDiff } from '../unified-diff.ts';
import type { SmokeAnswer, SmokeComparison } from './smoke-test.ts';

/**
 * Holds today's answers against the golden ones, by name.
 * `flaky`: they differ, but they differed on the living service too. `missing`: not answered today.
 * `no-golden`: a test that did not exist then.
 * @returns in the order of the golden answers, then the new ones
 */
export function compareAnswers(golden: readonly SmokeAnswer[], now: readonly SmokeAnswer[]): SmokeComparison[] {
  const today = new Map(now.map(answer => [answer.name, answer]));
  const known = new Set(golden.map(answer => answer.name));
  return [
    ...golden.map(answer => compareOne(answer, today.get(answer.name))),
    ...now
      .filter(answer => !known.has(answer.name))
      .map<SmokeComparison>(answer => ({ name: answer.name, verdict: 'no-golden', now: answer, diff: '' })),
  ];
}

/** Whether clients get the same answers: nothing differs and nothing is missing. */
export function answersAgree(comparisons: readonly SmokeComparison[]): boolean {
  return comparisons.every(({ verdict }) => verdict !== 'differs' && verdict !== 'missing');
}

/** First answers, with `flaky` on those that the second ones do not repeat. */
export function markFlaky(first: readonly SmokeAnswer[], second: readonly SmokeAnswer[]): SmokeAnswer[] {
  return first.map(answer => {
    const again = second.find(other => other.name === answer.name);
    return again && sameAnswer(answer, again) ? answer : { ...answer, flaky: true };
  });
}

/** Whether a client could tell two answers apart. */
export function sameAnswer(a: SmokeAnswer, b: SmokeAnswer): boolean {
  return a.status === b.status && isDeepStrictEqual(a.lines, b.lines);
}

function compareOne(golden: SmokeAnswer, now: SmokeAnswer | undefined): SmokeComparison {
  if (!now) return { name: golden.name, verdict: 'missing', golden, diff: '' };
  if (sameAnswer(golden, now)) return { name: golden.name, verdict: 'same', golden, now, diff: '' };
  const diff = lineDiff(shownLines(golden), shownLines(now));
  return { name: golden.name, verdict: golden.flaky ? 'flaky' : 'differs', golden, now, diff };
}

/** The answer as people read it; what a service says must not reach a terminal as it is. */
function shownLines(answer: SmokeAnswer): string[] {
  return [`status: ${answer.status}`, ...answer.lines].map(printable);
}
