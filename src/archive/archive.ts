import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { IndexEntry } from '../bag/index-entry.ts';
import type { Manifest } from '../bag/manifest.ts';
import { reconciledIndex } from '../bag/reconcile-index.ts';
import { type BagWriter, createBag } from '../bag/write-bag.ts';
import { compileGlobs } from '../classify/rule.ts';
import type { Config } from '../config/config.ts';
import { type Baseline, imageBaseline, readBaseline } from '../detect/baseline.ts';
import type { Decided, Detection, Scan } from '../detect/detect.ts';
import type { ContainerFacts, Engine, ImageFacts } from '../engine/engine.ts';
import { PerennialError } from '../errors.ts';
import { readRules } from '../knowledge/read-rules.ts';
import { readOwnServices, readServices, recogniseServices } from '../knowledge/read-services.ts';
import type { Service } from '../knowledge/service.ts';
import { checkArchives } from '../language/keep-archives.ts';
import { warningsAtArchive } from '../plan/select-differences.ts';
import type { Progress } from '../progress.ts';
import type { Inventory } from '../proof/inventory.ts';
import { formatInventories, INVENTORY_FILE } from '../proof/inventory-file.ts';
import { findSqliteName, isCounted, sqliteRows } from '../proof/sqlite-rows.ts';
import { markUnsteady } from '../proof/take-inventories.ts';
import { goldenFiles } from '../smoke/golden-file.ts';
import type { SmokeAnswer } from '../smoke/smoke-test.ts';
import { openContainer } from '../system/open-container.ts';
import { linkResolver } from '../system/package-files.ts';
import { readSystem } from '../system/read-system.ts';
import { type ReadRunning, readRunning } from '../system/running.ts';
import type { RunningProcess, SystemFacts } from '../system/system-facts.ts';
import { directoryTarget, type Target } from '../system/target.ts';
import { endGrowthOfYoungGeneration } from '../young-generation.ts';
import type { ArchivedMembers } from './archived-members.ts';
import { askLiving, inventoriesAgain, type Living } from './ask-living.ts';
import { exportData } from './export-data.ts';
import { flushMemory } from './flush-memory.ts';
import { foreignDockerfileNotes } from './foreign-dockerfile.ts';
import { buildIndex } from './index-entries.ts';
import { findInnerMounts } from './inner-mounts.ts';
import { keepLocalPackages } from './local-packages.ts';
import { buildManifest } from './manifest.ts';
import { writePristine } from './pristine.ts';
import { isPayload, type ReadingOptions, readFiles, timedScan } from './read-files.ts';
import { type RebuildContext, readRebuildContext } from './rebuild-context.ts';
import { recordSettings } from './record-settings.ts';
import { addRestoreProgram } from './restore-program.ts';
import { disagreementNotes, movingNotes, oddAccountNotes, ownerlessNotes } from './source-notes.ts';
import { timeless } from './timeless.ts';
import { whileFrozen } from './while-frozen.ts';

export interface ArchiveOptions {
  /** Needed unless a root directory is archived. */
  engine?: Engine;
  container?: string;
  rootfs?: string;
  /** Folder of the bag; must not exist. */
  out: string;
  baseline?: string;
  context?: string;
  dockerfile?: string;
  buildArgs?: Record<string, string>;
  config: Config;
  progress: Progress;
}

export interface ArchiveResult {
  bag: string;
  manifest: Manifest;
  /** Made anew whenever it is iterated. */
  index: Iterable<IndexEntry>;
  golden: SmokeAnswer[];
  /** Paths whose data could not be read; the exit code is 4 when there are any. */
  incomplete: string[];
  timings: Timings;
}

/** A result of which the bag alone has the paths: of a million, the lists that the index is made of are most of the memory. */
export type ArchiveOutcome = Omit<ArchiveResult, 'index'>;

/** How long a run took. Not in the bag: the same state gives the same bytes. */
export interface Timings {
  /** Seconds from the start of the walk to the finished classification, reading of contents not included. */
  detect: number;
  /** Seconds for the whole run. */
  total: number;
}

/** What is archived, made readable. */
interface Subject {
  target: Target;
  /** The image that it is compared with. */
  imageTarget: Target | undefined;
  container: ContainerFacts | undefined;
  image: ImageFacts | undefined;
  lost: string;
  /** Paths about which sources disagree, after they were looked at. */
  disagreements(): string[];
  close(): Promise<void>;
}

/**
 * Decommissions a service: takes golden answers and logical exports of the living one, finds its Mutable data and
 * writes the bag. The service itself is not touched; a half-written bag is removed when anything fails.
 */
export async function archive(options: ArchiveOptions): Promise<ArchiveResult> {
  const started = performance.now();
  const rebuild = options.context ? await readRebuildContext(options.context, options.dockerfile) : undefined;
  const subject = await openSubject(options);
  try {
    const bag = await createBag(options.out);
    try {
      return await archiveInto(bag, subject, rebuild, options, started);
    } catch (error) {
      await bag.abort();
      throw error;
    }
  } finally {
    await subject.close();
  }
}

async function openSubject(options: ArchiveOptions): Promise<Subject> {
  if (options.rootfs) {
    return {
      target: directoryTarget(options.rootfs),
      imageTarget: undefined,
      container: undefined,
      image: undefined,
      lost: '',
      disagreements: () => [],
      close: async () => {},
    };
  }
  const engine = options.engine!;
  const container = await engine.inspectContainer(options.container ?? '');
  const image = await engine.findImage(container.imageId);
  const { image: imageTarget, ...opened } = await openContainer(engine, container);
  return { ...opened, imageTarget, container, image };
}

async function archiveInto(
  bag: BagWriter,
  subject: Subject,
  rebuild: RebuildContext | undefined,
  options: ArchiveOptions,
  started: number,
): Promise<ArchiveResult> {
  const { config, progress } = options;
  const foreign = await foreignNotes(subject, rebuild, options);
  const living = await askIfRunning(subject, options);
  const baseline = await openBaseline(subject, options);
  progress.step('Looking at every path');
  const [services, rules] = await Promise.all([readServices(config.knowledge), readRules()]);
  const judging = {
    baseline,
    rules,
    owner: { include: compileGlobs(config.include), exclude: compileGlobs(config.exclude), logs: config.logs },
    rebuildable: rebuild !== undefined,
  };
  const mounts = subject.container?.run.mounts ?? [];
  const first = await timedScan(subject.target, { ...judging, mounts });
  let { seen } = first;
  if (seen.entries.rows > 0) endGrowthOfYoungGeneration();
  const running = await runningOf(subject, seen);
  const recognised = recognise(services, seen, running.processes);
  const unwritten = subject.container?.running ? await flushMemory(subject.target, recognised, progress) : [];
  await quiesce(subject, config);
  const exported = await exportData(subject.target, recognised, bag, config.rawData, progress);
  const freezes = config.freeze && subject.container?.running && options.engine;
  const reading: ReadingOptions = {
    ...judging,
    mounts,
    bag,
    isStill: Boolean(freezes),
    progress,
    replacedBy: exported.replacedBy,
    readImage: async () => (subject.imageTarget ? readSystem(subject.imageTarget) : undefined),
    engineDiff: engineDiffOf(subject, options),
    rowsOf: (target, scanned, decided) => sqliteHeld(subject, target, scanned, decided),
  };
  const isOld =
    exported.dumps.length > 0 || config.quiesce.length > 0 || recognised.some(each => each.flush.length > 0);
  const read = async (target: Target, again: boolean) =>
    readFiles(target, again ? await timedScan(target, reading, seen.expected) : first, reading);
  if (freezes) progress.step('Freezing the service while its files are read');
  const { found, payload, rows, escaped, mistaken, late, ...last } = freezes
    ? await whileFrozen(options.engine!, subject.container!, subject.target, target => read(target, true))
    : await read(subject.target, isOld);
  seen = last.seen;
  checkArchives(found.decided.objects(), payload.members);
  const vanished = new Set(payload.vanished);
  const index = buildIndex(
    asArchived(
      filtered(found.decided, each => isListed(each) && !vanished.has(each.entry.path)),
      payload.members,
    ),
    payload.members,
    seen.system.accounts,
    linkResolver(seen.links, path => seen.entries.has(path)),
    timeless(found.decided, rules),
  );
  const localNotes = await keepLocalPackages({
    target: subject.target,
    now: seen.system,
    image: baseline?.system,
    rebuildable: rebuild !== undefined,
    bag,
    progress,
  });
  const inner = subject.container?.running ? await findInnerMounts(subject.target, seen.mounts) : [];
  seen.mounts.push(...inner);
  const foretold = subject.container?.running ? await recordSettings(subject.target, recognised, bag, progress) : [];
  const pristine = await writePristine(subject.imageTarget, found.decided, baseline, bag);
  if (rebuild) await addRebuild(bag, rebuild);
  for (const file of goldenFiles(living)) await bag.addFile(file.path, file.content);
  const inventories = [
    ...(await inventoriesAgain(subject.target, living.inventories, recognised)),
    ...markUnsteady(rows, rows.length > 0 ? await sqliteHeld(subject, subject.target, seen, found) : []),
  ];
  if (inventories.length > 0) await bag.addFile(INVENTORY_FILE, formatInventories(inventories));
  const incomplete = [...new Set([...seen.unreadable, ...payload.unreadable, ...escaped, ...mistaken])].sort();
  const manifest = buildManifest({
    options,
    container: subject.container,
    image: subject.image,
    seen,
    found,
    index,
    running,
    recognised,
    foretold,
    dumps: exported.dumps,
    pristine,
    rebuild,
    notes: [
      ...warningsAtArchive(recognised, seen.system.facts.packages),
      ...living.notes,
      ...unwritten,
      ...foreign,
      ...localNotes,
      ...inner.map(({ destination, why }) => `${destination} is not in the archive: ${why}`),
      ...movingNotes({ ...payload, escaped, mistaken, late }),
      ...oddAccountNotes(path => seen.system.files.text(path)),
      ...ownerlessNotes(running),
      ...notes(subject, incomplete, found, config, seen.system.facts.packageManager),
    ],
  });
  await addOwnKnowledge(bag, recognised, config);
  await addRestoreProgram(bag, manifest, index, recognised);
  progress.step('Writing the index and verifying the bag');
  const path = await bag.finish(manifest, reconciledIndex(index, payload.members, manifest.counts));
  const timings = { detect: rounded(found.seconds), total: rounded((performance.now() - started) / 1000) };
  return { bag: path, manifest, index, golden: living.answers, incomplete, timings };
}

/** The owner's own entries, for whoever has no repository any more: a restore uses them only when `--knowledge` names them. */
async function addOwnKnowledge(bag: BagWriter, recognised: Service[], { knowledge }: Config): Promise<void> {
  const own = new Set(knowledge ? (await readOwnServices(knowledge)).map(each => each.id) : []);
  for (const each of recognised.filter(service => own.has(service.id)))
    await bag.addFile(`data/knowledge/${each.id}.yml`, stringify(each));
}

/** Seconds to the millisecond. */
function rounded(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}

function filtered<T>(all: Iterable<T>, isWanted: (one: T) => boolean): Iterable<T> {
  return {
    *[Symbol.iterator]() {
      for (const one of all) if (isWanted(one)) yield one;
    },
  };
}

/** What was to be kept and is not in the payload could not be read, and is told so: the payload is what the index says. */
function asArchived(decided: Iterable<Decided>, members: Pick<ArchivedMembers, 'has'>): Iterable<Decided> {
  return {
    *[Symbol.iterator]() {
      for (const each of decided)
        yield isPayload(each) && !members.has(each.entry.path) ? { ...each, ...UNREAD } : each;
    },
  };
}

const UNREAD = { disposition: 'leave', rule: 'payload/unreadable', why: 'it could not be read' } as const;

/** What was so in the image and is made again needs no line of its own: it is counted by rule. */
function isListed(each: Decided): boolean {
  return each.disposition !== 'leave' || each.origin === 'operation';
}

async function askIfRunning(subject: Subject, options: ArchiveOptions): Promise<Living> {
  const { container, target } = subject;
  if (container?.running) {
    const { name, address } = container;
    return askLiving({ engine: options.engine!, name, address, target }, options.config, options.progress);
  }
  if (options.config.smoke.length > 0)
    options.progress.warn('The container does not run: there are no golden answers to compare a restore with');
  return { tests: options.config.smoke, answers: [], inventories: [], notes: [] };
}

async function openBaseline(subject: Subject, options: ArchiveOptions): Promise<Baseline | undefined> {
  if (options.baseline) return readBaseline(options.baseline, subject.container);
  if (!subject.container) return undefined;
  options.progress.step('Looking at the image as it was before operation');
  return imageBaseline(options.engine!, subject.container, subject.imageTarget);
}

/** The second source, where it is asked for; what came through the engine's export was compared with it already. */
function engineDiffOf({ container, target }: Subject, { engine, config }: ArchiveOptions) {
  if (!config.crossCheck || !container || !engine || target.files) return undefined;
  return () => engine.diff(container.id);
}

async function runningOf(subject: Subject, seen: Scan): Promise<ReadRunning> {
  if (!subject.container?.running) return { processes: [], sockets: [], unixSockets: [] };
  const names = new Map(seen.system.accounts.passwd.map(each => [each.uid, each.name]));
  return readRunning(
    subject.target,
    uid => names.get(uid) ?? String(uid),
    () => '',
  );
}

/** What the SQLite databases among what is kept hold. */
async function sqliteHeld({ container }: Subject, target: Target, seen: Scan, found: Detection): Promise<Inventory[]> {
  if (!container?.running) return [];
  const files = new Map<string, string>();
  for (const { entry, disposition } of found.decided) {
    const path = disposition === 'keep' ? findSqliteName(entry.path) : undefined;
    if (path !== undefined && isCounted(seen.entries.get(path)?.size ?? 0)) files.set(path, path);
  }
  const rows = await sqliteRows(target, files);
  return rows ? [rows] : [];
}

function recognise(services: Service[], seen: Scan, processes: RunningProcess[]): Service[] {
  return recogniseServices(services, {
    packages: seen.system.facts.packages.filter(each => each.status !== 'config-files').map(each => each.name),
    programs: processes.map(each => each.program.slice(each.program.lastIndexOf('/') + 1)),
    hasFile: path => seen.entries.has(path),
  });
}

async function quiesce(subject: Subject, config: Config): Promise<void> {
  for (const command of config.quiesce) {
    const { code, stderr } = await subject.target.exec(['sh', '-c', command], { allowFailure: true });
    if (code !== 0) {
      throw new PerennialError(
        'step-failed',
        `The quiesce command "${command}" ended with exit code ${code}: ${stderr.trim().split('\n').at(-1)}`,
        {
          hint: 'Mend the command in perennial.yml; nothing was archived.',
        },
      );
    }
  }
}

async function addRebuild(bag: BagWriter, rebuild: RebuildContext): Promise<void> {
  for (const file of rebuild.files) {
    const path = join(rebuild.directory, file);
    // COPY keeps modes: a program has to be executable again.
    const mode = ((await stat(path)).mode & 0o111) === 0 ? 0o644 : 0o755;
    await bag.addFile(`data/rebuild/${file}`, createReadStream(path), { mode });
  }
}

/** That the Dockerfile is another one than the image's is said at once, too: there is still something to be done about it. */
async function foreignNotes(
  { image }: Subject,
  rebuild: RebuildContext | undefined,
  { engine, progress }: ArchiveOptions,
): Promise<string[]> {
  if (!engine || !image || !rebuild) return [];
  const said = await foreignDockerfileNotes(engine, image.id, rebuild);
  for (const note of said) progress.warn(note);
  return said;
}

function matchesAny(glob: string, decided: Iterable<Decided>): boolean {
  const matches = compileGlobs([glob]);
  for (const each of decided) if (matches(each.entry.path)) return true;
  return false;
}

function notes(
  subject: Subject,
  incomplete: string[],
  found: Detection,
  config: Config,
  packageManager: SystemFacts['packageManager'],
): string[] {
  const recordsModes = packageManager === 'rpm' || packageManager === 'apk';
  const unused = (globs: string[], field: string) =>
    globs
      .filter(glob => !matchesAny(glob, found.decided))
      .map(glob => `The ${field} glob ${glob} of perennial.yml matches nothing`);
  return [
    ...(subject.container || recordsModes
      ? []
      : ['There is no image to compare with: another mode or owner of a packaged file cannot be seen']),
    ...(subject.lost ? [subject.lost] : []),
    ...disagreementNotes([...subject.disagreements(), ...found.disagreements], found.decided),
    ...(incomplete.length > 0 ? [`${incomplete.length} paths could not be read`] : []),
    ...unused(config.include, 'include'),
    ...unused(config.exclude, 'exclude'),
  ];
}
