import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new folder in the runner's temporary directory, which is emptied at the beginning and the end of each job. */
export async function makeRunnerFolder(): Promise<string> {
  return mkdtemp(join(process.env.RUNNER_TEMP || tmpdir(), 'perennial-'));
}

/** Who can read what this workflow uploads. `unknown`: the event does not tell. */
export async function findAudience(): Promise<Audience> {
  const text = await readFile(process.env.GITHUB_EVENT_PATH ?? '', 'utf8').catch(() => '{}');
  return audienceOf(text);
}

export type Audience = 'collaborators' | 'others' | 'unknown';

/**
 * From the event's payload (docs.github.com/webhooks/webhook-events-and-payloads: `repository.private`, `.visibility`).
 * Internal repositories are read by everyone in an enterprise: these are others too.
 */
export function audienceOf(payload: string): Audience {
  const repository = repositoryOf(payload);
  const visibility = repository?.visibility ?? (repository?.private === true ? 'private' : undefined);
  if (visibility === 'private') return 'collaborators';
  return visibility === undefined && repository?.private === undefined ? 'unknown' : 'others';
}

function repositoryOf(payload: string): { visibility?: string; private?: boolean } | undefined {
  try {
    return (JSON.parse(payload) as { repository?: { visibility?: string; private?: boolean } }).repository;
  } catch {
    return undefined;
  }
}

/** Address of this workflow run for people; empty outside of one. */
export function runAddress(): string {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = process.env;
  return server && repository && run ? `${server}/${repository}/actions/runs/${run}` : '';
}
