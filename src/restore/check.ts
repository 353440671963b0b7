import type { IndexEntry } from '../bag/index-entry.ts';
import { type Bag, openBag } from '../bag/open-bag.ts';
import { verifyBag } from '../bag/verify-bag.ts';
import type { ContainerFacts, Engine } from '../engine/engine.ts';
import { PerennialError } from '../errors.ts';
import { readServices } from '../knowledge/read-services.ts';
import { recognisedServices } from '../plan/recognised-services.ts';
import { selectDifferences } from '../plan/select-differences.ts';
import type { Progress } from '../progress.ts';
import { compareFiles } from '../proof/compare-files.ts';
import { joinProofs, type StateProof, stateAgrees } from '../proof/finding.ts';
import { readInventories } from '../proof/inventory-file.ts';
import { findRecord } from '../proof/path-record.ts';
import { type Before, proveRunning, runningOf } from '../proof/prove-running.ts';
import { answersAgree } from '../smoke/compare-answers.ts';
import type { SmokeComparison, SmokeTest } from '../smoke/smoke-test.ts';
import { printable } from '../system/byte-text.ts';
import { runningTarget } from '../system/open-container.ts';
import type { Accounts } from '../system/system-facts.ts';
import { askSmokeTests } from './ask-smoke-tests.ts';
import { loadIndex } from './load-index.ts';
import { NewSystem } from './new-system.ts';
import { pristineAccounts, recordedAccounts } from './recorded-accounts.ts';

export interface CheckOptions {
  engine: Engine;
  /** Path of a bag, or an open one, which is closed at the end. */
  bag: string | Bag;
  /** A running container: restored from the bag, or the one that the bag was made of. */
  container: string;
  /** Further or other smoke tests than the bag's. */
  smoke?: SmokeTest[];
  /** Folder with knowledge entries of the owner's own. */
  knowledge?: string;
  progress: Progress;
}

export interface CheckResult {
  container: ContainerFacts;
  /** Whether the container knows how it was restored from this bag; else every path is expected as the bag has it. */
  restored: boolean;
  comparisons: SmokeComparison[];
  state: StateProof;
  /** Every answer is as it was, and nothing differs that nothing explains. */
  same: boolean;
}

/**
 * Compares a living container with a bag: files, accounts, ports with their programs, processes, inventories, smoke answers. Changes
 * nothing but what the smoke tests themselves do.
 * @throws PerennialError `bad-input` when the container does not run; as openBag and verifyBag
 */
export async function check(options: CheckOptions): Promise<CheckResult> {
  const { engine, progress } = options;
  const container = await engine.inspectContainer(options.container);
  if (!container.running)
    throw new PerennialError('bad-input', `The container "${printable(container.name)}" does not run`, {
      hint: 'Only a running service can be compared; start it first.',
    });
  progress.step('Verifying the bag');
  const bag = typeof options.bag === 'string' ? await openBag(options.bag) : options.bag;
  try {
    await verifyBag(bag);
    return await compare(options, bag, container);
  } finally {
    await bag.close();
  }
}

async function compare(options: CheckOptions, bag: Bag, container: ContainerFacts): Promise<CheckResult> {
  const { engine, progress } = options;
  progress.step(`Looking at every path of ${container.name}`);
  const system = await NewSystem.open(engine, container.name, await runningTarget(engine, container));
  try {
    return await compareSystem(options, bag, container, system);
  } finally {
    await system.close();
  }
}

async function compareSystem(
  options: CheckOptions,
  bag: Bag,
  container: ContainerFacts,
  system: NewSystem,
): Promise<CheckResult> {
  const { progress } = options;
  const record = await findRecord(system, bag.manifest.created);
  const services = recognisedServices(bag.manifest, await readServices(options.knowledge));
  const before: Before = {
    manifest: bag.manifest,
    accounts: await recordedAccounts(bag),
    image: await pristineAccounts(bag),
    brought: new Set(record?.people),
    inventories: await readInventories(bag),
    services,
    differences: selectDifferences(services, bag.manifest.system.packages, name => system.installedVersion(name)),
    substitutions: record?.substitutions ?? [],
    successors: new Map(Object.entries(record?.successors ?? {})),
  };
  const { processes } = await runningOf(system, system.accounts);
  const writers = writersOf([...processes, ...bag.manifest.service.processes], system.accounts);
  progress.step('Comparing files');
  const files = await compareFiles(system, await indexOf(bag), record, writers);
  progress.step('Comparing accounts, processes and inventories');
  const state = joinProofs(files, await proveRunning(system, before, 0));
  progress.step('Asking the smoke tests');
  const comparisons = await askSmokeTests(options, bag, system, before);
  const same = stateAgrees(state) && answersAgree(comparisons);
  return { container, restored: record !== undefined, comparisons, state, same };
}

/**
 * Accounts whose files a service writes by itself: those that its programs run (or ran) as, and those that nobody can log in to, since
 * workers come and go. Never root.
 */
function writersOf(processes: readonly { user: string }[], { passwd }: Accounts): Set<string> {
  const closed = passwd.filter(each => /\/(nologin|false)$/.test(each.shell)).map(each => each.name);
  const names = new Set([...processes.map(each => each.user), ...closed]);
  names.delete('root');
  return names;
}

async function indexOf(bag: Bag): Promise<Map<string, IndexEntry>> {
  const index = await loadIndex(bag);
  return index;
}
