import type { IndexEntry } from '../bag/index-entry.ts';
import type { Dump, Manifest } from '../bag/manifest.ts';
import type { Mount } from '../engine/engine.ts';
import type { Service } from '../knowledge/service.ts';
import { encodeBytes, printable } from '../system/byte-text.ts';
import { shellWord, shellWords } from '../system/shell-quote.ts';
import { BASE_ARGUMENT, withBaseArgument } from './base-argument.ts';
import { generateDockerfile } from './generate-dockerfile.ts';
import { imageSettings } from './image-settings.ts';
import { languageList } from './language-list.ts';
import { diversionCommands, overrideCommands } from './override-commands.ts';
import { chosenPackages, packageLists } from './package-lists.ts';
import { payloadLists } from './payload-lists.ts';
import { mountPointsOf } from './repeatable-options.ts';
import { startCommands } from './start-commands.ts';
import { unpackLists } from './unpack-lists.ts';

export interface RestoreProgramFacts {
  manifest: Manifest;
  /** Iterated more than once. */
  index: Iterable<IndexEntry>;
  /** Text of the recorded Dockerfile, if any. */
  dockerfile: string | undefined;
  /** Image of the old release, for a bag that has no Dockerfile. */
  base: string;
  /** Those that wrote the bag's exports. */
  services: readonly Service[];
  /** The parts that are the same in every bag (program/). */
  texts: { restore: string; apply: string; accounts: string; languages: string; unpack: string };
}

/** Path in the bag -> content. */
export type RestoreProgram = Map<string, { content: Buffer; mode: number }>;

/** Where restore.sh has what is particular to the service. */
const SERVICE_MARK = '#@service@\n';

/**
 * The program that brings a service back from its bag with nothing but Docker: restore.sh, Dockerfile, and in restore/ what works
 * inside the container. Pure; every value of the bag that stands in shell text is quoted, lists of paths are data beside it.
 * Throws `bad-input` for values that no Dockerfile can hold, `base-unknown`.
 */
export function compileRestoreProgram(facts: RestoreProgramFacts): RestoreProgram {
  const { manifest, index, texts } = facts;
  const dockerfile = bagDockerfile(facts);
  const loads = loadCommands(manifest.dumps, facts.services);
  const service = serviceText(facts, dockerfile.base, loads.text);
  const overrides = new Map(overriddenPaths(manifest, index).map(entry => [entry.path, entry]));
  const inside = new Map<string, string | Buffer>([
    ['apply.sh', texts.apply],
    ['accounts.awk', texts.accounts],
    ['release', `${manifest.system.os.id} ${manifest.system.os.versionId}\n`],
    ...packageLists(manifest),
    ...payloadLists(index, pointsOf(facts)),
    ['diversions.sh', diversionCommands(manifest.system.overrides)],
    ...languageFiles(manifest, index, texts.languages),
    ...unpackFiles(index, texts.unpack),
    ['overrides.sh', overrideCommands(manifest.system.overrides, overrides)],
    ...loads.files,
  ]);
  for (const [name, content] of inside) if (content === '') inside.delete(name);
  return new Map([
    [
      'restore.sh',
      file(
        texts.restore.replace(SERVICE_MARK, () => service),
        0o755,
      ),
    ],
    ['Dockerfile', file(dockerfile.text)],
    ...[...inside].map(([name, content]) => [`restore/${name}`, file(content)] as const),
  ]);
}

function languageFiles(manifest: Manifest, index: Iterable<IndexEntry>, program: string): [string, string][] {
  const list = languageList(manifest.languagePackages, index);
  return list === ''
    ? []
    : [
        ['languages', list],
        ['languages.sh', program],
      ];
}

function unpackFiles(index: Iterable<IndexEntry>, program: string): [string, string][] {
  const { archives, unpacked } = unpackLists(index);
  return unpacked === ''
    ? []
    : [
        ['archives', archives],
        ['unpacked', unpacked],
        ['unpack.sh', program],
      ];
}

function file(content: string | Buffer, mode = 0o644): { content: Buffer; mode: number } {
  return { content: typeof content === 'string' ? encodeBytes(content) : content, mode };
}

/** Few of an index of maybe millions matter to alternatives. */
function overriddenPaths(manifest: Manifest, index: Iterable<IndexEntry>): IndexEntry[] {
  const choices = manifest.system.overrides.alternatives.flatMap(each => each.choices.map(choice => choice.path));
  const wanted = new Set(choices);
  const found: IndexEntry[] = [];
  if (wanted.size > 0) for (const entry of index) if (wanted.has(entry.path)) found.push(entry);
  return found;
}

/** The recorded Dockerfile with its base as an argument, or one made of the chosen packages. */
function bagDockerfile({ manifest, dockerfile, base }: RestoreProgramFacts): { text: string; base: string } {
  if (dockerfile !== undefined) return withBaseArgument(dockerfile, manifest.rebuild?.buildArgs ?? {});
  const packages = chosenPackages(manifest.system.packages);
  return withBaseArgument(generateDockerfile(packages, base, imageSettings(manifest.service.image)), {});
}

/** What is mounted in the new container. A single file that was mounted is a file of the container now. */
function pointsOf({ manifest, index }: RestoreProgramFacts): Mount[] {
  const { mounts, service } = manifest;
  const destinations = new Set(mounts.map(mount => mount.destination));
  const kinds = new Map<string, IndexEntry['kind']>();
  for (const { path, kind } of index) if (destinations.has(path)) kinds.set(path, kind);
  const points = mounts.filter(mount => mount.kept && (kinds.get(mount.destination) ?? 'directory') === 'directory');
  return mountPointsOf(
    points.map(mount => mount.destination),
    service.run.mounts,
  ).map(({ destination, from }) => ({
    type: 'volume',
    source: from,
    destination,
    writable: true,
    anonymous: false,
  }));
}

function serviceText(facts: RestoreProgramFacts, base: string, loads: string): string {
  const { service, rebuild, system } = facts.manifest;
  const start = startCommands(
    service.run,
    pointsOf(facts).map(mount => mount.destination),
  );
  const notes = [
    ...start.notes,
    ...system.extraRepositories.map(line => `The old system had another package source: ${line}`),
  ];
  const buildArgs = Object.entries(rebuild?.buildArgs ?? {}).flatMap(([name, value]) => [
    '--build-arg',
    `${name}=${value}`,
  ]);
  return `default_base=${shellWord(base)}
volumes=${shellWord(start.volumes.join(' '))}
start=${shellWord(service.start)}

build_image() {
  "$engine" build --tag "$image" --file Dockerfile --build-arg "${BASE_ARGUMENT}=$base" ${[...buildArgs, rebuild ? 'data/rebuild' : 'restore'].map(shellWord).join(' ')}
}

# How the old container was started.
${start.text}

load_exports() {
${loads || '  :\n'}}

notes() {
${notes.map(note => `  left ${shellWord(printable(note))}\n`).join('') || '  :\n'}}
`;
}

function loadCommands(dumps: Dump[], services: readonly Service[]): { text: string; files: [string, string][] } {
  const files: [string, string][] = [];
  const lines = dumps.map(dump => {
    const how = services.find(each => each.id === dump.service)?.exports.find(each => each.id === dump.export);
    if (!how)
      return `  left ${shellWord(`data/dumps/${dump.file} is not loaded: nothing is known of ${dump.export}`)}\n`;
    const script = `load-${dump.service}-${dump.export}.sh`;
    files.push([script, how.load.endsWith('\n') ? how.load : `${how.load}\n`]);
    const exec = shellWords(['exec', '-i', '-u', how.loadUser ?? '0']);
    return `  say ${shellWord(`Loading ${dump.file}`)}
  "$engine" ${exec} "$name" sh -eu -c "$(cat ${shellWord(`restore/${script}`)})" <${shellWord(`data/dumps/${dump.file}`)}\n`;
  });
  return { text: lines.join(''), files };
}
