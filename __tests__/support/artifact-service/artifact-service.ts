import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { ArtifactStore } from './artifact-store.ts';
import { answerApi, answerBlob } from './blob-routes.ts';
import { type Answer, type Call, problem, readCall } from './exchange.ts';
import { answerRepository, RepositoryStore } from './repository-routes.ts';
import { answerResults } from './results-routes.ts';

/** Something that goes wrong: the first fault that matches a request answers it instead of the service. */
export interface Fault {
  /** Matched against `METHOD /path?query`. */
  match: RegExp;
  /** How many requests it hits; default all. */
  times?: number;
  /** HTTP status to answer with; without one the request is served after `delay`. */
  status?: number;
  /** Milliseconds to wait first. */
  delay?: number;
  /** Cut the connection: at once, or after this many bytes of the answer. */
  cutAfter?: number;
  /** Flip one bit of the answer's body. */
  flip?: boolean;
}

/**
 * A workflow artifact service of the tests' own, for the official client: the results service of a run, blob storage
 * and the REST API for other runs, issues and branches. In its stead act has one that refuses current clients: it signs addresses with an
 * unescaped `=`, which @azure/storage-blob drops (nektos/act#6021), and does not know newer request fields (#6022).
 */
export class ArtifactService {
  readonly store = new ArtifactStore();
  /** Issues and branches of the repository. */
  readonly repository = new RepositoryStore();
  readonly faults: Fault[] = [];
  /** Every request as `METHOD /path?query`. */
  readonly requests: string[] = [];
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => {
      readCall(request, this.url)
        .then(call => this.serve(call, response))
        .catch(error => send(response, problem(500, 'internal', String(error)), {}));
    });
  }

  /** Listens on a free port of the loopback. */
  static async start(): Promise<ArtifactService> {
    const service = new ArtifactService();
    await new Promise<void>(done => service.server.listen(0, '127.0.0.1', done));
    return service;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
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

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise(done => this.server.close(done));
  }

  private async serve(call: Call, response: ServerResponse): Promise<void> {
    const line = `${call.method} ${call.url.pathname}${call.url.search}`;
    this.requests.push(line);
    const fault = this.findFault(line);
    if (fault.delay) await sleep(fault.delay);
    send(
      response,
      fault.status ? problem(fault.status, 'fault', `told to answer ${fault.status}`) : this.answer(call),
      fault,
    );
  }

  private findFault(line: string): Partial<Fault> {
    const fault = this.faults.find(each => each.times !== 0 && each.match.test(line));
    if (fault?.times) fault.times--;
    return fault ?? {};
  }

  private answer(call: Call): Answer {
    const path = call.url.pathname;
    if (path.startsWith('/twirp/')) return answerResults(this.store, call, this.url);
    if (path.startsWith('/blobs/')) return answerBlob(this.store, call);
    if (path.startsWith('/api/'))
      return answerRepository(this.repository, call) ?? answerApi(this.store, call, this.url);
    return problem(404, 'not_found', path);
  }
}

function send(response: ServerResponse, answer: Answer, fault: Partial<Fault>): void {
  const body = Buffer.from(answer.body);
  if (fault.flip && body.length > 0) body[body.length >> 1]! ^= 1;
  response.writeHead(answer.status, { ...answer.headers, 'content-length': body.length });
  if (fault.cutAfter === undefined) response.end(body);
  else response.write(body.subarray(0, fault.cutAfter), () => response.destroy());
}
