import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PerennialError } from '../errors.ts';
import { interruption } from '../interruption.ts';
import { engineReference, runRecord } from '../run-record.ts';
import { decodeBytes } from '../system/byte-text.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { buildArguments, execArguments, runArguments } from './arguments.ts';
import { type RunCommandOptions, runCommand, streamCommand } from './command.ts';
import { findDockerSocket } from './docker-socket.ts';
import type {
  BuildOptions,
  CommandResult,
  CommandStream,
  ContainerFacts,
  DiffKind,
  Engine,
  ExecOptions,
  ImageFacts,
  RunContainerOptions,
} from './engine.ts';
import { collectOverSocket, execOverSocket } from './exec-over-socket.ts';
import { parseContainer, parseImage, RUN_LABEL } from './inspect.ts';

const CHANGE_LETTERS: Record<string, DiffKind> = { A: 'added', C: 'changed', D: 'deleted' };

/**
 * `docker diff` output: a letter, a blank, a path; a path may hold newlines, so a line that does not begin so goes on.
 * docker has put U+FFFD for bytes that are no UTF-8; podman leaves them as they are.
 */
export function parseDiff(text: string): Map<string, DiffKind> {
  const paths = new Map<string, DiffKind>();
  for (const record of text.split(/\n(?=[ACD] \/)/)) {
    const kind = CHANGE_LETTERS[record[0] ?? ''];
    if (kind) paths.set(record.slice(2).replace(/\n$/, ''), kind);
  }
  return paths;
}

/**
 * Docker and podman through their common command line; DOCKER_HOST and contexts are the program's own business. Commands in containers go
 * through docker's own socket where there is one on this machine.
 */
export class CommandLineEngine implements Engine {
  readonly name: 'docker' | 'podman';
  /** What this run has made, by kind and name, and what takes it off the record. */
  readonly #made = new Map<string, () => void>();

  /** Images of containers, by id, which never change. */
  readonly #images = new Map<string, ImageFacts>();

  /** docker's own, once it has answered there: commands in containers pass their streams through it. */
  #socket: string | undefined;

  constructor(name: 'docker' | 'podman') {
    this.name = name;
  }

  async version(): Promise<string> {
    const format = this.name === 'docker' ? '{{.Server.Version}}' : '{{.Client.Version}}';
    const result = await runCommand([this.name, 'version', '--format', format], { allowFailure: true });
    if (result.code === 0) {
      this.#socket = this.name === 'docker' ? await findDockerSocket() : undefined;
      return result.stdout.toString().trim();
    }
    throw new PerennialError('engine-missing', `The engine ${this.name} does not answer: ${lastLine(result.stderr)}`, {
      hint: `Start it (e.g. \`systemctl start ${this.name}\`), set DOCKER_HOST, or see that your user may use it.`,
    });
  }

  async inspectContainer(name: string): Promise<ContainerFacts> {
    const json = await this.#inspect('container', name);
    if (!json) {
      throw new PerennialError('no-such-container', `There is no container "${name}" on this ${this.name} engine`, {
        hint: `\`${this.name} ps --all\` lists the containers.`,
      });
    }
    const { Image: id } = json as { Image: string };
    const image = this.#images.get(id) ?? (await this.findImage(id));
    if (image) this.#images.set(id, image);
    const facts = parseContainer(json, image);
    if (this.name === 'docker' || !facts.running || facts.health !== 'starting') return facts;
    // podman has its health checks from timers of systemd: where there is none, they are never made (podman-healthcheck-run(1)).
    await runCommand([this.name, 'healthcheck', 'run', facts.id], { allowFailure: true });
    return parseContainer((await this.#inspect('container', name)) ?? json, image);
  }

  async inspectImage(reference: string): Promise<ImageFacts> {
    const image = await this.findImage(reference);
    if (image) return image;
    throw new PerennialError('no-such-image', `There is no image "${reference}" on this ${this.name} engine`, {
      hint: `\`${this.name} pull ${reference}\` or \`${this.name} images\` helps to find it.`,
    });
  }

  async findImage(reference: string, options: { pull?: boolean } = {}): Promise<ImageFacts | undefined> {
    const json = await this.#inspect('image', reference);
    if (json) return parseImage(json);
    if (!options.pull) return undefined;
    const pulled = await runCommand([this.name, 'pull', '--quiet', reference], { allowFailure: true });
    return pulled.code === 0 ? this.findImage(reference) : undefined;
  }

  async imageHistory(reference: string): Promise<string[]> {
    const format = ['--no-trunc', '--format', '{{json .CreatedBy}}'];
    const { stdout } = await runCommand([this.name, 'image', 'history', ...format, reference]);
    return stdout
      .toString()
      .split('\n')
      .filter(Boolean)
      .map(line => String(JSON.parse(line)));
  }

  async exec(container: string, argv: string[], options: ExecOptions = {}): Promise<CommandResult> {
    if (this.#socket) return collectOverSocket(this.#socket, container, argv, options);
    const args = execArguments(container, argv, options, options.input !== undefined);
    return runCommand([this.name, ...args], commandOptions(options));
  }

  execStream(container: string, argv: string[], options: ExecOptions = {}): CommandStream {
    if (this.#socket) return execOverSocket(this.#socket, container, argv, options, true);
    return streamCommand([this.name, ...execArguments(container, argv, options, true)], streamOptions(options));
  }

  async endCommand(container: string, argv: string[]): Promise<void> {
    await this.#cleanUp(execArguments(container, argv, { user: '0' }, false));
  }

  async build(options: BuildOptions): Promise<string> {
    const temporary = await temporaryFolder('build');
    const folder = temporary.path;
    try {
      const idFile = join(folder, 'id');
      const onLine = options.onLine ? { onLine: options.onLine } : {};
      // podman's own format has no health check and no SHELL (podman-build(1), --format); docker does not look.
      const env = { ...process.env, BUILDAH_FORMAT: 'docker' };
      const signal = options.signal ? { signal: options.signal } : {};
      await runCommand([this.name, ...buildArguments(options, idFile)], { ...onLine, ...signal, env });
      return (await readFile(idFile, 'utf8')).trim();
    } finally {
      await temporary.remove();
    }
  }

  async run(options: RunContainerOptions): Promise<string> {
    const { marked, remove, gone } = this.#marked(options);
    try {
      const result = await runCommand([this.name, ...runArguments(marked, 'detached')]);
      const id = result.stdout.toString().trim().split('\n').at(-1)!;
      for (const name of [id, options.name ?? id]) this.#made.set(`container ${name}`, gone);
      return id;
    } catch (error) {
      await remove();
      throw error;
    }
  }

  async runOnce(options: RunContainerOptions & ExecOptions): Promise<CommandResult> {
    const { marked, remove, gone } = this.#marked(withExec(options));
    try {
      const args = runArguments(marked, 'once', options.input !== undefined);
      const result = await runCommand([this.name, ...args], commandOptions(options));
      gone();
      return result;
    } catch (error) {
      await remove();
      throw error;
    }
  }

  runOnceStream(options: RunContainerOptions & ExecOptions): CommandStream {
    const { marked, remove, gone } = this.#marked(withExec(options));
    const stream = streamCommand([this.name, ...runArguments(marked, 'once', true)], streamOptions(options));
    const stillThere = interruption.onInterrupt(() => stream.done.catch(() => {}).then(remove));
    const done = stream.done.finally(stillThere);
    done.then(gone, () => {}); // as in streamCommand
    const kill = () => {
      stream.kill();
      remove().catch(() => {});
    };
    return { ...stream, done, kill };
  }

  async diff(container: string): Promise<Map<string, DiffKind>> {
    return parseDiff(decodeBytes((await runCommand([this.name, 'diff', container])).stdout));
  }

  async create(image: string): Promise<string> {
    // An image without a command needs one to be named; it is never run.
    const args = ['create', '--network', 'none', '--label', `${RUN_LABEL}=files`, '--entrypoint', '', image, 'none'];
    return (await runCommand([this.name, ...args])).stdout.toString().trim().split('\n').at(-1)!;
  }

  exportStream(container: string): CommandStream {
    return streamCommand([this.name, 'export', container], { allowFailure: true });
  }

  copyStream(container: string, path: string): CommandStream {
    return streamCommand([this.name, 'cp', `${container}:${path}`, '-'], { allowFailure: true });
  }

  async start(container: string): Promise<void> {
    await runCommand([this.name, 'start', container]);
  }

  async stop(container: string, seconds = 10): Promise<void> {
    await runCommand([this.name, 'stop', '-t', String(seconds), container]);
  }

  async pause(container: string): Promise<void> {
    await runCommand([this.name, 'pause', container]);
  }

  async unpause(container: string): Promise<void> {
    const options: RunCommandOptions = { allowFailure: true, cleanup: true };
    const { code, stderr } = await runCommand([this.name, 'unpause', container], options);
    if (code === 0 || /not paused|no such container|no container with/i.test(stderr)) return;
    throw new PerennialError('engine-failed', `The container ${container} is still frozen: ${lastLine(stderr)}`, {
      hint: `\`${this.name} unpause ${container}\` lets it go on.`,
    });
  }

  async removeContainer(container: string): Promise<void> {
    await this.#remove('container', container, ['rm', '--force', '--volumes', container]);
  }

  async removeContainerOnly(container: string): Promise<void> {
    await this.#remove('container', container, ['rm', '--force', container]);
  }

  async removeImage(reference: string): Promise<void> {
    await this.#remove('image', reference, ['rmi', reference]);
  }

  async removeImagesWithLabel(name: string, value: string): Promise<boolean> {
    const ids = await this.#cleanUp(['images', '--all', '--quiet', '--no-trunc', '--filter', `label=${name}=${value}`]);
    if (ids.length > 0) await this.#cleanUp(['rmi', '--force', ...ids]);
    return ids.length > 0;
  }

  async removeUnusedImagesWithLabel(name: string, value: string): Promise<void> {
    const filters = ['--filter', `label=${name}=${value}`, '--filter', 'dangling=true'];
    const ids = await this.#cleanUp(['images', '--quiet', '--no-trunc', ...filters]);
    if (ids.length > 0) await this.#cleanUp(['rmi', ...ids]);
  }

  async commit(container: string, tag: string, changes: string[] = []): Promise<string> {
    this.#record('image', tag);
    const args = ['commit', ...changes.flatMap(change => ['--change', change]), container, tag];
    return (await runCommand([this.name, ...args])).stdout.toString().trim();
  }

  async push(reference: string): Promise<void> {
    await runCommand([this.name, 'push', reference]);
  }

  async createVolume(name: string, labels: Record<string, string> = {}): Promise<void> {
    const args = Object.entries(labels).flatMap(([key, value]) => ['--label', `${key}=${value}`]);
    this.#record('volume', name);
    await runCommand([this.name, 'volume', 'create', ...args, name]);
  }

  async volumeExists(name: string): Promise<boolean> {
    return (await runCommand([this.name, 'volume', 'inspect', name], { allowFailure: true })).code === 0;
  }

  async removeVolume(name: string): Promise<void> {
    await this.#remove('volume', name, ['volume', 'rm', name]);
  }

  async list(kind: 'container' | 'volume', label: string, value: string): Promise<string[]> {
    const args =
      kind === 'container' ? ['ps', '--all', '--format', '{{.Names}}'] : ['volume', 'ls', '--format', '{{.Name}}'];
    const { stdout } = await runCommand([this.name, ...args, '--filter', `label=${label}=${value}`]);
    return stdout.toString().split('\n').filter(Boolean);
  }

  async logs(container: string, tail = 20): Promise<string> {
    const result = await runCommand([this.name, 'logs', '--tail', String(tail), container], { allowFailure: true });
    return result.stdout.toString() + result.stderr;
  }

  /** Removes the containers of a run by the value of their RUN_LABEL. @returns whether there was one */
  async removeMarked(mark: string): Promise<boolean> {
    const ids = await this.#cleanUp(['ps', '--all', '--quiet', '--filter', `label=${RUN_LABEL}=${mark}`]);
    if (ids.length > 0) await this.#cleanUp(['rm', '--force', '--volumes', ...ids]);
    return ids.length > 0;
  }

  /** Puts on record what is about to be made. */
  #record(kind: 'image' | 'volume', value: string): void {
    interruption.check();
    this.#made.set(`${kind} ${value}`, runRecord.add({ kind, value, engine: engineReference(this.name) }));
  }

  /** Removes a thing, and takes it off the record unless the engine did not answer. */
  async #remove(kind: 'container' | 'image' | 'volume', name: string, args: string[]): Promise<void> {
    const { code } = await runCommand([this.name, ...args], { allowFailure: true, cleanup: true });
    const gone = this.#made.get(`${kind} ${name}`);
    if (gone && (code === 0 || (await this.#answers()))) gone();
  }

  async #answers(): Promise<boolean> {
    return (await runCommand([this.name, 'version'], { allowFailure: true, cleanup: true })).code === 0;
  }

  /** Runs a command that removes something: also when the process is to end, and no error when it is gone already. */
  async #cleanUp(args: string[]): Promise<string[]> {
    const options: RunCommandOptions = { allowFailure: true, cleanup: true };
    const { stdout } = await runCommand([this.name, ...args], options);
    return [...new Set(stdout.toString().split('\n').filter(Boolean))];
  }

  /**
   * Gives a container a label by which it is found again when its start failed or was interrupted: a name may be somebody
   * else's, and an engine whose client was killed may still be about to make the container.
   */
  #marked<T extends RunContainerOptions>(options: T): { marked: T; remove: () => Promise<void>; gone: () => void } {
    interruption.check(); // what is refused does not go on record
    const mark = randomBytes(8).toString('hex');
    const label = `${RUN_LABEL}=${mark}`;
    const gone = runRecord.add({
      kind: 'container',
      value: mark,
      name: options.name ?? '',
      engine: engineReference(this.name),
    });
    const remove = async () => {
      if (!(await this.removeMarked(mark)) && interruption.signal) {
        await sleep(500);
        await this.removeMarked(mark);
      }
      if (await this.#answers()) gone();
    };
    return { marked: { ...options, extraArgs: ['--label', label, ...(options.extraArgs ?? [])] }, remove, gone };
  }

  /** The first element of `inspect`, or undefined when there is no such thing; an engine that is down throws. */
  async #inspect(kind: 'container' | 'image', name: string): Promise<unknown> {
    if (name === '' || name.startsWith('-')) {
      throw new PerennialError('bad-input', `"${name}" is not a name of a ${kind}`);
    }
    const result = await runCommand([this.name, kind, 'inspect', name], { allowFailure: true });
    if (result.code === 0) return (JSON.parse(result.stdout.toString()) as unknown[])[0];
    if (/no such|not found|not known|no container with/i.test(result.stderr)) return undefined;
    await this.version();
    throw new PerennialError(
      'engine-failed',
      `${this.name} cannot inspect ${kind} "${name}": ${lastLine(result.stderr)}`,
    );
  }
}

function withExec(options: RunContainerOptions & ExecOptions): RunContainerOptions {
  const user = options.user === undefined ? [] : ['--user', options.user];
  const env = Object.entries(options.env ?? {}).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
  return { ...options, extraArgs: [...user, ...env, ...(options.extraArgs ?? [])] };
}

function commandOptions(options: ExecOptions): { input?: string | Buffer; allowFailure?: boolean } {
  return {
    ...(options.input === undefined ? {} : { input: options.input }),
    ...(options.allowFailure ? { allowFailure: true } : {}),
  };
}

function streamOptions(options: ExecOptions): { allowFailure?: boolean } {
  return options.allowFailure ? { allowFailure: true } : {};
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
