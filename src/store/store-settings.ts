import type { Progress } from '../progress.ts';
import type { Credentials } from './docker-credentials.ts';
import type { GitHubAccess } from './github.ts';
import type { Patience } from './http.ts';

/** What stores need to know of the world; the command line and the actions fill it in. */
export interface StoreSettings {
  github: GitHubAccess;
  /** Credentials for a registry, by its host. */
  registry(host: string): Promise<Credentials | undefined>;
  /** Days that the artifact store shall keep a bag; 0 is the repository's default. */
  retentionDays: number;
  /** The repository's default in days, where it is known. */
  defaultRetentionDays: number | undefined;
  patience: Patience;
  progress: Progress;
  /** Largest part; the store's own limit when it is not given. */
  partBytes?: number;
  /** Piece in which a registry gets a large part. */
  chunkBytes?: number;
}
