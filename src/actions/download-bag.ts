import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Artifact, ArtifactNotFoundError, DefaultArtifactClient, type FindOptions } from '@actions/artifact';
import { PerennialError } from '../errors.ts';
import { artifactNames } from './bag-file-name.ts';
import type { RestoreInputs } from './inputs.ts';

export type ArtifactReference = Pick<RestoreInputs, 'artifact' | 'runId' | 'githubToken' | 'repository'>;

/**
 * Fetches the artifact with a bag, of this run or another one, into `folder`.
 * @returns path of the packed bag, or of the folder of one
 * @throws PerennialError `artifact-missing`, `digest-mismatch`, `store-failed`
 */
export async function downloadBag(reference: ArtifactReference, folder: string): Promise<string> {
  const client = new DefaultArtifactClient();
  const find = findOptions(reference);
  const found = await findArtifact(client, reference, find);
  const { digestMismatch } = await client
    .downloadArtifact(found.id, { path: folder, ...find, ...(found.digest ? { expectedHash: found.digest } : {}) })
    .catch(cause => {
      throw failure(reference, cause);
    });
  if (digestMismatch) {
    throw new PerennialError(
      'digest-mismatch',
      `The artifact "${found.name}" is not what was uploaded: its sha256 differs`,
      {
        hint: 'Run the job again: it was damaged on its way, or in the store.',
      },
    );
  }
  return bagIn(folder);
}

/** Absent for an artifact of this run, which needs no token. */
export function findOptions({ runId, githubToken, repository }: ArtifactReference): FindOptions {
  const here = process.env.GITHUB_REPOSITORY ?? '';
  if (runId === undefined && repository !== '' && repository !== here) {
    throw new PerennialError('bad-input', '`repository` is given without `run-id`', {
      hint: 'An artifact of another repository is found by the id of the run that uploaded it.',
    });
  }
  const isThisRun = String(runId) === process.env.GITHUB_RUN_ID && (repository || here) === here;
  if (runId === undefined || isThisRun) return {};
  if (!githubToken) {
    throw new PerennialError('bad-input', '`run-id` needs `github-token`', {
      hint: 'Leave `github-token` at its default or give another token, and the job the permission `actions: read`.',
    });
  }
  const [repositoryOwner, repositoryName, ...rest] = (repository || here).split('/');
  if (!repositoryOwner || !repositoryName || rest.length > 0)
    throw new PerennialError('bad-input', `The repository "${repository || here}" is not OWNER/NAME`);
  return { findBy: { token: githubToken, workflowRunId: runId, repositoryOwner, repositoryName } };
}

async function findArtifact(
  client: DefaultArtifactClient,
  reference: ArtifactReference,
  find: FindOptions,
): Promise<Artifact> {
  let last: unknown;
  for (const name of artifactNames(reference.artifact)) {
    try {
      return (await client.getArtifact(name, find)).artifact;
    } catch (error) {
      last = error;
      if (!(error instanceof ArtifactNotFoundError)) break;
    }
  }
  throw failure(reference, last);
}

/** The one clear error for whatever the artifact client says. */
function failure({ artifact, runId, repository }: ArtifactReference, cause: unknown): PerennialError {
  const where = runId === undefined ? 'this run' : `run ${runId}${repository ? ` of ${repository}` : ''}`;
  const status = (cause as { status?: number }).status;
  const message = cause instanceof Error ? cause.message : String(cause);
  if (cause instanceof ArtifactNotFoundError || status === 404 || status === 410) {
    return new PerennialError('artifact-missing', `There is no artifact "${artifact}" in ${where}, or it has expired`, {
      cause,
      hint: 'Check the name and `run-id`; artifacts are kept for 90 days at most in public repositories. For another run the token needs `actions: read`.',
    });
  }
  if (status === 401 || status === 403) {
    return new PerennialError('store-failed', `The artifacts of ${where} may not be read with this token`, {
      cause,
      hint: 'Give the job the permission `actions: read`; for another repository use a token that can read it.',
    });
  }
  return new PerennialError('store-failed', `The artifact "${artifact}" of ${where} could not be fetched: ${message}`, {
    cause,
    hint: 'Run the job again when the artifact service answers.',
  });
}

/** Ours is one packed file; somebody may have uploaded a folder of a bag, or put one into an archive with others. */
async function bagIn(folder: string): Promise<string> {
  const names = await readdir(folder);
  if (names.includes('bagit.txt')) return folder;
  const packed = names.filter(name => name.endsWith('.tar.zst') || name.endsWith('.tar'));
  const only = packed.length === 1 ? packed[0] : names.length === 1 ? names[0] : undefined;
  if (only !== undefined) return join(folder, only);
  throw new PerennialError('bag-invalid', `The artifact holds ${names.length} files, and none of them is the bag`, {
    hint: 'Name an artifact that this action uploaded.',
  });
}
