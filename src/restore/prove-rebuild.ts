import { type Bag, openBag } from '../bag/open-bag.ts';
import type { Engine } from '../engine/engine.ts';
import type { PerennialError } from '../errors.ts';
import { sameBase } from '../knowledge/distribution.ts';
import { readDistributions } from '../knowledge/read-distributions.ts';
import type { Progress } from '../progress.ts';
import { findingText } from '../proof/finding.ts';
import type { SmokeTest } from '../smoke/smoke-test.ts';
import { type RestoreResult, restore } from './restore.ts';

export interface RebuildProof {
  /** Image that it was rebuilt on. */
  base: string;
  /** Every path came back as recorded, and the service answers as before. */
  complete: boolean;
  /** What was not the same, in words. */
  differences: string[];
  seconds: number;
}

export interface RebuildRequest {
  engine: Engine;
  bag: string | Bag;
  /** Default: the image of the release that the service ran on. */
  base?: string;
  /** Smoke tests of the owner's own file, some of which run on this machine. */
  smoke?: SmokeTest[];
  knowledge?: string;
  progress: Progress;
}

/**
 * Restores a bag on the release that it comes from, reads every path back, asks the smoke tests, and removes all of it again: the proof
 * that the archive is complete while the original is still there. The original is not touched.
 * @throws PerennialError also where there is nothing to rebuild on: see `isRebuildImpossible`
 */
export async function proveRebuild(request: RebuildRequest): Promise<RebuildProof> {
  const { engine, bag, smoke, knowledge, progress } = request;
  const base = request.base ?? (await baseOf(bag));
  const name = `perennial-verify-${process.pid}`;
  const result = await restore({
    engine,
    bag: typeof bag === 'string' ? bag : { ...bag, close: async () => {} },
    name,
    base,
    ...(smoke && smoke.length > 0 ? { smoke } : {}),
    ...(knowledge ? { knowledge } : {}),
    keep: false,
    publish: false,
    progress,
  });
  const differences = differencesOf(result);
  return { base, complete: differences.length === 0 && result.same, differences, seconds: result.seconds };
}

/** Nothing is wrong with the archive: the release has no image here, or is of no kind that can be restored. */
export function isRebuildImpossible(error: PerennialError): boolean {
  return error.code === 'base-unknown';
}

async function baseOf(given: string | Bag): Promise<string> {
  const bag = typeof given === 'string' ? await openBag(given) : given;
  try {
    return sameBase(await readDistributions(), bag.manifest.system.os);
  } finally {
    if (typeof given === 'string') await bag.close();
  }
}

/** What the comparison of state, the start and the answers had to say; a good rebuild has none. */
function differencesOf({ journal, state, comparisons }: RestoreResult): string[] {
  const start = journal.entries.filter(entry => entry.level === 'look' && entry.rule === 'start');
  const answers = comparisons.filter(each => each.verdict === 'differs' || each.verdict === 'missing');
  return [
    ...start.map(entry => `${entry.what}: ${entry.why}`),
    ...state.findings.filter(each => each.verdict === 'differs').map(findingText),
    ...answers.map(each => `${each.name}: ${each.verdict === 'missing' ? 'no answer' : 'another answer'}`),
  ];
}
