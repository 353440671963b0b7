import type { Engine, ImageFacts, Mount, RunOptions } from '../engine/engine.ts';
import { PerennialError } from '../errors.ts';
import { mapPath, rewriteText, type Substitution } from '../plan/path-substitution.ts';

/** Present in the container once its state is back; the entry point waits for it. */
export const READY_MARK = '/var/lib/perennial/restored';

/**
 * The container's main process: it waits until the state is back and then becomes what the owner had it run.
 * After a restart of the container the mark is there and nothing waits.
 */
const WAIT = `while [ ! -e ${READY_MARK} ]; do sleep 0.1; done; exec "$@"`;

export interface StartRequest {
  engine: Engine;
  name: string;
  image: ImageFacts;
  /** How the old container ran, and the image that it ran from. */
  run: RunOptions;
  oldImage: ImageFacts | null;
  substitutions: Substitution[];
  /** Mounts whose content is in the bag. */
  mounts: Mount[];
  publish: boolean;
}

export interface Started {
  container: string;
  volumes: string[];
  /** What could not be repeated, in words. */
  notes: string[];
}

/**
 * Starts the new container with the old one's options. Volumes are made anew; nothing that exists is reused.
 * @throws PerennialError `output-exists` when the name is taken
 */
export async function startContainer(request: StartRequest): Promise<Started> {
  const { engine, name, run } = request;
  await refuseTaken(engine, name);
  const mounts = request.mounts.map(mount => newMount(name, mount, request.substitutions));
  const taken: string[] = [];
  for (const mount of mounts) if (await engine.volumeExists(mount.source)) taken.push(mount.source);
  if (taken.length > 0) {
    throw new PerennialError('output-exists', `The volume ${taken[0]} exists already`, {
      hint: `Choose another --name, or remove it: \`${engine.name} volume rm ${taken.join(' ')}\``,
    });
  }
  const notes: string[] = [];
  const options = repeatable(run, mounts, notes);
  const command = mainCommand(request);
  try {
    for (const mount of mounts) await engine.createVolume(mount.source, { 'org.perennial.service': name });
    const start = (published: RunOptions['published']) =>
      engine.run({
        name,
        image: request.image.id,
        run: { ...options, published },
        entrypoint: '/bin/sh',
        command: ['-c', WAIT, 'perennial', ...command],
      });
    const container = await start(request.publish ? run.published : []).catch(async error => {
      if (
        !request.publish ||
        run.published.length === 0 ||
        !/port is already allocated|address already in use/i.test(String(error))
      )
        throw error;
      notes.push(
        'A published port of the old container is taken on this machine: the new one runs without published ports',
      );
      await engine.removeContainerOnly(name);
      return start([]);
    });
    return { container, volumes: mounts.map(mount => mount.source), notes };
  } catch (error) {
    await engine.removeContainer(name);
    for (const mount of mounts) await engine.removeVolume(mount.source);
    throw error;
  }
}

async function refuseTaken(engine: Engine, name: string): Promise<void> {
  const exists = await engine.inspectContainer(name).then(
    () => true,
    error => {
      if (error instanceof PerennialError && error.code === 'no-such-container') return false;
      throw error;
    },
  );
  if (exists) {
    throw new PerennialError('output-exists', `There is a container "${name}" already`, {
      hint: `Choose another --name, or remove it: \`${engine.name} rm -f ${name}\``,
    });
  }
}

/** Volumes and bind mounts become volumes of the new container; names are derived so that they can be found. */
function newMount(name: string, mount: Mount, substitutions: Substitution[]): Mount {
  const destination = mapPath(mount.destination, substitutions);
  const slug = destination.replace(/[^a-zA-Z0-9_.-]+/g, '-').replace(/^-|-$/g, '');
  return { type: 'volume', source: `${name}-${slug}`, destination, writable: true, anonymous: false };
}

/** Options of the old container that make sense anywhere; the others are named in the notes. */
function repeatable(run: RunOptions, mounts: Mount[], notes: string[]): Partial<RunOptions> {
  const tmpfs = run.mounts.filter(mount => mount.type === 'tmpfs');
  if (run.readOnly)
    notes.push('The old container had a read-only root; the new one has not, since its state is put into it');
  if (run.devices.length > 0) notes.push(`Devices of the old host are not passed on: ${run.devices.join(', ')}`);
  const network = ['host', 'none'].includes(run.networkMode) ? run.networkMode : '';
  if (run.networkMode && !network && !['default', 'bridge', 'slirp4netns', 'pasta'].includes(run.networkMode)) {
    notes.push(
      `The old container was on the network ${run.networkMode}; the new one is on the engine's default network`,
    );
  }
  const { readOnly: _, devices: __, ...rest } = run;
  return {
    ...rest,
    hostname: /^[0-9a-f]{12}$/.test(run.hostname) ? '' : run.hostname,
    mounts: [...mounts, ...tmpfs],
    networkMode: network,
  };
}

/** The old command; where it was the image's own, the rebuilt image's is used, which has today's names. */
function mainCommand({ run, oldImage, image, substitutions }: StartRequest): string[] {
  const same = (a: string[], b: string[] | undefined) =>
    b !== undefined && a.length === b.length && a.every((word, n) => word === b[n]);
  const today = (word: string) => rewriteText(word, substitutions).text;
  const entrypoint = same(run.entrypoint, oldImage?.entrypoint) ? image.entrypoint : run.entrypoint.map(today);
  const command = same(run.command, oldImage?.command) ? image.command : run.command.map(today);
  const words = [...entrypoint, ...command];
  return words.length > 0 ? words : ['sleep', 'infinity'];
}
