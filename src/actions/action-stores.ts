import { type Credentials, findCredentials } from '../store/docker-credentials.ts';
import { patience } from '../store/http.ts';
import type { StoreSettings } from '../store/store-settings.ts';
import { actionProgress } from './action-progress.ts';
import { findAudience } from './runner.ts';

/** What stores need to know, from inputs and from what the runner tells of this run. */
export async function actionStores(inputs: { githubToken: string; retentionDays?: number }): Promise<StoreSettings> {
  const { env } = process;
  const audience = await findAudience();
  return {
    github: {
      apiUrl: env.GITHUB_API_URL || 'https://api.github.com',
      token: inputs.githubToken,
      repository: env.GITHUB_REPOSITORY ?? '',
      runId: Number(env.GITHUB_RUN_ID) || undefined,
      readers: audience,
    },
    registry: host => registryCredentials(host, inputs.githubToken),
    retentionDays: inputs.retentionDays ?? 0,
    defaultRetentionDays: Number(env.GITHUB_RETENTION_DAYS) || undefined,
    patience,
    progress: actionProgress,
  };
}

/** A login step before this one comes first; GitHub's own registry takes the job's token (`packages: write`). */
async function registryCredentials(host: string, token: string): Promise<Credentials | undefined> {
  const found = await findCredentials(host);
  return found ?? (host === 'ghcr.io' && token ? { user: 'x-access-token', password: token } : undefined);
}
