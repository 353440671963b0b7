import * as v from 'valibot';
import type { Manifest } from './manifest.ts';
import type { SameShape } from './same-shape.ts';

const text = v.string();
const texts = v.array(text);
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const textMap = v.record(text, text);

const os = v.object({ id: text, idLike: texts, versionId: text, codename: text, prettyName: text });

/** The defaults are what formatManifest leaves out; what depends on the system is filled in below. */
const installedPackage = v.object({
  name: text,
  version: text,
  architecture: v.optional(text),
  source: v.optional(text),
  manual: v.optional(v.boolean(), false),
  status: v.optional(v.picklist(['installed', 'config-files', 'half-installed', 'hold']), 'installed'),
  provides: v.optional(texts, []),
  conffiles: v.optional(textMap, {}),
  local: v.exactOptional(v.boolean()),
  priority: v.exactOptional(text),
});

const alternative = v.object({
  name: text,
  link: text,
  mode: v.picklist(['auto', 'manual']),
  value: text,
  choices: v.array(
    v.object({
      path: text,
      priority: v.number(),
      slaves: v.array(v.object({ name: text, link: text, path: text })),
    }),
  ),
});

const overrides = v.object({
  statoverrides: v.array(v.object({ user: text, group: text, mode: text, path: text })),
  diversions: v.array(v.object({ path: text, divertedTo: text, package: text })),
  alternatives: v.array(alternative),
  holds: texts,
});

const system = v.pipe(
  v.object({
    os,
    architecture: text,
    packageManager: v.picklist(['dpkg', 'rpm', 'apk', 'none']),
    packages: v.array(installedPackage),
    overrides,
    extraRepositories: texts,
    installHistory: texts,
    removed: v.optional(texts, []),
    versionedDirectories: v.exactOptional(texts),
    versionedPrograms: v.exactOptional(textMap),
  }),
  v.transform(facts => ({
    ...facts,
    packages: facts.packages.map(one => ({
      ...one,
      architecture: one.architecture ?? facts.architecture,
      source: one.source ?? one.name,
    })),
  })),
);

const mount = v.object({
  type: v.picklist(['volume', 'bind', 'tmpfs', 'other']),
  source: text,
  destination: text,
  writable: v.boolean(),
  anonymous: v.boolean(),
  options: v.exactOptional(text),
});

const run = v.object({
  hostname: text,
  user: text,
  workdir: text,
  entrypoint: texts,
  command: texts,
  env: textMap,
  exposed: texts,
  published: v.array(v.object({ container: text, hostIp: text, hostPort: text })),
  mounts: v.array(mount),
  capAdd: texts,
  capDrop: texts,
  privileged: v.boolean(),
  networkMode: text,
  extraHosts: texts,
  dns: texts,
  labels: textMap,
  stopSignal: text,
  restartPolicy: text,
  init: v.boolean(),
  tty: v.boolean(),
  shmSize: v.number(),
  ulimits: v.array(v.object({ name: text, soft: v.number(), hard: v.number() })),
  sysctls: textMap,
  devices: texts,
  readOnly: v.boolean(),
  others: v.exactOptional(v.array(v.object({ name: text, value: text }))),
});

const image = v.object({
  id: text,
  tags: texts,
  digests: texts,
  created: text,
  size: count,
  architecture: text,
  entrypoint: texts,
  command: texts,
  env: textMap,
  user: text,
  workdir: text,
  volumes: texts,
  exposed: texts,
  labels: textMap,
  health: v.exactOptional(
    v.object({
      test: texts,
      interval: v.exactOptional(count),
      timeout: v.exactOptional(count),
      startPeriod: v.exactOptional(count),
      retries: v.exactOptional(count),
    }),
  ),
});

const service = v.object({
  name: text,
  recognised: texts,
  start: text,
  run,
  image: v.nullable(image),
  processes: v.array(
    v.object({
      pid: count,
      user: text,
      program: text,
      argv: texts,
      package: text,
      script: v.exactOptional(v.object({ program: text, package: text })),
      parent: v.exactOptional(count),
    }),
  ),
  sockets: v.array(v.object({ protocol: v.picklist(['tcp', 'udp']), address: text, port: count, program: text })),
  foretold: v.exactOptional(v.array(v.object({ service: text, check: text, line: text }))),
});

const counts = v.object({
  paths: count,
  kept: count,
  keptBytes: count,
  deleted: count,
  rules: v.record(text, v.object({ paths: count, bytes: count, kept: v.boolean() })),
});

const languagePackage = v.object({
  ecosystem: v.picklist(['pip', 'npm', 'gem', 'conda']),
  name: text,
  version: text,
  folder: text,
  files: v.picklist(['left', 'kept']),
  why: text,
  operation: v.boolean(),
});

const manifest = v.object({
  schema: count,
  tool: v.object({ name: v.literal('perennial'), version: text }),
  created: text,
  service,
  system,
  rebuild: v.nullable(v.object({ dockerfile: text, context: text, buildArgs: textMap })),
  languagePackages: v.optional(v.array(languagePackage), []),
  dumps: v.array(v.object({ file: text, service: text, export: text, bytes: count })),
  pristine: v.array(v.object({ path: text, file: text, source: v.picklist(['image', 'package']) })),
  mounts: v.array(v.object({ destination: text, kept: v.boolean(), why: text })),
  counts,
  notes: texts,
});

true satisfies SameShape<v.InferOutput<typeof manifest>, Manifest>;

/** Shape of data/manifest.json, schema 1. Unknown keys are dropped. */
export const manifestSchema: v.GenericSchema<unknown, Manifest> = manifest;
