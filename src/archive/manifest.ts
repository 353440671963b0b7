import type { IndexEntry } from '../bag/index-entry.ts';
import { BAG_SCHEMA, type Counts, type Dump, type Manifest, type Pristine } from '../bag/manifest.ts';
import type { Detection, Scan } from '../detect/detect.ts';
import type { ContainerFacts, ImageFacts, RunOptions } from '../engine/engine.ts';
import type { Service } from '../knowledge/service.ts';
import { LOCAL, versionedDirectories } from '../plan/versioned-directories.ts';
import { versionedPrograms } from '../plan/versioned-programs.ts';
import type { InstalledPackage, ListeningSocket, RunningProcess } from '../system/system-facts.ts';
import { toolVersion } from '../version.ts';
import type { ArchiveOptions } from './archive.ts';
import type { RebuildContext } from './rebuild-context.ts';
import type { Foretold } from './record-settings.ts';

export interface ManifestParts {
  options: ArchiveOptions;
  container: ContainerFacts | undefined;
  image: ImageFacts | undefined;
  seen: Scan;
  found: Detection;
  /** Iterated more than once. */
  index: Iterable<IndexEntry>;
  running: { processes: RunningProcess[]; sockets: ListeningSocket[] };
  recognised: Service[];
  foretold: Foretold[];
  dumps: Dump[];
  pristine: Pristine[];
  rebuild: RebuildContext | undefined;
  notes: string[];
}

/** data/manifest.json of an archive run. SOURCE_DATE_EPOCH is honoured for `created`. */
export function buildManifest(parts: ManifestParts): Manifest {
  const { options, container, seen } = parts;
  const packageOf = (program: string) => parts.found.packages.get(program)?.package ?? '';
  const links = [...seen.system.facts.overrides.alternatives];
  for (const each of links) each.value = seen.links.get(`/etc/alternatives/${each.name}`) ?? '';
  return {
    schema: BAG_SCHEMA,
    tool: { name: 'perennial', version: toolVersion },
    created: creationTime().toISOString(),
    service: {
      name: options.config.name ?? container?.name ?? 'service',
      recognised: parts.recognised.map(each => each.id),
      start: options.config.start ?? '',
      run: container?.run ?? noRunOptions(),
      image: parts.image ?? null,
      processes: parts.running.processes.map(each => ({
        ...each,
        package: packageOf(each.program),
        ...scriptOf(each, packageOf),
      })),
      sockets: parts.running.sockets,
      ...(parts.foretold.length > 0 ? { foretold: parts.foretold } : {}),
    },
    system: {
      ...seen.system.facts,
      packages: withEditedConffiles(seen.system.facts.packages, parts.index),
      versionedDirectories: versionedDirectories([...parts.found.packages.keys(), ...localFolders(parts.index)]),
      versionedPrograms: versionedPrograms(seen.system.facts.packages, parts.found.packages),
    },
    rebuild: parts.rebuild
      ? { dockerfile: parts.rebuild.dockerfile, context: '.', buildArgs: options.buildArgs ?? {} }
      : null,
    languagePackages: parts.found.languages,
    dumps: parts.dumps,
    pristine: parts.pristine,
    mounts: seen.mounts,
    counts: counts(parts),
    notes: parts.notes,
  };
}

const PROGRAM = /^\/(?:usr\/)?s?bin\/[^/]+$/;

/** A program that the process was started to run, by an interpreter or by one that only prepares the way: the first of a package among its arguments. */
function scriptOf({ argv }: RunningProcess, packageOf: (path: string) => string): Pick<RunningProcess, 'script'> {
  const script = argv.slice(1).find(word => PROGRAM.test(word) && packageOf(word) !== '');
  return script === undefined ? {} : { script: { program: script, package: packageOf(script) } };
}

/** Folders that a person made for programs: no file list has them, and a program looks for its own version's (@INC of perl). */
function* localFolders(index: Iterable<IndexEntry>): Iterable<string> {
  for (const { path, kind, disposition } of index)
    if (kind === 'directory' && disposition === 'keep' && path.startsWith(LOCAL)) yield path;
}

/** The names under which services can be started: a later package may have others. */
const SERVICE_SCRIPT = /^\/etc\/init\.d\/[^/]+$/;

/** Digests of configuration files matter only where the owner changed something; the others fill the manifest. */
function withEditedConffiles(packages: InstalledPackage[], index: Iterable<IndexEntry>): InstalledPackage[] {
  const changed = new Map<string, Set<string>>();
  for (const { package: owner, path, disposition } of index) {
    if (owner === undefined || disposition === 'parent') continue;
    const paths = changed.get(owner) ?? new Set();
    changed.set(owner, paths.add(path));
  }
  return packages.map(each => ({
    ...each,
    conffiles: Object.fromEntries(
      Object.entries(each.conffiles).filter(([path]) => changed.get(each.name)?.has(path) || SERVICE_SCRIPT.test(path)),
    ),
  }));
}

function counts(parts: ManifestParts): Counts {
  const rules: Counts['rules'] = {};
  const add = (rule: string, paths: number, bytes: number, kept: boolean) => {
    const sum = rules[rule] ?? { paths: 0, bytes: 0, kept };
    sum.paths += paths;
    sum.bytes += bytes;
    sum.kept ||= kept;
    rules[rule] = sum;
  };
  const sums = { kept: 0, keptBytes: 0, deleted: 0 };
  for (const { rule, size, disposition } of parts.index) {
    add(rule, 1, size, disposition !== 'leave' && disposition !== 'parent');
    if (disposition === 'delete') sums.deleted++;
    if (disposition !== 'keep' && disposition !== 'record') continue;
    sums.kept++;
    sums.keptBytes += size;
  }
  for (const [rule, sum] of parts.found.passed) add(rule, sum.paths, sum.bytes, false);
  return {
    paths: parts.seen.entries.size,
    ...sums,
    rules,
  };
}

function creationTime(): Date {
  const epoch = Number(process.env.SOURCE_DATE_EPOCH);
  return process.env.SOURCE_DATE_EPOCH && Number.isFinite(epoch) ? new Date(epoch * 1000) : new Date();
}

/** A root directory tells nothing of how it was run. */
function noRunOptions(): RunOptions {
  return {
    hostname: '',
    user: '',
    workdir: '',
    entrypoint: [],
    command: [],
    env: {},
    exposed: [],
    published: [],
    mounts: [],
    capAdd: [],
    capDrop: [],
    privileged: false,
    networkMode: '',
    extraHosts: [],
    dns: [],
    labels: {},
    stopSignal: '',
    restartPolicy: '',
    init: false,
    tty: false,
    shmSize: 0,
    ulimits: [],
    sysctls: {},
    devices: [],
    readOnly: false,
  };
}
