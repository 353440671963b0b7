import * as core from '@actions/core';
import { serviceConfig } from '../config/service-config.ts';
import { findEngine } from '../engine/find-engine.ts';
import { PerennialError } from '../errors.ts';
import { actionProgress } from './action-progress.ts';
import { refuseUnattested } from './attest-archive.ts';
import { decommission } from './decommission.ts';
import { type MainInputs, mainInputs } from './inputs.ts';
import { findServiceState, type ServiceState } from './service-state.ts';
import { removeService } from './start-service.ts';
import { refuseUnproved } from './verify-archive.ts';

/**
 * Post of the root action: decommissions the service at the end of the job. The container is removed only after its
 * archive is complete, verified and uploaded; in every other case it is left, and that is said.
 */
export async function endService(): Promise<void> {
  const state = findServiceState();
  if (!state) return actionProgress.step('There is no service to archive: it was never started');
  if (state.baseline === '') return abandon(state);
  const inputs = mainInputs();
  if (inputs.archiveOn === 'success' && inputs.jobStatus !== 'success') {
    core.warning(
      `Not archived: \`archive-on\` is success, and the job's status is ${inputs.jobStatus || 'unknown'}. The container ${state.container} is left.`,
    );
    return;
  }
  await endWith(state, inputs).catch(error => {
    actionProgress.step(`The container ${state.container} is left as it is`);
    throw error;
  });
}

/** Main was cancelled before the service was ready: nobody has worked with it. */
async function abandon(state: ServiceState): Promise<void> {
  actionProgress.step(`The service ${state.container} never became ready; it is removed`);
  await removeService(await findEngine(state.engine), state);
}

async function endWith(state: ServiceState, inputs: MainInputs): Promise<void> {
  const engine = await findEngine(state.engine);
  const { result, verified, attested } = await decommission({
    archive: {
      engine,
      container: state.container,
      baseline: state.baseline,
      ...(inputs.context ? { context: inputs.context, dockerfile: inputs.dockerfile } : {}),
      buildArgs: inputs.buildArgs,
      config: await serviceConfig(inputs),
    },
    name: inputs.artifactName || state.container,
    upload: true,
    verify: inputs.verify,
    keep: inputs,
  });
  refuseIncomplete(result.incomplete);
  refuseUnproved(verified);
  refuseUnattested(attested);
  if (inputs.keepContainer) return;
  actionProgress.step(`Removing the container ${state.container}`);
  await removeService(engine, state);
}

/** @throws PerennialError `unreadable` when something is not in the archive */
export function refuseIncomplete(incomplete: readonly string[]): void {
  if (incomplete.length === 0) return;
  throw new PerennialError(
    'unreadable',
    `The archive is kept, but ${incomplete.length} paths could not be read, the first is ${incomplete[0]}`,
    { hint: 'All are in the summary. Make them readable and archive again, or exclude them in perennial.yml.' },
  );
}
