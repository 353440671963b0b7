import { join } from 'node:path';
import type { Bag } from '../bag/open-bag.ts';
import type { Before } from '../proof/prove-running.ts';
import { compareAnswers } from '../smoke/compare-answers.ts';
import { findGolden } from '../smoke/golden-file.ts';
import { runSmokeTests } from '../smoke/run-smoke.ts';
import type { SmokeComparison } from '../smoke/smoke-test.ts';
import { versionDrift } from '../smoke/version-drift.ts';
import type { NewSystem } from './new-system.ts';
import type { RestoreOptions } from './restore.ts';

/** Asks the bag's smoke tests (or the user's) and holds the answers against the golden ones. */
export async function askSmokeTests(
  options: Pick<RestoreOptions, 'engine' | 'smoke' | 'progress'>,
  bag: Bag,
  system: NewSystem,
  names: Pick<Before, 'successors' | 'substitutions'>,
): Promise<SmokeComparison[]> {
  const golden = await findGolden(join(bag.dir, 'data/smoke'));
  const tests = options.smoke ?? golden?.tests ?? [];
  if (tests.length === 0) return [];
  const { name, address } = await options.engine.inspectContainer(system.container);
  const answers = await runSmokeTests(
    tests,
    // A bag may be a stranger's: its tests run no commands on this machine, the user's own file may.
    { engine: options.engine, container: name, address, allowHost: options.smoke !== undefined },
    options.progress,
  );
  const drift = versionDrift(bag.manifest.system, system.facts, names.successors, names.substitutions);
  return compareAnswers(golden?.answers ?? [], answers, drift, tests);
}
