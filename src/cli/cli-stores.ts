import type { Progress } from '../progress.ts';
import { findCredentials } from '../store/docker-credentials.ts';
import { patience } from '../store/http.ts';
import type { StoreSettings } from '../store/store-settings.ts';

/** Settings of stores on the command line: GitHub by the variables that its own program and its runners use. */
export function cliStores(progress: Progress, env: NodeJS.ProcessEnv = process.env): StoreSettings {
  return {
    github: {
      apiUrl: env.GITHUB_API_URL || 'https://api.github.com',
      token: env.GH_TOKEN || env.GITHUB_TOKEN || '',
      repository: env.GITHUB_REPOSITORY ?? '',
      // Within a run only: the artifact client needs the run's own tokens.
      runId: env.ACTIONS_RUNTIME_TOKEN ? Number(env.GITHUB_RUN_ID) || undefined : undefined,
    },
    registry: host => findCredentials(host, env),
    retentionDays: 0,
    defaultRetentionDays: Number(env.GITHUB_RETENTION_DAYS) || undefined,
    patience,
    progress,
  };
}

/**
 * The artifact client says on stdout what it does, and stdout is for results: meanwhile what is written there goes to stderr.
 */
export async function withQuietStdout<T>(run: () => Promise<T>): Promise<T> {
  const { write } = process.stdout;
  process.stdout.write = process.stderr.write.bind(process.stderr) as typeof write;
  try {
    return await run();
  } finally {
    process.stdout.write = write;
  }
}
