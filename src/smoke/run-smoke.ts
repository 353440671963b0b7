import { interruption } from '../interruption.ts';
import { type Progress, silentProgress } from '../progress.ts';
import { printable } from '../system/byte-text.ts';
import { answerLines, cleanLines } from './answer-lines.ts';
import { markFlaky } from './compare-answers.ts';
import { contentOf } from './content.ts';
import type { ProbeResult } from './probe.ts';
import { probeFor } from './probes.ts';
import {
  assertStillRunning,
  openSmokeSession,
  reasonOf,
  type SmokeSession,
  type SmokeTarget,
} from './smoke-session.ts';
import type { SmokeAnswer, SmokeTest } from './smoke-test.ts';

/** Seconds for one answer. */
const DEFAULT_TIMEOUT = 15;
/** Seconds for an analysis. */
const ANALYSIS_TIMEOUT = 600;

/**
 * Asks a running service all tests, one after the other: a test may read back what the one before it wrote.
 * A test that cannot be run here (no client program to be had, a host command that is not allowed) is warned of and has
 * no answer, so that a comparison says `missing`; a service that is dead or wrong is an answer.
 * @returns answers in the order of the tests
 * @throws PerennialError `no-such-container`; `not-ready` when the container does not run, or ended on the way
 */
export async function runSmokeTests(
  tests: readonly SmokeTest[],
  target: SmokeTarget,
  progress: Progress,
): Promise<SmokeAnswer[]> {
  if (tests.length === 0) return [];
  return withSession(tests, target, progress, session => askAll(tests, session, progress));
}

/**
 * Golden answers: asks the living service twice, and marks as flaky what it answered differently.
 * @returns the first answers
 * @throws as runSmokeTests
 */
export async function checkFlaky(
  tests: readonly SmokeTest[],
  target: SmokeTarget,
  progress: Progress,
): Promise<SmokeAnswer[]> {
  if (tests.length === 0) return [];
  const answers = await withSession(tests, target, progress, async session => {
    const first = await askAll(tests, session, progress);
    return markFlaky(first, await askAll(tests, session, silentProgress), tests);
  });
  // Of a default that does not work nobody has to hear: nobody wrote it, and it is dropped.
  const written = new Set(tests.filter(test => !test.from).map(test => test.name));
  for (const answer of answers) if (written.has(answer.name)) warnOfGolden(answer, progress);
  return answers;
}

async function withSession<T>(
  tests: readonly SmokeTest[],
  target: SmokeTarget,
  progress: Progress,
  work: (session: SmokeSession) => Promise<T>,
): Promise<T> {
  const session = await openSmokeSession(target, tests, progress);
  try {
    const done = await work(session);
    await assertStillRunning(session);
    return done;
  } finally {
    await session.close();
  }
}

async function askAll(tests: readonly SmokeTest[], session: SmokeSession, progress: Progress): Promise<SmokeAnswer[]> {
  const answers: SmokeAnswer[] = [];
  for (const test of tests) {
    interruption.check();
    try {
      const answer = await ask(test, session);
      progress.detail(printable(`${answer.name}: ${answer.status}`));
      answers.push(answer);
    } catch (error) {
      progress.warn(`Smoke test "${printable(test.name)}" could not be run: ${reasonOf(error)}`);
    }
  }
  return answers;
}

async function ask(test: SmokeTest, session: SmokeSession): Promise<SmokeAnswer> {
  const attempt = await probeFor(test).prepare(test, session);
  const signal = AbortSignal.timeout(
    (test.timeout ?? (test.type === 'analysis' ? ANALYSIS_TIMEOUT : DEFAULT_TIMEOUT)) * 1000,
  );
  const started = performance.now();
  const result = await attempt(signal).catch((error: unknown) => {
    if (signal.aborted) return { status: 'timeout', head: [], content: undefined };
    throw error;
  });
  return { name: test.name, ...answerOf(result, test, session), took: Math.round(performance.now() - started) };
}

function answerOf(result: ProbeResult, test: SmokeTest, session: SmokeSession): Pick<SmokeAnswer, 'status' | 'lines'> {
  const cleaning = { mask: test.mask ?? [], address: session.target.address };
  const head = cleanLines(result.head, cleaning);
  return {
    status: result.status,
    lines: [...head, ...answerLines(result.content ?? contentOf(Buffer.alloc(0)), cleaning)],
  };
}

/** An answer that is the same before and after proves nothing when it says that the test itself does not work. */
function warnOfGolden(answer: SmokeAnswer, progress: Progress): void {
  const name = printable(answer.name);
  if (answer.flaky)
    progress.warn(`Smoke test "${name}" answered differently twice; mask what changes, or its verdict is void`);
  if (/^(timeout|refused|unreachable|exit 12[67])$/.test(answer.status)) {
    progress.warn(`Smoke test "${name}" has the golden answer "${answer.status}": is that what clients should see?`);
  }
}
