import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { IndexEntry } from '../bag/index-entry.ts';
import type { Manifest } from '../bag/manifest.ts';
import { type Bag, openBag } from '../bag/open-bag.ts';
import { readTar } from '../bag/tar-reader.ts';
import { verifyBag } from '../bag/verify-bag.ts';
import { compileGlobs } from '../classify/rule.ts';
import type { ContainerFacts, Engine, Mount } from '../engine/engine.ts';
import { PerennialError } from '../errors.ts';
import { type Distribution, defaultBase } from '../knowledge/distribution.ts';
import { readDistributions } from '../knowledge/read-distributions.ts';
import { readRules } from '../knowledge/read-rules.ts';
import { readServices } from '../knowledge/read-services.ts';
import { isSameRelease, makePlan, type PlanFacts } from '../plan/make-plan.ts';
import { mapPath } from '../plan/path-substitution.ts';
import type { Plan } from '../plan/plan.ts';
import { readPackageIndexes } from '../plan/read-package-index.ts';
import { rewriteDockerfile } from '../plan/rewrite-dockerfile.ts';
import type { Progress } from '../progress.ts';
import { compareAnswers } from '../smoke/compare-answers.ts';
import { findGolden } from '../smoke/golden-file.ts';
import { runSmokeTests } from '../smoke/run-smoke.ts';
import type { SmokeComparison, SmokeTest } from '../smoke/smoke-test.ts';
import { waitUntilReady } from '../smoke/wait-ready.ts';
import { parseAccounts } from '../system/accounts.ts';
import { printable } from '../system/byte-text.ts';
import type { Accounts } from '../system/system-facts.ts';
import { allowServiceStarts, denyServiceStarts, installPackages } from './apply-packages.ts';
import { restoreAttributes } from './attributes.ts';
import { type BaseImage, openBase } from './base.ts';
import { accountsTag, buildImage } from './build-image.ts';
import { checkServices } from './check-service.ts';
import { restoreConfiguration } from './configuration.ts';
import { repeatDeletions } from './deletions.ts';
import { rewriteFiles, runDifferences, sayWarnings } from './differences.ts';
import { Journal } from './journal.ts';
import { layFiles, layPayload } from './lay-payload.ts';
import { loadExports } from './load-exports.ts';
import { NewSystem } from './new-system.ts';
import { OldNames } from './old-names.ts';
import { replayDiversions, replayOverrides } from './overrides.ts';
import { restorePeople } from './people.ts';
import { type Placement, placeEntry } from './placement.ts';
import { remakeGenerated } from './remake-generated.ts';
import { READY_MARK, startContainer } from './start-container.ts';

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
  progress: Progress;
  /** Shown before anything is made. */
  onPlan?: (plan: Plan) => void;
}

export interface RestoreResult {
  manifest: Manifest;
  plan: Plan;
  journal: Journal;
  /** Facts of the running container; undefined when it was removed again. */
  container: ContainerFacts | undefined;
  image: string;
  comparisons: SmokeComparison[];
  /** Every answer is as it was before the end. */
  same: boolean;
  seconds: number;
}

/** What a bag and a base say before anything is made. */
export interface Preparation {
  bag: Bag;
  base: BaseImage;
  plan: Plan;
  accounts: Accounts;
  oldImageAccounts: Accounts | undefined;
}

/** Opens and verifies a bag, resolves the base, and makes the plan. Changes nothing. The caller closes the bag. */
export async function prepare(
  options: Pick<RestoreOptions, 'engine' | 'bag' | 'base' | 'progress'>,
): Promise<Preparation> {
  const { engine, progress } = options;
  progress.step('Verifying the bag');
  const bag = await openBag(options.bag);
  try {
    await verifyBag(bag);
    const { system, rebuild } = bag.manifest;
    progress.step('Looking at the base image');
    const distributions = await readDistributions();
    const base = await openBase(engine, options.base ?? defaultBase(distributions, system.os, new Date()));
    if (base.system.facts.packageManager !== 'dpkg' || system.packageManager !== 'dpkg') {
      throw new PerennialError(
        'base-unknown',
        `A restore from ${system.os.prettyName || 'an unknown system'} to ${base.reference} is not possible yet`,
        {
          hint: 'Both have to be Debian or a distribution made of it (dpkg).',
        },
      );
    }
    const accounts = parseAccounts(await readRecords(bag));
    const facts = {
      manifest: bag.manifest,
      accounts,
      dockerfile: rebuild ? await readFile(bag.file(`data/rebuild/${rebuild.dockerfile}`), 'utf8') : undefined,
      base: {
        image: base.reference,
        os: base.system.facts.os,
        accounts: base.system.accounts,
        packages: base.system.facts.packages,
      },
      services: await readServices(),
    };
    const plan = await planWithIndex(engine, base, facts, distributions, progress);
    return { bag, base, plan, accounts, oldImageAccounts: await pristineAccounts(bag) };
  } catch (error) {
    await bag.close();
    throw error;
  }
}

/** The releases in between are asked only when today's base alone does not know a chosen package. */
async function planWithIndex(
  engine: Engine,
  base: BaseImage,
  facts: Omit<PlanFacts, 'index' | 'between'>,
  distributions: Distribution[],
  progress: Progress,
): Promise<Plan> {
  const then = facts.manifest.system.os;
  const now = base.system.facts.os;
  if (isSameRelease(then, now)) return makePlan({ ...facts, index: undefined, between: [] });
  const run = (argv: string[]) =>
    engine.runOnceStream({ image: base.image.id, entrypoint: argv[0]!, command: argv.slice(1), user: '0' });
  const direct = await readPackageIndexes({ run, old: now, base: now, distributions, progress });
  const plan = makePlan({ ...facts, ...direct });
  if (plan.resolutions.every(each => each.how === 'same' || isQuiet(each.old, facts))) return plan;
  return makePlan({ ...facts, ...(await readPackageIndexes({ run, old: then, base: now, distributions, progress })) });
}

/** Libraries and other dependencies come by themselves: nobody has to know their names of today. */
function isQuiet(name: string, facts: Pick<PlanFacts, 'manifest'>): boolean {
  return facts.manifest.system.packages.some(
    each => each.name === name && (!each.manual || each.priority !== undefined),
  );
}

/** Account databases of the payload. */
async function readRecords(bag: Bag): Promise<Record<string, Buffer>> {
  const files: Record<string, Buffer> = {};
  for await (const member of readTar(bag.openPayload())) {
    const name = /^etc\/(passwd|group|shadow|gshadow|subuid|subgid)$/.exec(member.header.path)?.[1];
    if (!name || member.header.kind !== 'file') continue;
    const chunks: Buffer[] = [];
    for await (const chunk of member.body) chunks.push(chunk);
    files[name] = Buffer.concat(chunks);
  }
  return files;
}

async function pristineAccounts(bag: Bag): Promise<Accounts | undefined> {
  const files: Record<string, Buffer> = {};
  for (const each of bag.manifest.pristine) {
    const name = /^\/etc\/(passwd|group|shadow|gshadow|subuid|subgid)$/.exec(each.path)?.[1];
    if (name) files[name] = await readFile(bag.file(`data/${each.file}`));
  }
  return files['passwd'] && files['group'] ? parseAccounts(files) : undefined;
}

/**
 * Rebuilds a service from its bag on today's base, puts its state back, starts it and holds its answers against the golden
 * ones. Whatever fails, what was made is removed again unless `keep` is set.
 */
export async function restore(options: RestoreOptions): Promise<RestoreResult> {
  const started = performance.now();
  const journal = new Journal(options.progress);
  const prepared = await prepare(options);
  const { bag, plan } = prepared;
  const made: { container?: string; volumes: string[]; image?: string } = { volumes: [] };
  let succeeded = false;
  try {
    options.onPlan?.(plan);
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
    if (options.report) await writeProgram(options.report, plan, journal);
    if (!options.keep) await removeMade(options.engine, made);
    else if (!succeeded) options.progress.warn(`The unfinished container ${options.name} is kept`);
    await options.engine.removeImage(accountsTag(imageTag(options.name)));
    await bag.close();
  }
}

function imageTag(name: string): string {
  return `perennial/${name.toLowerCase().replace(/[^a-z0-9_.-]+/g, '-')}:restored`;
}

async function removeMade(
  engine: Engine,
  made: { container?: string; volumes: string[]; image?: string },
): Promise<void> {
  if (made.container) await engine.removeContainer(made.container);
  for (const volume of made.volumes) await engine.removeVolume(volume);
  if (made.image) await engine.removeImage(made.image);
}

async function writeProgram(folder: string, plan: Plan, journal: Journal): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'Dockerfile'), plan.dockerfile.text);
  await writeFile(join(folder, 'restore-program.sh'), journal.program());
  await writeFile(
    join(folder, 'journal.json'),
    `${JSON.stringify({ entries: journal.entries, seconds: journal.seconds }, null, 1)}\n`,
  );
}

type Outcome = Pick<RestoreResult, 'container' | 'image' | 'comparisons' | 'same'>;

async function carryOut(
  options: RestoreOptions,
  prepared: Preparation,
  journal: Journal,
  made: { container?: string; volumes: string[]; image?: string },
): Promise<Outcome> {
  const { engine } = options;
  const { bag, plan } = prepared;
  const { manifest } = bag;
  const tag = imageTag(options.name);
  const imageId = await journal.stage('build', `Building the image on ${plan.base}`, () =>
    build(options, prepared, tag),
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
    mounts: keptMounts(manifest),
    publish: options.publish ?? true,
  });
  made.container = startedContainer.container;
  made.volumes = startedContainer.volumes;
  for (const note of startedContainer.notes) journal.look('start', note, 'it cannot be repeated here', 'start/options');
  const system = await NewSystem.open(engine, startedContainer.container);
  await putBack(system, prepared, journal);
  await journal.stage('start', 'Starting the service', () => startService(options, manifest, plan, system, journal));
  const comparisons = await journal.stage('smoke', 'Asking the smoke tests', () => smoke(options, bag, system));
  for (const each of comparisons) {
    if (each.verdict === 'same') journal.done('smoke', `${each.name}: same answer`, 'as before the end', 'smoke');
    else journal.look('smoke', `${each.name}: ${each.verdict}`, 'not as before the end', 'smoke', each.diff);
  }
  const same = comparisons.every(each => each.verdict !== 'differs' && each.verdict !== 'missing');
  const container = options.keep ? await engine.inspectContainer(startedContainer.container) : undefined;
  return { container, image: tag, comparisons, same };
}

async function build(options: RestoreOptions, { bag, plan, base }: Preparation, tag: string): Promise<string> {
  const { text: dockerfile } = rewriteDockerfile(plan.dockerfile.text, {
    base: accountsTag(tag),
    oldBase: base.reference,
    buildArgs: plan.dockerfile.buildArgs,
    resolutions: [],
  });
  return buildImage({
    engine: options.engine,
    base: base.reference,
    accounts: plan.systemAccounts,
    dockerfile,
    context: bag.manifest.rebuild ? join(bag.dir, 'data/rebuild') : undefined,
    buildArgs: plan.dockerfile.buildArgs,
    tag,
    useCache: options.useCache ?? false,
    onLine: line => options.progress.detail(printable(line)),
  });
}

function keptMounts(manifest: Manifest): Mount[] {
  const kept = new Set(manifest.mounts.filter(each => each.kept).map(each => each.destination));
  return manifest.service.run.mounts.filter(mount => kept.has(mount.destination));
}

/** Everything between the started, waiting container and the start of the service. */
async function putBack(
  system: NewSystem,
  { bag, plan, accounts, oldImageAccounts }: Preparation,
  journal: Journal,
): Promise<void> {
  const { manifest } = bag;
  const index = new Map<string, IndexEntry>();
  for await (const entry of bag.readIndex()) index.set(entry.path, entry);
  const owner = {
    packaged: (path: string) => packagedThen(index, path),
    changed: (name: string) => index.get(`/var/lib/dpkg/alternatives/${name}`)?.origin === 'operation',
  };
  await denyServiceStarts(system);
  await journal.stage('packages', 'Installing what the service had beside its image', () =>
    installPackages(system, plan, journal),
  );
  await journal.stage('accounts', 'Merging accounts', () => restorePeople(system, accounts, oldImageAccounts, journal));
  await runDifferences(system, plan, 'before-state', journal);
  await replayDiversions(system, manifest.system.overrides, plan.substitutions, journal);
  await system.refresh();
  const place = placer(system, plan);
  const placements = placeAll(index, system, plan, manifest, place, journal);
  const oldNames = new OldNames(plan.substitutions);
  const laid = await journal.stage('state', 'Putting the Mutable data back', () =>
    layPayload(bag.openPayload(), index, placements, system, oldNames.watch),
  );
  journal.done(
    'state',
    `${laid.paths} paths, ${laid.bytes} bytes`,
    'by owner name, with modes, times, ACLs and attributes',
    'payload',
  );
  await system.refresh();
  await replayOverrides(system, manifest.system.overrides, owner, plan.substitutions, journal);
  const entries = [...index.values()];
  await journal.stage('deletions', 'Repeating deletions', () =>
    repeatDeletions(
      system,
      entries.filter(each => each.disposition === 'delete'),
      place,
      restoredPaths(placements),
      journal,
    ),
  );
  const placed = await journal.stage('configuration', 'Merging configuration', () =>
    restoreConfiguration(
      system,
      { captured: laid.captured, substitutions: plan.substitutions, pristine: path => readPristine(bag, path) },
      journal,
    ),
  );
  await system.refresh();
  await oldNames.keepCommands(system, manifest.service.start, journal);
  await remakeGenerated(system, await readRules(), restoredPaths(placements), journal);
  await rewriteFiles(system, plan, journal);
  await restoreAttributes(
    system,
    entries.filter(each => each.disposition === 'attributes'),
    place,
    journal,
  );
  await runDifferences(system, plan, 'after-state', journal);
  await journal.stage('checks', "Asking the service's own checkers", () =>
    checkServices(system, plan, placed, 'before-load', journal),
  );
  await journal.stage('exports', 'Loading logical exports', () => loadExports(system, bag, plan, journal));
  await runDifferences(system, plan, 'after-load', journal);
  await journal.stage('checks', "Asking the service's own checkers again", () =>
    checkServices(system, plan, placed, 'after-load', journal),
  );
  sayWarnings(plan, journal);
  await layFiles(
    system,
    laid.directories.map(header => ({ header, content: Buffer.alloc(0) })),
  );
  await allowServiceStarts(system);
}

function packagedThen(index: ReadonlyMap<string, IndexEntry>, path: string): boolean {
  const entry = index.get(path);
  return entry === undefined || entry.package !== undefined; // unlisted paths are unchanged files of packages
}

/** Where an old path lies on the new system: knowledge's moves first, then versioned names, then directory links. */
function placer(system: NewSystem, plan: Plan): (path: string) => string {
  const moves = plan.differences.flatMap(each => Object.entries(each.difference.move ?? {}));
  return path => {
    const move = moves.find(([from]) => path === from || path.startsWith(`${from}/`));
    const moved = move ? move[1] + path.slice(move[0].length) : path;
    return system.canonical(mapPath(moved, plan.substitutions));
  };
}

function placeAll(
  index: ReadonlyMap<string, IndexEntry>,
  system: NewSystem,
  plan: Plan,
  manifest: Manifest,
  place: (path: string) => string,
  journal: Journal,
): Map<string, Placement> {
  const skips = plan.differences.flatMap(each =>
    each.difference.skip ? [{ why: each.difference.why, test: compileGlobs(each.difference.skip) }] : [],
  );
  const kept = [...index.values()].filter(each => each.disposition === 'keep' || each.disposition === 'record');
  const newPaths = new Set(kept.filter(each => each.disposition === 'keep').map(each => place(each.path)));
  const versionThen = new Map(manifest.system.packages.map(each => [each.name, each.version]));
  const context = {
    rebuilt: manifest.rebuild !== null,
    sameRelease: plan.sameRelease,
    place,
    kindOf: (path: string) => system.kindOf(path),
    retarget: (target: string) => mapPath(target, plan.substitutions),
    rewrites: plan.substitutions.length > 0,
    resolves: (link: string, target: string) =>
      system.resolves(link, target) || newPaths.has(system.canonical(absolute(link, target))),
    packaged: (path: string) => system.packages.has(path),
    sameVersion: (path: string, old: string) => {
      const owner = system.packages.get(path)?.package;
      return (
        owner === old && versionThen.get(old) !== undefined && versionThen.get(old) === system.installedVersion(old)
      );
    },
    skipped: (path: string) => skips.find(each => each.test(path))?.why,
  };
  const placements = new Map<string, Placement>();
  for (const entry of kept) {
    const placement: Placement =
      entry.disposition === 'record'
        ? { action: 'skip', why: 'merged as records', report: false }
        : placeEntry(entry, context);
    placements.set(entry.path, placement);
    if (placement.action === 'skip' && placement.report)
      journal.look('state', `${printable(entry.path)} is not put back`, placement.why, entry.rule);
    else if (placement.action === 'lay' && placement.path !== entry.path)
      journal.done(
        'state',
        `${printable(entry.path)} -> ${printable(placement.path)}`,
        'the path moved',
        'paths/moved',
      );
  }
  return placements;
}

function absolute(link: string, target: string): string {
  if (target.startsWith('/')) return target;
  const parts = link.split('/').slice(0, -1);
  for (const part of target.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

async function readPristine(bag: Bag, path: string): Promise<Buffer | undefined> {
  const pristine = bag.manifest.pristine.find(each => each.path === path);
  return pristine ? readFile(bag.file(`data/${pristine.file}`)) : undefined;
}

/** Lets the main process go, and runs the owner's start command. */
async function startService(
  options: RestoreOptions,
  manifest: Manifest,
  plan: Plan,
  system: NewSystem,
  journal: Journal,
): Promise<void> {
  const { engine } = options;
  await system.script(
    'Letting the main process start',
    `mkdir -p ${READY_MARK.slice(0, READY_MARK.lastIndexOf('/'))}; : > ${READY_MARK}; chmod 755 ${READY_MARK.slice(0, READY_MARK.lastIndexOf('/'))}`,
  );
  await waitUntilReady({
    describe: `the container ${options.name} to run its command`,
    timeoutSeconds: 10,
    check: async () => ((await engine.inspectContainer(system.container)).running ? undefined : 'it does not run'),
  });
  const start = manifest.service.start;
  if (start) {
    const command = mapPath(start, plan.substitutions);
    journal.script('start the service', command);
    const { code, stdout, stderr } = await system.target.exec(['sh', '-c', command], { allowFailure: true });
    if (code !== 0) {
      journal.look(
        'start',
        `the start command ended with exit code ${code}`,
        (stdout + stderr).trim().split('\n').slice(-8).join('\n') || 'it said nothing',
        'start',
      );
    } else journal.done('start', command, 'the command that the owner gave', 'start');
  }
}

async function smoke(options: RestoreOptions, bag: Bag, system: NewSystem): Promise<SmokeComparison[]> {
  const golden = await findGolden(join(bag.dir, 'data/smoke'));
  const tests = options.smoke ?? golden?.tests ?? [];
  if (tests.length === 0) return [];
  const { address } = await options.engine.inspectContainer(system.container);
  const answers = await runSmokeTests(
    tests,
    { engine: options.engine, container: system.container, address },
    options.progress,
  );
  return compareAnswers(golden?.answers ?? [], answers);
}

function restoredPaths(placements: ReadonlyMap<string, Placement>): Set<string> {
  return new Set([...placements.values()].flatMap(each => (each.action === 'skip' ? [] : [each.path])));
}
