import { randomBytes } from 'node:crypto';
import type { CommandStream, Engine, ExecOptions } from '../engine/engine.ts';
import type { Progress } from '../progress.ts';
import { provideClientImage } from './client-image.ts';

/** A small container beside the service, from which client programs speak to it. */
export interface ClientContainer {
  /** Address of the service as seen from inside. */
  address: string;
  /** Starts a command; its exit code never rejects. */
  start(argv: string[], options?: ExecOptions): CommandStream;
  /** Makes a folder that only root may read, with these files, and gives its path. */
  makeFolder(files: Record<string, string>): Promise<string>;
  /** Writes files that only root may read into such a folder. */
  writeFiles(folder: string, files: Record<string, string>): Promise<void>;
  remove(): Promise<void>;
}

/** Where the client stands: in a network that the service is in too, or within the service's own network namespace. */
export interface Placement {
  engine: Engine;
  /** Name of the service's container. */
  container: string;
  /** Its address on `network`; empty when it has none. */
  address: string;
  /** As the engine reports it (RunOptions.networkMode). */
  network: string;
}

/** Modes that name no network which another container could join. */
const UNNAMED = /^(host|none|private|slirp4netns|pasta|ns:|container:)/;

/**
 * Starts a client container.
 * @param packages Debian packages that it needs
 * @throws PerennialError `image-unsuitable`, or what the engine says
 */
export async function startClientContainer(
  placement: Placement,
  packages: readonly string[],
  progress: Progress,
): Promise<ClientContainer> {
  const { engine } = placement;
  const image = await provideClientImage(engine, packages, progress);
  const network = clientNetwork(placement);
  const name = `perennial-client-${randomBytes(4).toString('hex')}`;
  await engine.run({
    name,
    image,
    command: ['sleep', 'infinity'],
    run: { labels: { perennial: 'client' } },
    ...network.options,
  });
  return {
    address: network.address,
    start: (argv, options = {}) => engine.execStream(name, argv, { ...options, allowFailure: true }),
    makeFolder: files => makeFolder(engine, name, files),
    writeFiles: (folder, files) => writeFiles(engine, name, folder, files),
    remove: () => engine.removeContainer(name),
  };
}

/**
 * The network of the client. A network that both are in is preferred, because a service may treat its own machine
 * differently (trust on loopback, allowed hosts) from the clients that the answers are about.
 */
export function clientNetwork({ container, address, network }: Placement): {
  address: string;
  options: { networkOf: string } | { extraArgs: string[] };
} {
  if (address === '' || UNNAMED.test(network)) return { address: '127.0.0.1', options: { networkOf: container } };
  const named = network === '' || network === 'default' ? 'bridge' : network;
  return { address, options: { extraArgs: ['--network', named] } };
}

async function makeFolder(engine: Engine, name: string, files: Record<string, string>): Promise<string> {
  const folder = `/run/perennial-${randomBytes(4).toString('hex')}`;
  await engine.exec(name, ['mkdir', '-m', '700', folder]);
  await writeFiles(engine, name, folder, files);
  return folder;
}

async function writeFiles(engine: Engine, name: string, folder: string, files: Record<string, string>): Promise<void> {
  for (const [file, content] of Object.entries(files)) {
    await engine.exec(name, ['sh', '-c', 'umask 077; cat > "$1"', 'sh', `${folder}/${file}`], { input: content });
  }
}
