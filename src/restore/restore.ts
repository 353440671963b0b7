import type { Manifest } from '../bag/manifest.ts';
import type { Bag } from '../bag/open-bag.ts';
import type { ContainerFacts, Engine } from '../engine/engine.ts';
import { PerennialError } from '../errors.ts';
import { interruption } from '../interruption.ts';
import { hostSteps } from '../plan/host-steps.ts';
import { movedPrefixes } from '../plan/moved-prefixes.ts';
import type { Order } from '../plan/package-order.ts';
import type { Plan } from '../plan/plan.ts';
import type { Progress } from '../progress.ts';
import type { StateProof } from '../proof/finding.ts';
import { engineReference, runRecord } from '../run-record.ts';
import type { SmokeComparison, SmokeTest } from '../smoke/smoke-test.ts';
import { printable } from '../system/byte-text.ts';
import type { Accounts, InstalledPackage } from '../system/system-facts.ts';
import { endGrowthOfYoungGeneration } from '../young-generation.ts';
import { accountsTag } from './build-image.ts';
import { carryOutEitherWay } from './carry-out.ts';
import { EarlyBuild } from './early-build.ts';
import { Journal } from './journal.ts';
import { buildLabel, CACHED, imageTag, keptName, type Made, removeMade } from './made.ts';
import { type Preparation, prepare } from './prepare-restore.ts';
import { makeReportFolder, writeJournal, writeProgram } from './report-folder.ts';
import { refuseTaken } from './start-container.ts';
import { stoppedError } from './stopped.ts';
import { findUnfinished, restoreKey } from './unfinished.ts';

export interface RestoreOptions {
  engine: Engine;
  /** Path of a bag, or an open one, which is closed at the end. */
  bag: string | Bag;
  name: string;
  base?: string;
  /** Leave the container running (and when it failed, as it is). */
  keep: boolean;
  /** Further or other smoke tests than the bag's. */
  smoke?: SmokeTest[];
  /** Folder for the report. */
  report?: string;
  useCache?: boolean;
  publish?: boolean;
  /** Repeat `--privileged` and its like; never for a stranger's bag. */
  allowPrivileged?: boolean;
  progress: Progress;
  /** Go on with what an earlier run of the same restore left; where it left nothing, from the beginning. */
  resume?: boolean;
  /** Reference to keep the restored container under as an image; needs `keep`. */
  imageName?: string;
  /** Push that image. */
  push?: boolean;
  /** Folder with knowledge entries of the owner's own. What a bag has of them is never used by itself. */
  knowledge?: string;
  /** Ask older releases for packages that today's has not, nor anything that succeeds them; true when it is not given. */
  olderPackages?: boolean;
  /** Old state before today's packages, or after them; decided for each package when it is not given. */
  order?: Order;
  /** Names of old packages whose state comes first with the order `state-first`; all that can be when it is not given. */
  stateOf?: ReadonlySet<string>;
  /** Gets what is noted of the restore while it goes on: what a report shows of one that fails. */
  onJournal?: (journal: Journal) => void;
  /** Shown before anything is made but, on docker, the layers of a build that has begun meanwhile (EarlyBuild). */
  onPlan?: (plan: Plan) => void;
  /** Gets bag, base and plan with the plan, while the bag is open: what a report shows of them. */
  onPrepared?: (prepared: Preparation) => Promise<void>;
}

export interface RestoreResult {
  manifest: Manifest;
  plan: Plan;
  journal: Journal;
  /** Facts of the running container; undefined when it was removed again. */
  container: ContainerFacts | undefined;
  image: string;
  comparisons: SmokeComparison[];
  /** Accounts, files, ports, processes and inventories against those of before the end, beyond what clients see. */
  state: StateProof;
  /** The service starts, every answer is as it was before the end, and nothing differs that nothing explains. */
  same: boolean;
  /** The new system, before the service was started. */
  now: Now;
  seconds: number;
}

/** What is installed, and the accounts. */
export interface Now {
  packages: InstalledPackage[];
  accounts: Accounts;
}

/**
 * Rebuilds a service from its bag on today's base, puts its state back, starts it and holds its answers against the golden
 * ones. Whatever fails, what was made is removed again unless `keep` is set: then a later run with `resume` goes on with it.
 */
export async function restore(options: RestoreOptions): Promise<RestoreResult> {
  const started = performance.now();
  const { report } = options;
  endGrowthOfYoungGeneration();
  const journal = new Journal(options.progress, async each => {
    if (report) await writeJournal(report, each);
  });
  options.onJournal?.(journal);
  checkName(options.name);
  if (report) await makeReportFolder(report);
  const early = new EarlyBuild(options);
  const prepared = await prepare(options, guess => early.begin(guess)).catch(async error => {
    await early.discard();
    throw error;
  });
  const { bag, plan } = prepared;
  const made: Made = { volumes: [], label: CACHED };
  let succeeded = false;
  let gone = () => {};
  try {
    if (!options.useCache)
      made.label = buildLabel(await restoreKey({ ...prepared, plan: prepared.guess }), options.name);
    options.onPlan?.(plan);
    if (!options.allowPrivileged) refuseHostSteps(plan);
    await options.onPrepared?.(prepared);
    const key = await restoreKey(prepared);
    // What is to be kept can be gone on with, also when this process is killed.
    if (options.keep) gone = runRecord.add({ kind: 'stays', value: options.name });
    else if (!options.useCache)
      gone = runRecord.add({ kind: 'images', value: made.label, engine: engineReference(options.engine.name) });
    early.handOver();
    const found = options.resume
      ? await findUnfinished(options.engine, options.name, imageTag(options.name), key)
      : { volumes: [] };
    if (!found.container) await refuseTaken(options.engine, options.name);
    const result = await carryOutEitherWay(options, prepared, { journal, made, key, found, early });
    succeeded = true;
    const seconds = Math.round(performance.now() - started) / 1000;
    return { ...result, manifest: bag.manifest, plan, journal, seconds };
  } catch (error) {
    throw stoppedError(error, journal, options.keep ? keptName(options, made) : undefined);
  } finally {
    await early.stop();
    if (!options.keep || interruption.signal || (!succeeded && !keptName(options, made)))
      await removeMade(options.engine, made);
    else await early.tidy();
    early.handOver();
    await options.engine.removeImage(accountsTag(imageTag(options.name)));
    gone();
    if (options.keep && !interruption.signal) runRecord.handOver();
    const moves = report ? await movedPrefixes(bag.readIndex(), plan) : [];
    await bag.close();
    if (report) await writeProgram(report, plan, moves, journal);
  }
}

/** @throws PerennialError `bad-input` for a Dockerfile of the bag that would reach this machine */
function refuseHostSteps(plan: Plan): void {
  const steps = hostSteps(plan.dockerfile.text);
  if (steps.length === 0) return;
  throw new PerennialError('bad-input', `The bag's Dockerfile asks for rights over this machine: ${steps.join('; ')}`, {
    hint: 'Nothing was built. If the bag is yours, add --allow-privileged.',
  });
}

/** Both engines take these names for containers, and volumes and images are named after them. */
function checkName(name: string): void {
  if (/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(name)) return;
  throw new PerennialError('bad-input', `"${printable(name)}" is no name for a container`, {
    hint: 'Use two or more letters, digits, "_", "." and "-", the first a letter or digit.',
  });
}
