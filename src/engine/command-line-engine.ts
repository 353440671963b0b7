import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PerennialError } from '../errors.ts';
import { buildArguments, execArguments, runArguments } from './arguments.ts';
import { runCommand, streamCommand } from './command.ts';
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
import { parseContainer, parseImage } from './inspect.ts';

const CHANGE_LETTERS: Record<string, DiffKind> = { A: 'added', C: 'changed', D: 'deleted' };

/** `docker diff` output: a letter, a blank, a path; a path may hold newlines, so a line that does not begin so goes on. */
export function parseDiff(text: string): Map<string, DiffKind> {
  const paths = new Map<string, DiffKind>();
  for (const record of text.split(/\n(?=[ACD] \/)/)) {
    const kind = CHANGE_LETTERS[record[0] ?? ''];
    if (kind) paths.set(record.slice(2).replace(/\n$/, ''), kind);
  }
  return paths;
}

/** Docker and podman through their common command line; DOCKER_HOST and contexts are the program's own business. */
export class CommandLineEngine implements Engine {
  readonly name: 'docker' | 'podman';

  constructor(name: 'docker' | 'podman') {
    this.name = name;
  }

  async version(): Promise<string> {
    const format = this.name === 'docker' ? '{{.Server.Version}}' : '{{.Client.Version}}';
    const result = await runCommand([this.name, 'version', '--format', format], { allowFailure: true });
    if (result.code === 0) return result.stdout.toString().trim();
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
    const { Image: imageId } = json as { Image: string };
    return parseContainer(json, await this.findImage(imageId));
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

  async exec(container: string, argv: string[], options: ExecOptions = {}): Promise<CommandResult> {
    const args = execArguments(container, argv, options, options.input !== undefined);
    return runCommand([this.name, ...args], commandOptions(options));
  }

  execStream(container: string, argv: string[], options: ExecOptions = {}): CommandStream {
    return streamCommand([this.name, ...execArguments(container, argv, options, true)], streamOptions(options));
  }

  async build(options: BuildOptions): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'perennial-build-'));
    try {
      const idFile = join(folder, 'id');
      const onLine = options.onLine ? { onLine: options.onLine } : {};
      await runCommand([this.name, ...buildArguments(options, idFile)], onLine);
      return (await readFile(idFile, 'utf8')).trim();
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  async run(options: RunContainerOptions): Promise<string> {
    const result = await runCommand([this.name, ...runArguments(options, 'detached')]);
    return result.stdout.toString().trim().split('\n').at(-1)!;
  }

  async runOnce(options: RunContainerOptions & ExecOptions): Promise<CommandResult> {
    const args = runArguments(withExec(options), 'once', options.input !== undefined);
    return runCommand([this.name, ...args], commandOptions(options));
  }

  runOnceStream(options: RunContainerOptions & ExecOptions): CommandStream {
    return streamCommand([this.name, ...runArguments(withExec(options), 'once', true)], streamOptions(options));
  }

  async diff(container: string): Promise<Map<string, DiffKind>> {
    return parseDiff((await runCommand([this.name, 'diff', container])).stdout.toString());
  }

  async start(container: string): Promise<void> {
    await runCommand([this.name, 'start', container]);
  }

  async stop(container: string, seconds = 10): Promise<void> {
    await runCommand([this.name, 'stop', '-t', String(seconds), container]);
  }

  async removeContainer(container: string): Promise<void> {
    await runCommand([this.name, 'rm', '--force', '--volumes', container], { allowFailure: true });
  }

  async removeContainerOnly(container: string): Promise<void> {
    await runCommand([this.name, 'rm', '--force', container], { allowFailure: true });
  }

  async removeImage(reference: string): Promise<void> {
    await runCommand([this.name, 'rmi', reference], { allowFailure: true });
  }

  async commit(container: string, tag: string, changes: string[] = []): Promise<string> {
    const args = ['commit', ...changes.flatMap(change => ['--change', change]), container, tag];
    return (await runCommand([this.name, ...args])).stdout.toString().trim();
  }

  async createVolume(name: string, labels: Record<string, string> = {}): Promise<void> {
    const args = Object.entries(labels).flatMap(([key, value]) => ['--label', `${key}=${value}`]);
    await runCommand([this.name, 'volume', 'create', ...args, name]);
  }

  async volumeExists(name: string): Promise<boolean> {
    return (await runCommand([this.name, 'volume', 'inspect', name], { allowFailure: true })).code === 0;
  }

  async removeVolume(name: string): Promise<void> {
    await runCommand([this.name, 'volume', 'rm', name], { allowFailure: true });
  }

  async logs(container: string, tail = 20): Promise<string> {
    const result = await runCommand([this.name, 'logs', '--tail', String(tail), container], { allowFailure: true });
    return result.stdout.toString() + result.stderr;
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
