import { join } from 'node:path';
import type { Bag } from '../bag/open-bag.ts';
import type { Before } from '../proof/prove-running.ts';
import { compareAnswers } from '../smoke/compare-answers.ts';
import { findGolden } from '../smoke/golden-file.ts';
import { runSmokeTests } from '../smoke/run-smoke.ts';
import type { SmokeComparison, SmokeTest } from '../smoke/smoke-test.ts';
import { versionDrift } from '../smoke/version-drift.ts';
import type { NewSystem } from './new-system.ts';
import type { RestoreOptions } from './restore.ts';

/** Asks the bag's smoke tests, and the user's before them, and holds the answers against the golden ones. */
export async function askSmokeTests(
  options: Pick<RestoreOptions, 'engine' | 'smoke' | 'progress'>,
  bag: Bag,
  system: NewSystem,
  names: Pick<Before, 'successors' | 'substitutions'>,
): Promise<SmokeComparison[]> {
  const golden = await findGolden(join(bag.dir, 'data/smoke'));
  const tests = options.smoke ? withDefaults(options.smoke, golden?.tests ?? []) : (golden?.tests ?? []);
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

/**
 * The user's tests, and of the bag's those that have no other of the same name: the archive has answers to them, and among them are those
 * that recognised services get by themselves. None of the bag's runs a command on this machine.
 */
function withDefaults(own: SmokeTest[], ofBag: SmokeTest[]): SmokeTest[] {
  const names = new Set(own.map(each => each.name));
  const isOurs = (test: SmokeTest) => !names.has(test.name) && !(test.type === 'command' && test.where === 'host');
  return [...own, ...ofBag.filter(isOurs)];
}
