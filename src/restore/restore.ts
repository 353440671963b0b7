import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Manifest } from '../bag/manifest.ts';
import type { Bag } from '../bag/open-bag.ts';
import type { ContainerFacts, Engine } from '../engine/engine.ts';
import { PerennialError } from '../errors.ts';
import { interruption } from '../interruption.ts';
import type { Plan } from '../plan/plan.ts';
import { rewriteDockerfile } from '../plan/rewrite-dockerfile.ts';
import type { Progress } from '../progress.ts';
import { beforeTheEnd } from '../proof/before.ts';
import { joinProofs, type StateProof, stateAgrees } from '../proof/finding.ts';
import { PATIENCE, proveRunning } from '../proof/prove-running.ts';
import { answersAgree } from '../smoke/compare-answers.ts';
import type { SmokeComparison, SmokeTest } from '../smoke/smoke-test.ts';
import { printable } from '../system/byte-text.ts';
import type { Accounts, InstalledPackage } from '../system/system-facts.ts';
import { askSmokeTests } from './ask-smoke-tests.ts';
import { accountsTag, BUILD_LABEL, buildImage } from './build-image.ts';
import { Journal } from './journal.ts';
import { NewSystem } from './new-system.ts';
import { writePreState } from './pre-state.ts';
import { type Preparation, prepare } from './prepare-restore.ts';
import { putBack } from './put-back.ts';
import { reportAnswers, reportProof } from './report-proof.ts';
import { refuseTaken, startContainer } from './start-container.ts';
import { startService } from './start-service.ts';

export interface RestoreOptions {
  engine: Engine;
  bag: string;
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
 * ones. Whatever fails, what was made is removed again unless `keep` is set.
 */
export async function restore(options: RestoreOptions): Promise<RestoreResult> {
  const started = performance.now();
  const journal = new Journal(options.progress);
  checkName(options.name);
  if (options.report) await makeReportFolder(options.report);
  const prepared = await prepare(options);
  const { bag, plan } = prepared;
  const made: Made = { volumes: [], label: options.useCache ? CACHED : randomBytes(8).toString('hex') };
  let succeeded = false;
  try {
    options.onPlan?.(plan);
    await options.onPrepared?.(prepared);
    await refuseTaken(options.engine, options.name);
    const result = await carryOut(options, prepared, journal, made);
    succeeded = true;
    return {
      ...result,
      manifest: bag.manifest,
      plan,
      journal,
      seconds: Math.round(performance.now() - started) / 1000,
    };
  } finally {
    if (!options.keep || interruption.signal) await removeMade(options.engine, made);
    else if (!succeeded && made.container) options.progress.warn(`The unfinished container ${options.name} is kept`);
    else if (!succeeded) await removeMade(options.engine, made);
    await options.engine.removeImage(accountsTag(imageTag(options.name)));
    await bag.close();
    if (options.report) await writeProgram(options.report, plan, journal);
  }
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
  await writeFile(
    join(folder, 'journal.json'),
    `${JSON.stringify({ entries: journal.entries, seconds: journal.seconds, state: journal.state }, null, 1)}\n`,
  );
}

type Outcome = Pick<RestoreResult, 'container' | 'image' | 'comparisons' | 'state' | 'same' | 'now'>;

async function carryOut(
  options: RestoreOptions,
  prepared: Preparation,
  journal: Journal,
  made: Made,
): Promise<Outcome> {
  const { engine } = options;
  const { bag, plan } = prepared;
  const { manifest } = bag;
  const tag = imageTag(options.name);
  const imageId = await journal.stage('build', `Building the image on ${plan.base}`, () =>
    build(options, prepared, tag, made.label, journal),
  );
  made.image = tag;
  journal.done(
    'build',
    `built on ${plan.base}`,
    plan.dockerfile.generated ? 'from the chosen packages' : 'from the recorded Dockerfile',
    'build/dockerfile',
    plan.dockerfile.diff,
  );
  const image = await engine.inspectImage(imageId);
  const startedContainer = await startContainer({
    engine,
    name: options.name,
    image,
    run: manifest.service.run,
    oldImage: manifest.service.image,
    substitutions: plan.substitutions,
    mountPoints: await mountPoints(bag),
    publish: options.publish ?? true,
    allowPrivileged: options.allowPrivileged ?? false,
  });
  made.container = startedContainer.container;
  made.volumes = startedContainer.volumes;
  for (const note of startedContainer.notes) journal.look('start', note, 'it cannot be repeated here', 'start/options');
  const system = await NewSystem.open(engine, startedContainer.container);
  const files = await putBack(system, prepared, journal);
  const now = { packages: system.facts.packages, accounts: system.accounts };
  const alive = await journal.stage('start', 'Starting the service', () =>
    startService(options, manifest, plan, system, journal),
  );
  const before = await beforeTheEnd(prepared);
  const running = await journal.stage('proof', 'Comparing accounts, processes and inventories', () =>
    proveRunning(system, before, PATIENCE),
  );
  const state = joinProofs(files, running);
  journal.state = state;
  reportProof(running, journal);
  const comparisons = await journal.stage('smoke', 'Asking the smoke tests', () =>
    askSmokeTests(options, bag, system, before),
  );
  reportAnswers(comparisons, journal);
  const same = alive && answersAgree(comparisons) && stateAgrees(state);
  const container = options.keep ? await engine.inspectContainer(startedContainer.container) : undefined;
  return { container, image: tag, comparisons, state, same, now };
}

async function build(
  options: RestoreOptions,
  { bag, plan, base }: Preparation,
  tag: string,
  label: string,
  journal: Journal,
): Promise<string> {
  const { text: dockerfile } = rewriteDockerfile(plan.dockerfile.text, {
    base: accountsTag(tag),
    oldBase: base.reference,
    buildArgs: plan.dockerfile.buildArgs,
    resolutions: [],
  });
  const request = {
    engine: options.engine,
    base: base.reference,
    accounts: plan.systemAccounts,
    dockerfile,
    context: bag.manifest.rebuild ? join(bag.dir, 'data/rebuild') : undefined,
    buildArgs: plan.dockerfile.buildArgs,
    tag,
    label,
    useCache: options.useCache ?? false,
    onLine: (line: string) => options.progress.detail(printable(line)),
  };
  const carried: string[] = [];
  const writeState = async (context: string) => carried.push(...(await writePreState(bag, plan, context))) > 0;
  const image = await buildImage({ ...request, writePreState: writeState }).catch(error => {
    if (carried.length === 0) throw error;
    journal.look(
      'build',
      `the image does not build on the state of ${carried.join(', ')}`,
      String(error),
      'packages/vanished',
    );
    return buildImage(request);
  });
  for (const name of carried)
    journal.done(
      'packages',
      `the state of ${name} was there before its successor`,
      "the successor's own scripts carry it over",
      'packages/vanished',
    );
  return image;
}

/** Mounts that get a volume again: those that were kept and are folders. A mounted file is put back as a file. */
async function mountPoints(bag: Bag): Promise<string[]> {
  const points = new Set(bag.manifest.mounts.filter(each => each.kept).map(each => each.destination));
  for await (const entry of bag.readIndex())
    if (points.has(entry.path) && entry.kind !== 'directory') points.delete(entry.path);
  return [...points];
}
