import { interruption } from '../interruption.ts';
import { decideOrder, notInBase } from '../plan/package-order.ts';
import { beforeTheEnd } from '../proof/before.ts';
import { joinProofs, stateAgrees } from '../proof/finding.ts';
import { PATIENCE, proveRunning } from '../proof/prove-running.ts';
import { settleRecord } from '../proof/record-restore.ts';
import { answersAgree } from '../smoke/compare-answers.ts';
import { askSmokeTests } from './ask-smoke-tests.ts';
import { Checkpoint } from './checkpoint.ts';
import type { EarlyBuild } from './early-build.ts';
import { type EndOfFirst, packagesOfPrograms, tryEitherWay } from './either-way.ts';
import { type Journal, STAGES } from './journal.ts';
import { keepImage } from './keep-image.ts';
import { withListedVersions } from './listed-versions.ts';
import { imageTag, type Made, removeMade } from './made.ts';
import { goOnWith, newContainer } from './new-container.ts';
import type { NewSystem } from './new-system.ts';
import type { Preparation } from './prepare-restore.ts';
import { loadData, putStateBack } from './put-back.ts';
import { readPackageNews } from './read-package-news.ts';
import { reportAnswers, reportProof } from './report-proof.ts';
import type { RestoreOptions, RestoreResult } from './restore.ts';
import { startService } from './start-service.ts';
import type { Unfinished } from './unfinished.ts';

export type Outcome = Pick<RestoreResult, 'container' | 'image' | 'comparisons' | 'state' | 'same' | 'now'> & {
  alive: boolean;
  /** Programs that did not come up. */
  missed: readonly string[];
};

/** One run of a restore. */
export interface Run {
  journal: Journal;
  made: Made;
  /** `restoreKey` */
  key: string;
  found: Unfinished;
  /** The build that was begun before the plan was there. */
  early?: EarlyBuild;
}

/**
 * Where a service does not come up with its packages first and its state after them, or the image does not build so, the other order
 * is tried once: then the distribution's own scripts upgrade what they find.
 */
export async function carryOutEitherWay(options: RestoreOptions, prepared: Preparation, run: Run): Promise<Outcome> {
  const { journal } = run;
  return tryEitherWay({
    first: () => carryOut(options, prepared, run),
    other: hasOtherOrder(options, prepared) ? ended => inOtherOrder(options, prepared, run, ended) : undefined,
    mayHelp: ({ missed }) => packagesOf(missed, prepared)?.size !== 0,
    mayBeOrder: () =>
      !interruption.signal && [STAGES.build, STAGES.packages].some(title => title === journal.progress().at),
  });
}

async function inOtherOrder(
  options: RestoreOptions,
  prepared: Preparation,
  run: Run,
  { error, outcome }: EndOfFirst<Outcome>,
): Promise<Outcome> {
  const { journal, made } = run;
  if (error !== undefined)
    journal.look('build', 'the restore stopped before its state was back', String(error), 'order/retry');
  const said = journal.startOver();
  await removeMade(options.engine, made);
  Object.assign(made, { container: undefined, volumes: [], image: undefined });
  journal.look(
    'build',
    'the service did not come up with its packages first: tried again with its state first',
    "the scripts of today's packages may carry over what they find",
    'order/retry',
    said,
  );
  const stateOf = outcome && packagesOf(outcome.missed, prepared);
  const other: RestoreOptions = { ...options, order: 'state-first', ...(stateOf ? { stateOf } : {}) };
  return carryOut(other, prepared, { ...withoutEarly(run), found: { volumes: [] } });
}

/** Packages whose state could come first and which have to do with the programs that are missed; undefined where nobody can tell. */
function packagesOf(missed: readonly string[], { bag, plan, base }: Preparation): Set<string> | undefined {
  const { system, service } = bag.manifest;
  const packages = notInBase(system.packages, base.system.facts.packages);
  const carriable = decideOrder(packages, plan.resolutions, 'state-first').map(each => each.old);
  return packagesOfPrograms(missed, service.processes, system.packages, carriable);
}

function withoutEarly({ early: _, ...run }: Run): Run {
  return run;
}

function hasOtherOrder(options: RestoreOptions, { bag, plan, base }: Preparation): boolean {
  const packages = notInBase(bag.manifest.system.packages, base.system.facts.packages);
  const isOpen = (options.order ?? 'auto') === 'auto' && !options.resume && !plan.sameRelease;
  return isOpen && decideOrder(packages, plan.resolutions, 'state-first').length > 0;
}

async function carryOut(options: RestoreOptions, prepared: Preparation, run: Run): Promise<Outcome> {
  const system = run.found.container
    ? await goOnWith(options, run, run.found.container)
    : await newContainer(options, prepared, run);
  try {
    return await carryOutIn(system, options, prepared, run);
  } finally {
    await system.close();
  }
}

async function carryOutIn(
  system: NewSystem,
  options: RestoreOptions,
  preparation: Preparation,
  run: Run,
): Promise<Outcome> {
  const { engine } = options;
  const { bag } = preparation;
  const { journal, made } = run;
  let checkpoint = run.found.container ? await Checkpoint.read(system, journal) : undefined;
  if (!checkpoint) {
    checkpoint = new Checkpoint(system, journal, await putStateBack(system, preparation, journal));
    await checkpoint.save();
  }
  const prepared = withListedVersions(preparation, system);
  const { plan } = prepared;
  await loadData(system, prepared, journal, checkpoint);
  const now = { packages: system.facts.packages, accounts: system.accounts };
  const started = await journal.stage('start', STAGES.start, () =>
    startService(options, bag.manifest, plan, system, checkpoint.state.placed, journal),
  );
  const { well: alive, missed } = started;
  if (options.keep) await settleRecord(system, bag.manifest.created);
  const before = await beforeTheEnd(prepared);
  const running = await journal.stage('proof', STAGES.running, () => proveRunning(system, before, PATIENCE));
  const state = joinProofs(checkpoint.state.proof, running);
  journal.state = state;
  reportProof(running, journal);
  const [comparisons, news] = await Promise.all([
    journal.stage('smoke', STAGES.smoke, () => askSmokeTests(options, bag, system, before)),
    plan.sameRelease ? [] : readPackageNews(system, prepared),
  ]);
  journal.news = news;
  reportAnswers(comparisons, journal);
  if (options.keep) await Checkpoint.remove(system);
  if (options.keep && options.imageName) {
    const { imageName: image, name, report, push = false } = options;
    await keepImage(system, bag.manifest, plan, { image, push, name, report }, journal);
  }
  const same = alive && answersAgree(comparisons) && stateAgrees(state);
  const container = options.keep ? await engine.inspectContainer(system.container) : undefined;
  return { container, image: made.image ?? imageTag(options.name), comparisons, state, same, alive, missed, now };
}
