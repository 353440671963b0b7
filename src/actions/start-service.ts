import { join } from 'node:path';
import * as core from '@actions/core';
import { serviceConfig } from '../config/service-config.ts';
import { takeBaseline } from '../detect/baseline.ts';
import { mountPolicy } from '../detect/detect.ts';
import type { ContainerFacts, Engine } from '../engine/engine.ts';
import { findEngine } from '../engine/find-engine.ts';
import { runRecord } from '../run-record.ts';
import { actionProgress, inGroup } from './action-progress.ts';
import { foretellAttestation } from './attest-archive.ts';
import type { MainInputs } from './inputs.ts';
import { findAudience, makeRunnerFolder } from './runner.ts';
import {
  imageTag,
  namedVolumes,
  refuseTakenName,
  runService,
  runStartCommand,
  serviceImage,
  waitForService,
} from './service-container.ts';
import { forgetServiceState, type ServiceState, saveServiceState } from './service-state.ts';

/**
 * Main of the root action: image, container, start command, readiness, baseline. Whatever fails, what was made is
 * removed again; post then finds nothing to do.
 */
export async function startService(given: MainInputs): Promise<void> {
  const engine = await findEngine(given.engine);
  const config = await serviceConfig(given);
  const inputs = { ...given, start: config.start ?? '' };
  await refuseTakenName(engine, inputs.name);
  await foretellRefusal(inputs);
  await foretellAttestation(inputs.attest);
  const image = await inGroup(inputs.image ? `Image ${inputs.image}` : 'Building the image', line =>
    serviceImage(engine, inputs, line),
  );
  const state = {
    engine: engine.name,
    container: inputs.name,
    volumes: await newVolumes(engine, inputs),
    baseline: '',
  };
  saveServiceState(state); // from here on post cleans up, even if this step is cancelled
  try {
    const container = await bringUp(engine, inputs, image);
    saveServiceState({ ...state, baseline: await baselineOf(engine, container) });
    setOutputs(container);
    runRecord.handOver(); // the service outlives this step: nobody may take it for the leftover of a killed run
  } catch (error) {
    await removeService(engine, state);
    forgetServiceState();
    if (!inputs.image) await engine.removeImage(imageTag(inputs.name));
    throw error;
  }
}

function setOutputs({ name, address, imageId }: ContainerFacts): void {
  core.setOutput('container', name);
  core.setOutput('address', address);
  core.setOutput('image', imageId);
}

/** Removes the container with its anonymous volumes, and the named ones that this action made. */
export async function removeService(engine: Engine, state: ServiceState): Promise<void> {
  await engine.removeContainer(state.container);
  for (const volume of state.volumes) await engine.removeVolume(volume);
}

async function newVolumes(engine: Engine, inputs: MainInputs): Promise<string[]> {
  const names = namedVolumes(inputs.volumes);
  const there = await Promise.all(names.map(name => engine.volumeExists(name)));
  return names.filter((_, n) => !there[n]);
}

async function bringUp(
  engine: Engine,
  inputs: MainInputs,
  image: Parameters<typeof runService>[2],
): Promise<ContainerFacts> {
  actionProgress.step(`Starting the container ${inputs.name}`);
  const container = await engine.inspectContainer(await runService(engine, inputs, image));
  if (inputs.start) await runStartCommand(engine, container.id, inputs);
  await waitForService(engine, container, inputs);
  return container;
}

async function baselineOf(engine: Engine, container: ContainerFacts): Promise<string> {
  actionProgress.step('Taking the baseline');
  const mounts = mountPolicy(container.run.mounts).filter(mount => mount.kept);
  const file = join(await makeRunnerFolder(), 'baseline');
  await takeBaseline(
    engine,
    container,
    mounts.map(mount => mount.destination),
    file,
  );
  return file;
}

/** A refusal at the end of the job would come too late on a runner that is thrown away. */
async function foretellRefusal(inputs: MainInputs): Promise<void> {
  if (inputs.lock || inputs.allowPlaintextSecrets || (await findAudience()) !== 'others') return;
  core.notice(
    'This repository is not private. If the service holds password hashes, private keys or the like at the end of the job, its archive is not uploaded unless it is encrypted: add `encrypt-to: age1…` (docs/encryption.md).',
    { title: 'Secrets' },
  );
}
