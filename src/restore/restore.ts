import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Manifest } from '../bag/manifest.ts';
import type { Bag } from '../bag/open-bag.ts';
import type { ContainerFacts, Engine } from '../engine/engine.ts';
import { BUILD_LABEL } from '../engine/inspect.ts';
import { PerennialError } from '../errors.ts';
import { interruption } from '../interruption.ts';
import { hostSteps } from '../plan/host-steps.ts';
import { decideOrder, type Order } from '../plan/package-order.ts';
import type { Plan } from '../plan/plan.ts';
import type { Progress } from '../progress.ts';
import { beforeTheEnd } from '../proof/before.ts';
import { joinProofs, type StateProof, stateAgrees } from '../proof/finding.ts';
import { PATIENCE, proveRunning } from '../proof/prove-running.ts';
import { engineReference, runRecord } from '../run-record.ts';
import { answersAgree } from '../smoke/compare-answers.ts';
import type { SmokeComparison, SmokeTest } from '../smoke/smoke-test.ts';
import { printable } from '../system/byte-text.ts';
import type { Accounts, InstalledPackage } from '../system/system-facts.ts';
import { askSmokeTests } from './ask-smoke-tests.ts';
import { accountsTag } from './build-image.ts';
import { Checkpoint } from './checkpoint.ts';
import { Journal, STAGES } from './journal.ts';
import { keepImage } from './keep-image.ts';
import { NewSystem } from './new-system.ts';
import { type Preparation, prepare } from './prepare-restore.ts';
import { loadData, putStateBack } from './put-back.ts';
import { reportAnswers, reportProof } from './report-proof.ts';
import { buildServiceImage } from './service-image.ts';
import { READY_MARK, refuseTaken, startContainer } from './start-container.ts';
import { startService } from './start-service.ts';
import { stoppedError } from './stopped.ts';
import { findUnfinished, IMAGE_LABEL, RESTORE_LABEL, restoreKey, type Unfinished } from './unfinished.ts';

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
  /** Old state before today's packages, or after them; decided for each package when it is not given. */
  order?: Order;
  /** Gets what is noted of the restore while it goes on: what a report shows of one that fails. */
  onJournal?: (journal: Journal) => void;
  /** Shown before anything is made. */
  onPlan?: (plan: Plan) => void;
  /** Gets bag, base and plan before anything is made, while the bag is open: what a report shows of them. */
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
  const journal = new Journal(options.progress, async each => {
    if (report) await writeJournal(report, each);
  });
  options.onJournal?.(journal);
  checkName(options.name);
  if (report) await makeReportFolder(report);
  const prepared = await prepare(options);
  const { bag, plan } = prepared;
  const made: Made = { volumes: [], label: CACHED };
  let succeeded = false;
  let gone = () => {};
  try {
    options.onPlan?.(plan);
    if (!options.allowPrivileged) refuseHostSteps(plan);
    await options.onPrepared?.(prepared);
    const key = await restoreKey(prepared);
    if (!options.useCache) made.label = `${key}-${options.name}`;
    // What is to be kept can be gone on with, also when this process is killed.
    if (options.keep) runRecord.add({ kind: 'stays', value: options.name });
    else if (!options.useCache)
      gone = runRecord.add({ kind: 'images', value: made.label, engine: engineReference(options.engine.name) });
    const found = options.resume
      ? await findUnfinished(options.engine, options.name, imageTag(options.name), key)
      : { volumes: [] };
    if (!found.container) await refuseTaken(options.engine, options.name);
    const result = await carryOutEitherWay(options, prepared, { journal, made, key, found });
    succeeded = true;
    const seconds = Math.round(performance.now() - started) / 1000;
    return { ...result, manifest: bag.manifest, plan, journal, seconds };
  } catch (error) {
    throw stoppedError(error, journal, options.keep ? keptName(options, made) : undefined);
  } finally {
    if (!options.keep || interruption.signal || (!succeeded && !keptName(options, made)))
      await removeMade(options.engine, made);
    await options.engine.removeImage(accountsTag(imageTag(options.name)));
    gone();
    if (options.keep && !interruption.signal) runRecord.handOver();
    await bag.close();
    if (report) await writeProgram(report, plan, journal);
  }
}

/** What stays of a restore that failed, in words. An image without a container is worth its time. */
function keptName({ name }: RestoreOptions, made: Made): string | undefined {
  if (made.container) return `The container ${name}`;
  return made.image ? `The image ${made.image}` : undefined;
}

/** @throws PerennialError `bad-input` for a Dockerfile of the bag that would reach this machine */
function refuseHostSteps(plan: Plan): void {
  const steps = hostSteps(plan.dockerfile.text);
  if (steps.length === 0) return;
  throw new PerennialError('bad-input', `The bag's Dockerfile asks for rights over this machine: ${steps.join('; ')}`, {
    hint: 'Nothing was built. If the bag is yours, add --allow-privileged.',
  });
}

/** Layers that are to be used again cannot have a label of their own. */
const CACHED = 'cached';

/** What a restore has made so far, for taking it away again. */
interface Made {
  container?: string;
  volumes: string[];
  /** Tag of the built image. */
  image?: string;
  /** Value of BUILD_LABEL on every image of this restore. */
  label: string;
}

function imageTag(name: string): string {
  return `perennial/${name.toLowerCase().replace(/[^a-z0-9_.-]+/g, '-')}:restored`;
}

async function removeMade(engine: Engine, made: Made): Promise<void> {
  if (made.container) await engine.removeContainer(made.container);
  for (const volume of made.volumes) await engine.removeVolume(volume);
  if (made.label === CACHED && made.image) await engine.removeImage(made.image);
  else if (made.label !== CACHED) await engine.removeImagesWithLabel(BUILD_LABEL, made.label);
}

/** Both engines take these names for containers, and volumes and images are named after them. */
function checkName(name: string): void {
  if (/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(name)) return;
  throw new PerennialError('bad-input', `"${printable(name)}" is no name for a container`, {
    hint: 'Use two or more letters, digits, "_", "." and "-", the first a letter or digit.',
  });
}

async function makeReportFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch(cause => {
    throw new PerennialError('bad-input', `The report cannot be written to ${folder}: ${cause.message}`, {
      cause,
      hint: 'Name a folder that exists or can be made with --report.',
    });
  });
}

async function writeProgram(folder: string, plan: Plan, journal: Journal): Promise<void> {
  await writeFile(join(folder, 'Dockerfile'), plan.dockerfile.text);
  await writeFile(join(folder, 'restore-program.sh'), journal.program());
  await writeJournal(folder, journal);
}

/** Written after each stage, so that it is there whatever ends the restore. `at`: the stage that was not finished. */
async function writeJournal(folder: string, journal: Journal): Promise<void> {
  const { at, done, left } = journal.progress();
  const { entries, seconds } = journal;
  const text = JSON.stringify({ entries, seconds, state: journal.state, done, at: at ?? null, left }, null, 1);
  await writeFile(join(folder, 'journal.json.new'), `${text}\n`);
  await rename(join(folder, 'journal.json.new'), join(folder, 'journal.json'));
}

type Outcome = Pick<RestoreResult, 'container' | 'image' | 'comparisons' | 'state' | 'same' | 'now'> & {
  alive: boolean;
};

/** One run of a restore. */
interface Run {
  journal: Journal;
  made: Made;
  /** `restoreKey` */
  key: string;
  found: Unfinished;
}

/**
 * Where a service does not come up with its packages first and its state after them, or the image does not build so, the other order
 * is tried once: then the distribution's own scripts upgrade what they find.
 */
async function carryOutEitherWay(options: RestoreOptions, prepared: Preparation, run: Run): Promise<Outcome> {
  const { journal, made } = run;
  try {
    const outcome = await carryOut(options, prepared, run);
    if (outcome.alive || !hasOtherOrder(options, prepared)) return outcome;
  } catch (error) {
    const isOrders = [STAGES.build, STAGES.packages].some(title => title === journal.progress().at);
    if (interruption.signal || !isOrders || !hasOtherOrder(options, prepared)) throw error;
    journal.look('build', 'the restore stopped before its state was back', String(error), 'order/retry');
  }
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
  return carryOut({ ...options, order: 'state-first' }, prepared, { ...run, found: { volumes: [] } });
}

function hasOtherOrder(options: RestoreOptions, { bag, plan }: Preparation): boolean {
  const { packages } = bag.manifest.system;
  const isOpen = (options.order ?? 'auto') === 'auto' && !options.resume && !plan.sameRelease;
  return isOpen && decideOrder(packages, plan.resolutions, 'state-first').length > 0;
}

async function carryOut(options: RestoreOptions, prepared: Preparation, run: Run): Promise<Outcome> {
  const { engine } = options;
  const { bag, plan } = prepared;
  const { journal, made } = run;
  const system = run.found.container
    ? await goOnWith(options, run, run.found.container)
    : await newContainer(options, prepared, run);
  let checkpoint = run.found.container ? await Checkpoint.read(system, journal) : undefined;
  if (!checkpoint) {
    checkpoint = new Checkpoint(system, journal, await putStateBack(system, prepared, journal));
    await checkpoint.save();
  }
  await loadData(system, prepared, journal, checkpoint);
  const now = { packages: system.facts.packages, accounts: system.accounts };
  const alive = await journal.stage('start', STAGES.start, () =>
    startService(options, bag.manifest, plan, system, journal),
  );
  const before = await beforeTheEnd(prepared);
  const running = await journal.stage('proof', STAGES.running, () => proveRunning(system, before, PATIENCE));
  const state = joinProofs(checkpoint.state.proof, running);
  journal.state = state;
  reportProof(running, journal);
  const comparisons = await journal.stage('smoke', STAGES.smoke, () => askSmokeTests(options, bag, system, before));
  reportAnswers(comparisons, journal);
  if (options.keep) await Checkpoint.remove(system);
  if (options.keep && options.imageName) {
    const { imageName: image, name, report, push = false } = options;
    await keepImage(system, bag.manifest, plan, { image, push, name, report }, journal);
  }
  const same = alive && answersAgree(comparisons) && stateAgrees(state);
  const container = options.keep ? await engine.inspectContainer(system.container) : undefined;
  return { container, image: made.image ?? imageTag(options.name), comparisons, state, same, alive, now };
}

/** What an earlier run of it started would be in the way: the container starts anew and waits again. */
async function goOnWith({ engine, name, progress }: RestoreOptions, run: Run, container: string): Promise<NewSystem> {
  progress.step(`Going on with the unfinished restore in the container ${name}`);
  const { id } = await engine.inspectContainer(container);
  Object.assign(run.made, { container: id, volumes: run.found.volumes, image: imageTag(name) });
  await engine.exec(id, ['rm', '-f', '--', READY_MARK], { user: '0' });
  await engine.stop(id, 1);
  await engine.start(id);
  return NewSystem.open(engine, id);
}

async function newContainer(options: RestoreOptions, prepared: Preparation, run: Run): Promise<NewSystem> {
  const { engine } = options;
  const { bag, plan } = prepared;
  const { journal, made } = run;
  // What the engine still built when an earlier run was killed.
  if (options.resume && !run.found.image && made.label !== CACHED)
    await engine.removeImagesWithLabel(BUILD_LABEL, made.label);
  const image = await engine.inspectImage(run.found.image ?? (await newImage(options, prepared, run)));
  made.image = imageTag(options.name);
  made.label = image.labels[BUILD_LABEL] ?? made.label;
  if (run.found.image)
    journal.done('build', 'the image of the unfinished restore is used', 'same bag, same base', 'build/resume');
  const startedContainer = await startContainer({
    engine,
    name: options.name,
    image,
    run: bag.manifest.service.run,
    oldImage: bag.manifest.service.image,
    substitutions: plan.substitutions,
    mountPoints: await mountPoints(bag),
    publish: options.publish ?? true,
    labels: { [RESTORE_LABEL]: run.key },
    allowPrivileged: options.allowPrivileged ?? false,
  });
  made.container = startedContainer.container;
  made.volumes = startedContainer.volumes;
  for (const note of startedContainer.notes) journal.look('start', note, 'it cannot be repeated here', 'start/options');
  return NewSystem.open(engine, startedContainer.container);
}

async function newImage(options: RestoreOptions, prepared: Preparation, { journal, made, key }: Run): Promise<string> {
  const { plan } = prepared;
  const id = await journal.stage('build', STAGES.build, () =>
    buildServiceImage(
      options,
      prepared,
      { tag: imageTag(options.name), label: made.label, labels: { [IMAGE_LABEL]: key } },
      journal,
    ),
  );
  const how = plan.dockerfile.generated ? 'from the chosen packages' : 'from the recorded Dockerfile';
  journal.done('build', `built on ${plan.base}`, how, 'build/dockerfile', plan.dockerfile.diff);
  return id;
}

/** Mounts that get a volume again: those that were kept and are folders. A mounted file is put back as a file. */
async function mountPoints(bag: Bag): Promise<string[]> {
  const points = new Set(bag.manifest.mounts.filter(each => each.kept).map(each => each.destination));
  for await (const entry of bag.readIndex())
    if (points.has(entry.path) && entry.kind !== 'directory') points.delete(entry.path);
  return [...points];
}
