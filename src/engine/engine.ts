import type { Readable, Writable } from 'node:stream';
import type { HealthCheck } from './health-check.ts';

/** What a finished command gave back. */
export interface CommandResult {
  code: number;
  stdout: Buffer;
  stderr: string;
}

/** A running command whose streams have back-pressure. `done` rejects when the command fails, unless `allowFailure`. */
export interface CommandStream {
  stdin: Writable;
  stdout: Readable;
  done: Promise<{ code: number; stderr: string }>;
  kill(): void;
}

export interface ExecOptions {
  user?: string;
  workdir?: string;
  env?: Record<string, string>;
  input?: string | Buffer;
  /** Do not throw on a non-zero exit: the caller looks at `code`. */
  allowFailure?: boolean;
}

/** One mount of a container, as the engine reports it. */
export interface Mount {
  type: 'volume' | 'bind' | 'tmpfs' | 'other';
  /** Volume name or host path; empty for tmpfs. */
  source: string;
  /** Absolute path inside the container. */
  destination: string;
  writable: boolean;
  /** A volume that the engine named itself (`VOLUME` in the image, `-v /path`). */
  anonymous: boolean;
  /** Options of a tmpfs that were asked for: `size=64m,mode=1770`. Not in bags of the first versions. */
  options?: string;
}

/** An option of `docker run` that has no field of its own: `security-opt` and `no-new-privileges`. One without a value has an empty one. */
export interface OtherOption {
  name: string;
  value: string;
}

export interface PublishedPort {
  /** e.g. `445/tcp` */
  container: string;
  hostIp: string;
  hostPort: string;
}

/** How a container was started: what `docker run` needs to start another one like it. */
export interface RunOptions {
  hostname: string;
  user: string;
  workdir: string;
  entrypoint: string[];
  command: string[];
  /** Environment that differs from the image's own. */
  env: Record<string, string>;
  exposed: string[];
  published: PublishedPort[];
  mounts: Mount[];
  capAdd: string[];
  capDrop: string[];
  privileged: boolean;
  networkMode: string;
  extraHosts: string[];
  dns: string[];
  labels: Record<string, string>;
  stopSignal: string;
  /** With the most tries, where they are limited: `on-failure:5`. */
  restartPolicy: string;
  init: boolean;
  tty: boolean;
  shmSize: number;
  ulimits: { name: string; soft: number; hard: number }[];
  sysctls: Record<string, string>;
  devices: string[];
  readOnly: boolean;
  /** Limits, groups, name service and security. Not in bags of the first versions. */
  others?: OtherOption[];
}

export interface ContainerFacts {
  id: string;
  name: string;
  running: boolean;
  /** What the image's HEALTHCHECK says; absent when there is none. */
  health?: 'starting' | 'healthy' | 'unhealthy';
  /** ISO 8601 */
  created: string;
  imageId: string;
  /** The reference that the container was started from, e.g. `samba:old`. */
  imageName: string;
  /** Address on the engine's network; empty when there is none. */
  address: string;
  run: RunOptions;
}

export interface ImageFacts {
  id: string;
  tags: string[];
  digests: string[];
  /** ISO 8601 */
  created: string;
  /** Bytes, all layers. */
  size: number;
  architecture: string;
  entrypoint: string[];
  command: string[];
  env: Record<string, string>;
  user: string;
  workdir: string;
  volumes: string[];
  exposed: string[];
  labels: Record<string, string>;
  /** Not in bags of the first versions. */
  health?: HealthCheck;
}

export type DiffKind = 'added' | 'changed' | 'deleted';

export interface BuildOptions {
  context: string;
  dockerfile?: string;
  tag?: string;
  buildArgs?: Record<string, string>;
  labels?: Record<string, string>;
  pull?: boolean;
  /** Build every layer anew. */
  noCache?: boolean;
  /** Called with each line that the build prints. */
  onLine?: (line: string) => void;
  /** Ends the build: docker takes the step under way back, and keeps the layers before it. */
  signal?: AbortSignal;
}

export interface RunContainerOptions {
  name?: string;
  image: string;
  /** The options to repeat; `mounts` name volumes that exist or are to be made. */
  run?: Partial<RunOptions>;
  /** Overrides `run.entrypoint`; the image's own when neither is given. */
  entrypoint?: string;
  command?: string[];
  volumesFrom?: string;
  pidOf?: string;
  networkOf?: string;
  extraArgs?: string[];
}

/** A Docker-compatible engine. Every command is an argument array; nothing goes through a shell of ours. */
export interface Engine {
  readonly name: 'docker' | 'podman';
  /** Throws `engine-missing` when the program or its daemon does not answer. */
  version(): Promise<string>;
  /** Throws `no-such-container`. */
  inspectContainer(name: string): Promise<ContainerFacts>;
  /** Throws `no-such-image`. */
  inspectImage(reference: string): Promise<ImageFacts>;
  /** Like inspectImage, but `undefined` when there is none. Pulls when `pull` is set and the engine can. */
  findImage(reference: string, options?: { pull?: boolean }): Promise<ImageFacts | undefined>;
  /** By what each layer of an image was made, in the builder's words. */
  imageHistory(reference: string): Promise<string[]>;
  exec(container: string, argv: string[], options?: ExecOptions): Promise<CommandResult>;
  execStream(container: string, argv: string[], options?: ExecOptions): CommandStream;
  /** Runs a short command that ends what is left of another one: also when this process is to end; no error. */
  endCommand(container: string, argv: string[]): Promise<void>;
  /** Builds and returns the image id. */
  build(options: BuildOptions): Promise<string>;
  /** Starts a container in the background and returns its id. When it does not start, nothing of it is left. */
  run(options: RunContainerOptions): Promise<string>;
  /** Runs a throw-away container to its end. */
  runOnce(options: RunContainerOptions & ExecOptions): Promise<CommandResult>;
  runOnceStream(options: RunContainerOptions & ExecOptions): CommandStream;
  diff(container: string): Promise<Map<string, DiffKind>>;
  /** Makes a container of an image that is never started, for its files; returns its id. */
  create(image: string): Promise<string>;
  /** A tar of a container's files, running or not, without what is mounted in it. No program of the container is needed. */
  exportStream(container: string): CommandStream;
  /** A tar of one path of a container, running or not, mounts included. Names in it begin with the last part of the path. */
  copyStream(container: string, path: string): CommandStream;
  start(container: string): Promise<void>;
  stop(container: string, seconds?: number): Promise<void>;
  /** Freezes all processes of a running container. */
  pause(container: string): Promise<void>;
  /** Lets them go on, also when this process is to end; no error when they do, or are gone. @throws PerennialError `engine-failed` */
  unpause(container: string): Promise<void>;
  /** Removes the container and its anonymous volumes; no error when it is already gone. */
  removeContainer(container: string): Promise<void>;
  /** Removes the container but none of its volumes. */
  removeContainerOnly(container: string): Promise<void>;
  removeImage(reference: string): Promise<void>;
  /** Removes every image with the label, tagged or not, that no container uses: what a build left, finished or failed. @returns whether there was one */
  removeImagesWithLabel(name: string, value: string): Promise<boolean>;
  /** Of those, only what has neither a tag nor another image or container that is made of it. */
  removeUnusedImagesWithLabel(name: string, value: string): Promise<void>;
  commit(container: string, tag: string, changes?: string[]): Promise<string>;
  /** Sends a tagged image to the registry that its reference names. */
  push(reference: string): Promise<void>;
  createVolume(name: string, labels?: Record<string, string>): Promise<void>;
  volumeExists(name: string): Promise<boolean>;
  removeVolume(name: string): Promise<void>;
  /** Names of containers (running or not) or volumes that have a label. */
  list(kind: 'container' | 'volume', label: string, value: string): Promise<string[]>;
  logs(container: string, tail?: number): Promise<string>;
}
