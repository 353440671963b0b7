import { FaultyServer } from '../faulty-server.ts';
import { ArtifactStore } from './artifact-store.ts';
import { answerApi, answerBlob } from './blob-routes.ts';
import { type Answer, type Call, problem } from './exchange.ts';
import { answerRepository, RepositoryStore } from './repository-routes.ts';
import { answerResults } from './results-routes.ts';

/**
 * A workflow artifact service of the tests' own, for the official client: the results service of a run, blob storage
 * and the REST API for other runs, issues and branches. In its stead act has one that refuses current clients: it signs addresses with an
 * unescaped `=`, which @azure/storage-blob drops (nektos/act#6021), and does not know newer request fields (#6022).
 */
export class ArtifactService extends FaultyServer {
  readonly store = new ArtifactStore();
  /** Issues and branches of the repository. */
  readonly repository = new RepositoryStore();

  /** Listens on a free port of the loopback. */
  static start(): Promise<ArtifactService> {
    return new ArtifactService().listen();
  }

  /** What a job of run `runId` finds in its environment. */
  environment(runId: string): Record<string, string> {
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const token = [part({ alg: 'none' }), part({ scp: `Actions.Results:${runId}:job` }), 'unsigned'].join('.');
    return {
      ACTIONS_RUNTIME_URL: `${this.url}/`,
      ACTIONS_RESULTS_URL: `${this.url}/`,
      ACTIONS_RUNTIME_TOKEN: token,
      GITHUB_API_URL: `${this.url}/api`,
      GITHUB_RUN_ID: runId,
    };
  }

  protected answer(call: Call): Answer {
    const path = call.url.pathname;
    if (path.startsWith('/twirp/')) return answerResults(this.store, call, this.url);
    if (path.startsWith('/blobs/')) return answerBlob(this.store, call);
    if (path.startsWith('/api/'))
      return answerRepository(this.repository, call) ?? answerApi(this.store, call, this.url);
    return problem(404, 'not_found', path);
  }
}
