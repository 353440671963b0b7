import type { Engine, ImageFacts, OtherOption, RunOptions } from '../engine/engine.ts';
import { PerennialError } from '../errors.ts';
import { argumentsToday } from '../plan/image-settings.ts';
import { mapPath, rewriteText, type Substitution } from '../plan/path-substitution.ts';
import {
  mountPointsOf,
  namedVolumes,
  overlappingMounts,
  repeatableOptions,
  volumesOf,
} from '../plan/repeatable-options.ts';
import type { PackageOf } from '../plan/version-words.ts';
import { waitingCommand } from '../plan/waiting-command.ts';

export { READY_MARK } from '../plan/waiting-command.ts';

export interface StartRequest {
  engine: Engine;
  name: string;
  image: ImageFacts;
  /** How the old container ran, and the image that it ran from. */
  run: RunOptions;
  oldImage: ImageFacts | null;
  substitutions: Substitution[];
  /** Whose programs have versions for arguments. */
  packageOf: PackageOf;
  /** Folders that were mounts and whose content is in the bag. */
  mountPoints: string[];
  publish: boolean;
  /** Labels of the container and its volumes. */
  labels: Record<string, string>;
  /** Repeat options that give the container rights over this machine. */
  allowPrivileged: boolean;
}

export interface Started {
  container: string;
  volumes: string[];
  /** What could not be repeated, in words. */
  notes: string[];
  /** Variables of the environment in which a path moved; their values may be secrets. */
  renamed: string[];
}

/**
 * Starts the new container with the old one's options. Volumes are made anew; nothing that exists is reused.
 * @throws PerennialError `output-exists` when the name is taken
 */
export async function startContainer(request: StartRequest): Promise<Started> {
  const { engine, name, run } = request;
  // Volumes and bind mounts of folders become volumes of the new container, named after it so that they can be found.
  const points = mountPointsOf(request.mountPoints, run.mounts).map(({ destination, from }) => ({
    destination: mapPath(destination, request.substitutions),
    from,
  }));
  const mounts = namedVolumes(name, points);
  const volumes = volumesOf(mounts);
  const [exist] = await Promise.all([
    Promise.all(volumes.map(volume => engine.volumeExists(volume))),
    refuseTaken(engine, name),
  ]);
  const taken = volumes.filter((_, n) => exist[n]);
  if (taken.length > 0) {
    throw new PerennialError('output-exists', `The volume ${taken[0]} exists already`, {
      hint: `Choose another --name, or remove it: \`${engine.name} volume rm ${taken.join(' ')}\``,
    });
  }
  const notes = overlappingMounts(points);
  const options = repeatableOptions(run, mounts, notes, request.allowPrivileged);
  const command = mainCommand(request);
  const { env, renamed } = environmentToday(options.env ?? {}, request.substitutions);
  const others = options.others ? { others: options.others.map(each => healthToday(each, request.substitutions)) } : {};
  try {
    const labels = { ...request.labels, 'org.perennial.service': name };
    const created = await Promise.allSettled(volumes.map(volume => engine.createVolume(volume, labels)));
    for (const each of created) if (each.status === 'rejected') throw each.reason;
    const start = (published: RunOptions['published']) =>
      engine.run({
        name,
        image: request.image.id,
        run: { ...options, ...others, env, published, labels: { ...options.labels, ...request.labels } },
        entrypoint: '/bin/sh',
        command: waitingCommand(command),
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
      return start([]);
    });
    return { container, volumes, notes, renamed };
  } catch (error) {
    for (const volume of volumes) await engine.removeVolume(volume);
    throw error;
  }
}

/** Whether there is a container of this name. */
export function isTaken(engine: Engine, name: string): Promise<boolean> {
  return engine.inspectContainer(name).then(
    () => true,
    error => {
      if (error instanceof PerennialError && error.code === 'no-such-container') return false;
      throw error;
    },
  );
}

/** @throws PerennialError `output-exists` when there is a container of this name */
export async function refuseTaken(engine: Engine, name: string): Promise<void> {
  if (await isTaken(engine, name)) {
    throw new PerennialError('output-exists', `There is a container "${name}" already`, {
      hint: `Choose another --name, or remove it: \`${engine.name} rm -f ${name}\`. If it is an unfinished restore of this bag, --resume goes on with it.`,
    });
  }
}

/** Variables that the owner gave when the container was started, with the paths of today, and the names of those that changed. */
function environmentToday(env: Record<string, string>, substitutions: Substitution[]) {
  const today = Object.entries(env).map(([name, value]) => [name, rewriteText(value, substitutions).text] as const);
  const renamed = today.filter(([name, value]) => env[name] !== value).map(([name]) => name);
  return { env: Object.fromEntries(today), renamed };
}

/** The command of a health check with the paths of today. */
function healthToday(option: OtherOption, substitutions: Substitution[]): OtherOption {
  if (option.name !== 'health-cmd') return option;
  return { ...option, value: rewriteText(option.value, substitutions).text };
}

/** The old command; where it was the image's own, the rebuilt image's is used, which has today's names. */
function mainCommand({ run, oldImage, image, substitutions, packageOf }: StartRequest): string[] {
  const same = (a: string[], b: string[] | undefined) =>
    b !== undefined && a.length === b.length && a.every((word, n) => word === b[n]);
  const isImages = same(run.entrypoint, oldImage?.entrypoint);
  const whole = argumentsToday([...run.entrypoint, ...run.command], substitutions, packageOf);
  const entrypoint = isImages ? image.entrypoint : whole.slice(0, run.entrypoint.length);
  const command = same(run.command, oldImage?.command) ? image.command : whole.slice(run.entrypoint.length);
  return [...entrypoint, ...command];
}
