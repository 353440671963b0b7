import { basename, dirname } from 'node:path';
import { DefaultArtifactClient } from '@actions/artifact';
import { PerennialError } from '../errors.ts';

export interface Upload {
  /** Name of the artifact. */
  name: string;
  id: number;
  /** Seconds that it took. */
  seconds: number;
}

/**
 * Uploads a packed bag as a workflow artifact: the file as it is, without a zip around it, under its own name.
 * The client's digest of what it sent, which the service has checked, must be ours.
 * @param retentionDays 0 is the repository's default
 * @throws PerennialError `store-failed`, `digest-mismatch`
 */
export async function uploadBag(packed: { file: string; sha256: string }, retentionDays: number): Promise<Upload> {
  const started = performance.now();
  const name = basename(packed.file);
  const options = { skipArchive: true, ...(retentionDays > 0 ? { retentionDays } : {}) };
  const { id, digest } = await new DefaultArtifactClient()
    .uploadArtifact(name, [packed.file], dirname(packed.file), options)
    .catch(cause => {
      throw uploadFailed(name, cause as Error);
    });
  if (id === undefined || digest !== packed.sha256) {
    throw new PerennialError(
      'digest-mismatch',
      `The artifact ${name} is not what was sent: its sha256 is ${digest ?? 'unknown'}, ours is ${packed.sha256}`,
      { hint: 'Run the job again; nothing was removed.' },
    );
  }
  return { name, id, seconds: Math.round((performance.now() - started) / 100) / 10 };
}

function uploadFailed(name: string, cause: Error): PerennialError {
  const taken = /already exists|409|conflict/i.test(cause.message);
  return new PerennialError('store-failed', `The artifact ${name} could not be uploaded: ${cause.message}`, {
    cause,
    hint: taken
      ? 'This run has an artifact of that name; artifacts are immutable. Set another `artifact-name`.'
      : 'Run the job again when the artifact service answers; the archive is still on the runner.',
  });
}
