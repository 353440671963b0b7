import { join } from 'node:path';
import { readRebuildContext } from '../archive/rebuild-context.ts';
import type { ContainerFacts, Engine, ImageFacts } from '../engine/engine.ts';
import { PerennialError } from '../errors.ts';
import { allReady, containerEnded, containerRuns, portOpen, waitUntilReady } from '../smoke/wait-ready.ts';
import { printable } from '../system/byte-text.ts';
import type { MainInputs } from './inputs.ts';
import { mainProcess } from './main-process.ts';

/** The image of the service: built from the context, or the one that is named, pulled when it is not there. */
export async function serviceImage(
  engine: Engine,
  inputs: MainInputs,
  onLine: (line: string) => void,
): Promise<ImageFacts> {
  if (inputs.image) {
    const image = await engine.findImage(inputs.image, { pull: true });
    if (image) return image;
    throw new PerennialError('no-such-image', `The image "${inputs.image}" is not here and cannot be pulled`, {
      hint: 'Check its name; log in to its registry in a step before this one.',
    });
  }
  await readRebuildContext(inputs.context, inputs.dockerfile); // says what is wrong with the context before the engine does
  const dockerfile = join(inputs.context, inputs.dockerfile);
  const { context, buildArgs } = inputs;
  const tag = imageTag(inputs.name);
  try {
    return await engine.inspectImage(await engine.build({ context, dockerfile, tag, buildArgs, onLine }));
  } catch (cause) {
    if (!(cause instanceof PerennialError && cause.code === 'command-failed')) throw cause;
    throw new PerennialError('step-failed', `The image does not build from ${dockerfile}: ${cause.message}`, { cause });
  }
}

/** `perennial/NAME:service`, in the letters that references may have. */
export function imageTag(name: string): string {
  return `perennial/${
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '') || 'service'
  }:service`;
}

/**
 * Named volumes of `--volume` values, NAME:/path[:options]; host paths and anonymous volumes are none.
 * https://docs.docker.com/reference/cli/docker/container/run/#volume
 */
export function namedVolumes(volumes: readonly string[]): string[] {
  return volumes.flatMap(volume => /^([a-zA-Z0-9][\w.-]*):\//.exec(volume)?.[1] ?? []);
}

/** Starts the container. @throws PerennialError `output-exists` when its name is taken */
export async function runService(engine: Engine, inputs: MainInputs, image: ImageFacts): Promise<string> {
  const many = (flag: string, values: string[]) => values.flatMap(value => [flag, value]);
  try {
    return await engine.run({
      name: inputs.name,
      image: inputs.image || imageTag(inputs.name),
      run: { env: inputs.env },
      ...(namesEntrypoint(inputs.runOptions) ? {} : mainProcess(image, inputs.start)),
      extraArgs: [...many('--publish', inputs.ports), ...many('--volume', inputs.volumes), ...inputs.runOptions],
    });
  } catch (cause) {
    if (!(cause instanceof PerennialError && cause.code === 'command-failed')) throw cause;
    throw new PerennialError('step-failed', `The container "${inputs.name}" does not start: ${cause.message}`, {
      cause,
      hint: 'Check `ports`, `volumes` and `run-options`, and that the image has what its command names.',
    });
  }
}

/** Then the owner has chosen what runs. */
function namesEntrypoint(words: string[]): boolean {
  return words.some(word => word === '--entrypoint' || word.startsWith('--entrypoint='));
}

/** @throws PerennialError `output-exists` */
export async function refuseTakenName(engine: Engine, name: string): Promise<void> {
  const taken = await engine.inspectContainer(name).then(
    () => true,
    error => {
      if (error instanceof PerennialError && error.code === 'no-such-container') return false;
      throw error;
    },
  );
  if (!taken) return;
  throw new PerennialError('output-exists', `There is a container "${name}" already`, {
    hint: `Choose another \`name\`. If an earlier job left it, archive it first (archive action), then \`${engine.name} rm -f ${name}\`.`,
  });
}

/** Runs the owner's start command; it has to return. @throws PerennialError `step-failed`, `not-ready` */
export async function runStartCommand(engine: Engine, container: string, inputs: MainInputs): Promise<void> {
  const command = engine.execStream(container, ['sh', '-c', inputs.start], { allowFailure: true });
  command.stdin.end();
  let said = '';
  command.stdout.on('data', chunk => {
    said = (said + chunk).slice(-4000);
  });
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    command.kill();
  }, inputs.readyTimeout * 1000);
  const { code, stderr } = await command.done.finally(() => clearTimeout(timer));
  if (late) {
    throw new PerennialError('not-ready', `The start command did not return within ${inputs.readyTimeout} s`, {
      hint: 'It has to start the daemons in the background and end; raise `ready-timeout` if it only needs longer.',
    });
  }
  if (code === 0) return;
  if (!(await engine.inspectContainer(container)).running) throw await containerEnded(engine, inputs.name);
  const end = (said + stderr).trim().split('\n').slice(-8).map(printable).join('\n');
  throw new PerennialError(
    'step-failed',
    `The start command ended with exit code ${code}: ${end || 'it said nothing'}`,
  );
}

/** Waits until the container runs, is healthy where it has a health check, and answers at `ready-port`. */
export async function waitForService(engine: Engine, container: ContainerFacts, inputs: MainInputs): Promise<void> {
  const { readyPort } = inputs;
  const port = readyPort === undefined ? [] : [portOpen(engine, container.id, container.address, readyPort)];
  await waitUntilReady({
    describe: readyPort === undefined ? `the container ${inputs.name}` : `port ${readyPort} of ${inputs.name}`,
    timeoutSeconds: inputs.readyTimeout,
    check: allReady(containerRuns(engine, container.id), ...port),
  });
}
