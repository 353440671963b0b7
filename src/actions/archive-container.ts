import * as core from '@actions/core';
import { serviceConfig } from '../config/service-config.ts';
import { findEngine } from '../engine/find-engine.ts';
import { foretellAttestation, refuseUnattested } from './attest-archive.ts';
import { decommission } from './decommission.ts';
import { refuseIncomplete } from './end-service.ts';
import type { ArchiveInputs } from './inputs.ts';
import { refuseUnproved } from './verify-archive.ts';

/** The archive action: decommissions, now, a container that something else started. The container is left as it is. */
export async function archiveContainer(inputs: ArchiveInputs): Promise<void> {
  await foretellAttestation(inputs.attest);
  const { result, file, kept, verified, attested } = await decommission({
    archive: {
      engine: await findEngine(inputs.engine),
      container: inputs.container,
      ...(inputs.baseline ? { baseline: inputs.baseline } : {}),
      ...(inputs.context ? { context: inputs.context, dockerfile: inputs.dockerfile } : {}),
      buildArgs: inputs.buildArgs,
      config: await serviceConfig(inputs),
    },
    name: inputs.artifactName || inputs.container,
    upload: inputs.upload,
    verify: inputs.verify,
    keep: inputs,
  });
  core.setOutput('bag', file);
  const artifact = kept.find(each => each.id !== undefined);
  core.setOutput('artifact', artifact?.name ?? '');
  core.setOutput('artifact-id', artifact?.id ?? '');
  core.setOutput('kept-at', kept.map(each => each.reference).join('\n'));
  core.setOutput('kept', result.manifest.counts.kept);
  core.setOutput('verified', verified.how);
  core.setOutput('attested-by', attested.attestation?.signer.identity ?? '');
  refuseIncomplete(result.incomplete);
  refuseUnproved(verified);
  refuseUnattested(attested);
}
