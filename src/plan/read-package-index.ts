import { PerennialError } from '../errors.ts';
import { type Distribution, type Release, wayOfReleases } from '../knowledge/distribution.ts';
import { type Progress, silentProgress } from '../progress.ts';
import type { OsRelease } from '../system/system-facts.ts';
import { betweenSources, type SourcesFile } from './between-sources.ts';
import type { PackageIndex } from './package-index.ts';
import { parsePackages, STANZA_FIELDS } from './parse-packages.ts';

/**
 * Runs a command as root in a container of the base. One container and `exec` are better than a new one each: an engine may log
 * what a container's first process prints, thirty megabytes here. Two commands may run at a time. It rejects when the command fails, or
 * `done` does when the output is a stream (a CommandStream of the engine is fine as it is).
 */
export type RunInBase = (argv: string[]) => Promise<CommandOutput> | CommandOutput;
export interface CommandOutput {
  stdout: Buffer | AsyncIterable<Uint8Array>;
  done?: Promise<unknown>;
}

export interface PackageIndexRequest {
  run: RunInBase;
  old: OsRelease;
  base: OsRelease;
  distributions: Distribution[];
  /** What the base offers, where it has been read already. */
  index?: PackageIndex;
  progress?: Progress;
}

/** A sources file, its name before it; both end with a NUL, so that any text can be between. */
export const PRINT_SOURCES =
  'for f in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do ' +
  'if [ -f "$f" ]; then printf "%s\\0" "$f"; cat "$f"; printf "\\0"; fi; done';

/** Without translations; a source that cannot be had is an error (apt itself only warns). */
const APT_OPTIONS = [
  '-o',
  'Acquire::Languages=none',
  '-o',
  'APT::Update::Error-Mode=any',
  '-o',
  'Dir::State::status=/dev/null',
];

/** Half of a list is fields that nobody needs here; they need not pass through the engine. */
const KEPT_FIELDS = `LC_ALL=C grep -E '^(${STANZA_FIELDS.join('|')}):|^[[:space:]]|^$'`;

/**
 * The lists of the folder $lists as they are, which takes a third of the time that apt needs to make a cache of them first; where
 * somebody pinned versions (apt_preferences(5)) or apt has no `apt-helper cat-file` (before 1.1), what apt makes of them.
 */
const PRINT_LISTS = `print_lists() {
  helper=/usr/lib/apt/apt-helper
  if [ -n "$(find /etc/apt/preferences /etc/apt/preferences.d -type f 2>/dev/null)" ] || ! $helper cat-file /dev/null; then
    apt-cache dumpavail "$@"
  else
    for file in "$lists"/*_Packages*; do $helper cat-file "$file"; echo; done
  fi
}`;

/** apt would make its cache of the lists that it has fetched, a second of computing, and nobody asks it: the lists are read as they are. */
const NO_CACHE = '-o pkgCacheFile::Generate=false';

const PRINT_BASE = `${PRINT_LISTS}
lists=/var/lib/apt/lists
apt-get update -qq ${NO_CACHE} "$@" >&2 && print_lists "$@" | ${KEPT_FIELDS}`;

/** $1 and $2: the sources in both formats. Old lists may be past their date: names are read from them, nothing is installed. */
const PRINT_BETWEEN = `set -e
${PRINT_LISTS}
dir=$(mktemp -d)
lists=$dir/lists
mkdir -p "$dir/parts" "$dir/lists/partial"
if [ -n "$1" ]; then printf '%s' "$1" > "$dir/parts/between.list"; fi
if [ -n "$2" ]; then printf '%s' "$2" > "$dir/parts/between.sources"; fi
shift 2
chmod -R go+rX "$dir"
set -- "$@" -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$dir/parts" -o Dir::State::lists="$dir/lists" \\
  -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= -o Acquire::Check-Valid-Until=false
apt-get update -qq ${NO_CACHE} "$@" >&2
print_lists "$@" | ${KEPT_FIELDS}
rm -rf "$dir"`;

/**
 * What the base offers, and what each release between the old one and the base offered (oldest first). The lists come
 * from the base's own mirrors. A release in between whose lists cannot be had is left out with a warning: resolving
 * then leaps over it. Throws `step-failed` when the base's own lists cannot be had.
 */
export async function readPackageIndexes(
  request: PackageIndexRequest,
): Promise<{ index: PackageIndex; between: PackageIndex[] }> {
  const { base, progress = silentProgress } = request;
  const releases = steps(request);
  const names = [...(request.index ? [] : [base.prettyName]), ...releases.map(({ to }) => to.codename)];
  progress.step(`Reading the package lists of ${names.join(', ') || 'no release'}`);
  // Side by side: each waits for a mirror first, and then for one processor.
  const [index, between] = await Promise.all([request.index ?? readBase(request), readBetween(releases, request)]);
  return { index, between: between.filter(found => found !== undefined) };
}

async function readBase({ run, base }: PackageIndexRequest): Promise<PackageIndex> {
  const argv = ['sh', '-c', PRINT_BASE, 'sh', ...APT_OPTIONS];
  return readIndex(run, argv, base.codename || base.prettyName).catch(cause => {
    throw new PerennialError('step-failed', `The package lists of ${base.prettyName} cannot be had`, {
      hint: 'Is the network there, and does the base image name a mirror that answers?',
      cause,
    });
  });
}

async function readBetween(
  releases: { from: Release; to: Release }[],
  request: PackageIndexRequest,
): Promise<(PackageIndex | undefined)[]> {
  if (releases.length === 0) return [];
  const files = parseSourcesFiles(await readAll(request.run, ['sh', '-c', PRINT_SOURCES]));
  return Promise.all(releases.map(step => findBetween(step, files, request)));
}

/** Undefined when the base has no source to derive it from, or (with a warning) when its lists cannot be had. */
async function findBetween(
  { from, to }: { from: Release; to: Release },
  files: SourcesFile[],
  { run, progress = silentProgress }: PackageIndexRequest,
): Promise<PackageIndex | undefined> {
  const { list, stanzas } = betweenSources(files, from, to);
  if (list === '' && stanzas === '') return undefined;
  try {
    return await readIndex(run, ['sh', '-c', PRINT_BETWEEN, 'sh', list, stanzas, ...APT_OPTIONS], to.codename);
  } catch (error) {
    progress.warn(`The package lists of ${to.codename} cannot be had: ${(error as Error).message}`);
    return undefined;
  }
}

/** `from` is the base's release (its sources are there), `to` one before it. */
function steps({ old, base, distributions }: PackageIndexRequest): { from: Release; to: Release }[] {
  const way = wayOfReleases(distributions, old, base);
  return way ? way.between.map(to => ({ from: way.last, to })) : [];
}

async function readIndex(run: RunInBase, argv: string[], label: string): Promise<PackageIndex> {
  const { stdout, done } = await run(argv);
  const [index] = await Promise.all([parsePackages(Buffer.isBuffer(stdout) ? [stdout] : stdout, label), done]);
  if (index.size === 0) throw new PerennialError('step-failed', `apt knows no package of ${label}`);
  return index;
}

async function readAll(run: RunInBase, argv: string[]): Promise<Buffer> {
  const { stdout, done } = await run(argv);
  const [bytes] = await Promise.all([Buffer.isBuffer(stdout) ? stdout : collect(stdout), done]);
  return bytes;
}

async function collect(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(stream));
}

/** What PRINT_SOURCES wrote. */
export function parseSourcesFiles(output: Buffer): SourcesFile[] {
  const parts = output.toString('utf8').split('\0');
  const files: SourcesFile[] = [];
  for (let at = 0; at + 1 < parts.length; at += 2) files.push({ path: parts[at]!, text: parts[at + 1]! });
  return files;
}
