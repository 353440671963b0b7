import { type ClassifyContext, classify, type ReplacedBy, unchanged, type Verdict } from '../classify/classify.ts';
import type { DiffKind, Mount } from '../engine/engine.ts';
import { keepArchives } from '../language/keep-archives.ts';
import { keepEditedPackages } from '../language/keep-edited-packages.ts';
import type { LanguagePackage } from '../language/language-package.ts';
import { isRecord, RECORD_ENDS, readLanguagePackages } from '../language/read-language-packages.ts';
import { canonicalPaths, type PackageFiles } from '../system/package-files.ts';
import {
  DATABASE_PATHS,
  FEW_PATHS,
  packageFiles,
  SYSTEM_PATHS,
  type SystemReading,
  systemReading,
} from '../system/read-system.ts';
import { readSystemFiles, type SystemFiles } from '../system/system-files.ts';
import type { Target } from '../system/target.ts';
import { AlikeFiles } from './alike-files.ts';
import type { Baseline } from './baseline.ts';
import { crossCheck } from './cross-check.ts';
import { type Decided, Decisions } from './decisions.ts';
import { findDeletions, removedPackages } from './deletions.ts';
import { classifyContext, Expectation, hasSamePackages, type Judging } from './expectation.ts';
import { look } from './look.ts';
import { leaveMountPoints } from './mount-points.ts';
import { keepLinksToKept, keepUnknownAlternatives } from './own-links.ts';
import { type Paths, PathTable } from './path-table.ts';
import { probeFiles } from './probe.ts';
import { RecordRows } from './record-rows.ts';
import { findReferenced } from './referenced.ts';
import type { WalkEntry } from './walk.ts';

/** What one look at a target gives: every path, and the package database read at the same time. */
export interface Scan {
  entries: PathTable;
  links: ReadonlyMap<string, string>;
  /** Files that are records of language packages. */
  records: readonly string[];
  system: SystemReading;
  mounts: { destination: string; kept: boolean; why: string }[];
  /** Paths that find could not read. */
  unreadable: string[];
  /** What was decided beforehand about the image's own paths; decide() sees whether it holds. */
  expected?: Expectation | undefined;
  /** Seconds that it took. */
  seconds: number;
}

export interface DecideOptions extends Judging {
  target: Target;
  mounts: Mount[];
  replacedBy: ReplacedBy;
  /** Reads the image's own package database; asked for only when packages changed. */
  readImage: () => Promise<SystemReading | undefined>;
  /** The engine's own list of changes, as a second source; it is slower than a walk. */
  engineDiff?: (() => Promise<ReadonlyMap<string, DiffKind>>) | undefined;
}

export type { Decided } from './decisions.ts';

export interface Detection {
  /** Everything but unchanged packaged paths, sorted by path. */
  decided: Decisions;
  /** Paths that were left without an entry of their own: unchanged files of packages, by rule. */
  passed: Map<string, { paths: number; bytes: number }>;
  packages: PackageFiles;
  languages: LanguagePackage[];
  /** Paths about which the walk and the engine's diff disagree, where that was asked for. */
  disagreements: string[];
  /** Seconds for scan and classification, reading of contents not included. */
  seconds: number;
}

/** What people mount so that a container sees the host's own: its clock, name service, modules, programs, certificates. */
const HOST_OWN =
  /^\/(boot|dev|lib|lib64|proc|run|sys|usr(?!\/local\/)|var\/run)(\/|$)|^\/etc\/(localtime|timezone|resolv\.conf|hosts|hostname|machine-id|os-release|ssl\/certs|pki\/[^/]+|ca-certificates)$|\.sock$/;
/** Where a container sees its host, or its engine, from wherever it is mounted; its own programs and pages may well be a folder of the owner's. */
const HOST_PLACE =
  /^\/(boot|dev|lib\/modules|proc|run|sys|var\/run)(\/|$)|^\/etc\/(localtime|timezone|resolv\.conf|hosts|hostname|machine-id)$|\.sock$/;

const RUN = /^\/(?:var\/)?run(?:\/|$)/;
const RUN_VOLUME = 'a volume below /run: runtime state is left, but for what perennial.yml includes';

/** Which mounts are walked: volumes and bind mounts hold what the owner gave the service, but not what every host has. */
export function mountPolicy(mounts: Mount[]): { destination: string; kept: boolean; why: string }[] {
  return mounts.map(mount => {
    const decide = (kept: boolean, why: string) => ({ destination: mount.destination, kept, why });
    if (mount.type === 'volume') return decide(true, RUN.test(mount.destination) ? RUN_VOLUME : 'volumes hold data');
    if (mount.type === 'tmpfs') return decide(false, 'a tmpfs is empty after every restart');
    if (mount.type !== 'bind') return decide(false, `mounts of type ${mount.type} are not read`);
    if (/^\/(dev|proc|sys|run|var\/run)(\/|$)/.test(mount.destination))
      return decide(false, 'a device or socket of the host');
    if (mount.writable) return decide(true, 'a writable bind mount holds data');
    return HOST_PLACE.test(mount.destination) || HOST_OWN.test(mount.source)
      ? decide(false, 'a read-only bind mount of what every host has')
      : decide(true, 'a read-only bind mount: the service reads it, and nothing else has it');
  });
}

/**
 * Walks a target and reads its package database and accounts, in one go.
 * @param judging what `decide` will be given: lets the image's own paths be decided about beforehand
 * @param expected what an earlier scan decided so
 */
export async function scan(
  target: Target,
  engineMounts: Mount[],
  judging?: Judging,
  expected: Expectation | undefined = expect(judging, engineMounts),
): Promise<Scan> {
  const started = performance.now();
  const baseline = judging?.baseline;
  const { files, ...seen } = await walkTarget(target, engineMounts, {
    paths: expected ? FEW_PATHS : SYSTEM_PATHS,
    baseline,
  });
  const before = baseline?.system;
  const same = expected && before ? await addPackageDatabase(files, target, seen.entries, expected, before) : false;
  const system = systemReading(files, same ? before?.facts : undefined);
  return { ...seen, system, expected, seconds: (performance.now() - started) / 1000 };
}

/** The walk of a scan, with the contents of some files, whose paths are relative to the root. */
export async function walkTarget(
  target: Target,
  engineMounts: Mount[],
  { paths, baseline }: { paths: string[]; baseline?: Baseline | undefined },
): Promise<Pick<Scan, 'entries' | 'links' | 'records' | 'mounts' | 'unreadable'> & { files: SystemFiles }> {
  const mounts = mountPolicy(engineMounts);
  const entries = new PathTable(undefined, baseline?.start);
  const links = new Map<string, string>();
  const records: string[] = [];
  const rows = new RecordRows({
    table: entries,
    rootLength: target.root.length,
    known: () => baseline?.image.keys() ?? [],
    isWanted: isRecord,
    wantedEnds: RECORD_ENDS,
  });
  const { files, unreadable } = await look(target, {
    mounts: keptMounts(mounts),
    paths,
    known: baseline?.records,
    since: baseline?.since,
    takeBytes: (buffer, start, headEnd, end) => rows.take(buffer, start, headEnd, end),
    onEntry: entry => {
      // Of the image's own path the very object: that it is the same says that nothing changed.
      entries.add(entry, baseline?.image.get(entry.path) === entry);
      if (entry.kind === 'symlink') links.set(entry.path, entry.target);
      else if (entry.kind === 'file' && isRecord(entry.path)) records.push(entry.path);
    },
  });
  return { entries, links, records, mounts, unreadable, files };
}

function expect(judging: Judging | undefined, engineMounts: Mount[]): Expectation | undefined {
  const { baseline } = judging ?? {};
  return judging && baseline?.system
    ? new Expectation(judging, keptMounts(mountPolicy(engineMounts)), baseline, baseline.system)
    : undefined;
}

function keptMounts(mounts: Scan['mounts']): string[] {
  return mounts.filter(mount => mount.kept).map(mount => mount.destination);
}

/**
 * Adds the package database to what was read: the image's where its inodes are, else read now.
 * @returns whether everything that facts are made of is the image's
 */
async function addPackageDatabase(
  files: SystemFiles,
  target: Target,
  entries: Paths,
  expected: Expectation,
  before: SystemReading,
): Promise<boolean> {
  const changed = expected.changedDatabase(entries);
  if (changed.length > 0) files.adopt(await readSystemFiles(target, changed), changed);
  files.adopt(
    before.files,
    DATABASE_PATHS.filter(path => !changed.includes(path)),
  );
  const isSame = (path: string) => files.bytes(path).equals(before.files.bytes(path));
  return changed.length === 0 && isSame('/etc/os-release') && isSame('/usr/lib/os-release');
}

/** Decides about every path of a scan. Contents are read only where inodes cannot decide. */
export async function decide(seen: Scan, options: DecideOptions): Promise<Detection> {
  const started = performance.now();
  const expected = seen.expected?.fits(options) ? seen.expected : undefined;
  const packages = packagesOf(seen, expected, options.baseline);
  const kept = keptMounts(seen.mounts);
  const plain = classifyContext(options, packages, kept, options.replacedBy, expected?.findRule);
  const untilNow = performance.now() - started;
  const languages = await languagesOf(seen, options, plain); // reads contents
  const resumed = performance.now();
  const context = { ...plain, vouchedBy: (path: string) => languages.vouched.get(path) };
  const { baseline } = options;
  const { vouched } = languages;
  const result = classifyAll(seen.entries, context, { baseline, expected, vouched, mounts: kept });
  const seconds = seen.seconds + (untilNow + performance.now() - resumed) / 1000;
  const { decided } = result;
  const { onlyInDiff, onlyInWalk } = await askEngine(seen, options, context);
  const doubtful = {
    ...context,
    inImage: (path: string) => (onlyInDiff.has(path) ? undefined : context.inImage(path)),
  };
  for (const path of onlyInDiff) doubt(seen.entries.get(path)!, doubtful, result);
  await probePending(options.target, result.pending, doubtful, decided);
  leaveMountPoints(decided, seen);
  keepPublicHalves(decided);
  keepEditedPackages([...decided.objects()], languages.vouched);
  keepArchives([...decided.objects()], languages, path => seen.entries.get(path)!, decided);
  const links = { rules: options.rules, links: seen.links, entries: seen.entries, decided };
  keepUnknownAlternatives(seen.system.facts.overrides.alternatives, links, options.rebuildable);
  keepLinksToKept(links);
  for (const each of await findReferenced(options.target, seen.entries, packages, decided)) decided.set(each);
  for (const each of await findDeletions(options, seen, context)) decided.set(each);
  const image = options.baseline?.system;
  if (image) seen.system.facts.removed = removedPackages(image, seen.system);
  addParents(decided, seen.entries);
  const disagreements = [...onlyInDiff, ...onlyInWalk].sort();
  return { decided, passed: result.passed, packages, languages: languages.packages, disagreements, seconds };
}

/** What the engine's diff says otherwise than the walk; nothing where it is not asked. */
async function askEngine(seen: Scan, { engineDiff, baseline }: DecideOptions, context: ClassifyContext) {
  if (!engineDiff || !baseline) return { onlyInDiff: new Set<string>(), onlyInWalk: [] };
  return crossCheck(await engineDiff(), seen.entries, baseline, context.inMount);
}

/** Decides about a path again, as if the image did not have it: when in doubt it is kept. */
function doubt(entry: WalkEntry, context: ClassifyContext, { decided, pending }: Classified): void {
  const verdict = classify(entry, context);
  if (verdict === 'probe') pending.push(entry);
  else decided.set({ ...verdict, entry, seenBy: ['engine-diff'] });
}

/** Packages of languages, and what their records vouch for. */
function languagesOf(seen: Scan, { target, rebuildable }: DecideOptions, context: ClassifyContext) {
  const installed = new Set(seen.system.facts.packages.map(each => each.name));
  return readLanguagePackages(target, {
    entries: seen.entries,
    records: seen.records,
    entry: path => seen.entries.get(path),
    inImage: path => (context.inMount(path) ? undefined : context.inImage(path)),
    isPackaged: path => context.packages.has(path),
    isInstalled: name => installed.has(name),
    rebuildable,
    homes: [...new Set(seen.system.accounts.passwd.map(each => each.home.replace(/\/+$/, '')))],
    canKeep: path => canKeep(seen.entries.get(path), context),
  });
}

/** Whether nobody minds that a file is kept: what a rule leaves to the program that makes it again, and what would be kept anyway. */
function canKeep(entry: WalkEntry | undefined, context: ClassifyContext): boolean {
  if (entry?.kind !== 'file' || entry.links > 1) return false;
  const verdict = classify(entry, context);
  if (verdict === 'probe' || verdict.package !== undefined) return false;
  return verdict.disposition === 'keep' || /^(generated\/|image\/build-step$)/.test(verdict.rule);
}

/** Who ships what: as expected, or read from the database where it is another now. */
function packagesOf(
  { system, links, entries }: Scan,
  expected: Expectation | undefined,
  baseline: Baseline | undefined,
) {
  return expected && baseline && hasSamePackages(expected.packages, system, links, entries, baseline)
    ? expected.packages
    : packageFiles(system.files, system.facts.packages, canonicalPaths(links));
}

/** What is known of paths beside what the walk says of them. */
interface Known {
  baseline: Baseline | undefined;
  expected: Expectation | undefined;
  /** Paths that records of language packages vouch for. */
  vouched: ReadonlyMap<string, unknown>;
  /** Places of other file systems; a file may be one. */
  mounts: readonly string[];
}

interface Classified {
  decided: Decisions;
  pending: WalkEntry[];
  passed: Map<string, { paths: number; bytes: number }>;
}

function classifyAll(
  entries: PathTable,
  context: ClassifyContext,
  { baseline, expected, vouched, mounts }: Known,
): Classified {
  const result: Classified = { decided: new Decisions(entries), pending: [], passed: new Map() };
  const take = (entry: WalkEntry, ordinal: number): void => {
    if (entry.path === '/') return;
    const known = expected?.verdict(entry, context.packages);
    const verdict = known && context.replacedBy(entry.path) === undefined ? known : classify(entry, context);
    if (verdict === 'probe') result.pending.push(entry);
    else if (verdict.rule === 'package/unchanged' || verdict.rule === 'package/as-shipped')
      pass(result.passed, verdict, entry);
    else result.decided.set({ ...verdict, entry, seenBy: sources(entry, baseline) }, ordinal);
  };
  for (const entry of entries.objects()) take(entry, -1);
  // What the state at the start has in rows the table knows (isAsEarlier).
  const start = [...(baseline?.start.objects() ?? [])].map(entry => entry.path);
  const image = baseline?.image.keys() ?? [];
  const sourcesOfPaths = [context.packages.keys(), image, start, vouched.keys(), mounts];
  const alike = new AlikeFiles(entries, context, sourcesOfPaths);
  for (const ordinal of entries.ordinals()) {
    const earlier = alike.earlier(ordinal);
    if (earlier < 0 || !result.decided.setLike(ordinal, earlier)) take(entries.entryAt(ordinal), ordinal);
  }
  return result;
}

function pass(passed: Classified['passed'], verdict: Verdict, entry: WalkEntry): void {
  const sum = passed.get(verdict.rule) ?? { paths: 0, bytes: 0 };
  sum.paths++;
  sum.bytes += entry.size;
  passed.set(verdict.rule, sum);
}

function sources(entry: WalkEntry, baseline: Baseline | undefined): string[] {
  if (!baseline) return ['package-database'];
  const seen: string[] = [];
  if (!unchanged(entry, baseline.image.get(entry.path))) seen.push('walk');
  if (baseline.created && !unchanged(entry, baseline.start.get(entry.path) ?? baseline.image.get(entry.path)))
    seen.push('baseline');
  return seen;
}

/** Endings of the public half of a key: certificates, public keys. */
const PUBLIC = /\.(pub|pem|crt|cer|cert)$/;

/** A key that was made when the image was built is worth nothing without its certificate, which is readable by all. */
function keepPublicHalves(decisions: Decisions): void {
  const decided = [...decisions.objects()]; // those of the image are among them
  const stem = (path: string) => path.slice(path.lastIndexOf('/') + 1).replace(/\.[^.]+$/, '');
  const secrets = new Map(
    decided.filter(each => each.rule === 'image/secret').map(each => [stem(each.entry.path), each.entry.path]),
  );
  for (const each of decided) {
    const secret = secrets.get(stem(each.entry.path));
    if (each.rule !== 'image/build-step' && each.rule !== 'image/unowned') continue;
    if (secret === undefined || each.entry.kind !== 'file' || !PUBLIC.test(each.entry.path)) continue;
    each.disposition = 'keep';
    each.rule = 'image/secret-public';
    each.why = `the public half of ${secret}`;
  }
}

async function probePending(
  target: Target,
  pending: WalkEntry[],
  context: ClassifyContext,
  decided: Decisions,
): Promise<void> {
  const probes = await probeFiles(
    target,
    pending.map(entry => entry.path),
    path => context.packages.get(path),
  );
  for (const entry of pending) {
    const probe = probes.get(entry.path);
    const verdict = classify(entry, context, probe ?? { md5: '', sha256: '', extended: true, xattrs: {} });
    if (verdict === 'probe') throw new Error(`unreachable: ${entry.path} was probed`);
    decided.set({ ...verdict, entry, ...(probe ? { probe } : {}), seenBy: ['walk', 'package-digest'] });
  }
}

/**
 * Adds the directories above kept paths that are not kept themselves. Those that operation made, or gave to somebody, are kept with them: neither
 * a package nor the build would give their owners back.
 */
function addParents(decided: Decisions, entries: Paths): void {
  const parents = new Map<string, Decided>();
  for (const folder of decided.foldersOfKept()) {
    for (let path = folder; path !== '' && !parents.has(path); path = parentOf(path)) {
      const existing = decided.verdict(path);
      if (existing && existing.disposition !== 'leave') break;
      const entry = entries.get(path);
      if (!entry) continue;
      parents.set(path, {
        entry,
        disposition: isOwn(existing) ? 'keep' : 'parent',
        rule: isOwn(existing) ? 'structure/parent' : (existing?.rule ?? 'structure/parent'),
        why: 'something below it is kept',
        origin: existing?.origin ?? 'image',
        seenBy: existing?.seenBy ?? [],
      });
    }
  }
  for (const each of parents.values()) decided.set(each);
}

/** Not what an engine or a kernel makes at each start, and of no package. */
function isOwn(verdict: Verdict | undefined): boolean {
  return verdict?.origin === 'operation' && verdict.package === undefined && !/^(engine|runtime)\//.test(verdict.rule);
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}
