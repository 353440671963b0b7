import { PerennialError } from '../errors.ts';
import { type Answer, type Patience, type Request, send } from './http.ts';
import type { Readers } from './store.ts';
import { failWith, type StatusHints } from './store-errors.ts';

/** How GitHub is reached, and from where. */
export interface GitHubAccess {
  /** https://api.github.com, or that of a GitHub Enterprise server. */
  apiUrl: string;
  /** Empty: nobody in particular. */
  token: string;
  /** OWNER/NAME of the repository at hand; empty where there is none. */
  repository: string;
  /** Id of the workflow run that this is a part of. */
  runId: number | undefined;
  /** Who can read the repository at hand, where that is known already. */
  readers?: Readers;
}

/** GitHub's REST API for one repository (docs.github.com/rest). */
export class GitHubRepository {
  readonly name: string;
  readonly #access: GitHubAccess;
  readonly #patience: Patience;

  /** @param given OWNER/NAME; empty is the repository at hand. @throws PerennialError `bad-input` when there is none */
  constructor(given: string, access: GitHubAccess, patience: Patience) {
    this.name = given || access.repository;
    this.#access = access;
    this.#patience = patience;
    if (this.name !== '') return;
    throw new PerennialError('bad-input', 'It is not known which repository is meant', {
      hint: 'Write OWNER/REPO@ before the name, or set GITHUB_REPOSITORY.',
    });
  }

  /** Headers for a request; the token goes to GitHub only. */
  headers(accept = 'application/vnd.github+json'): Record<string, string> {
    const { token } = this.#access;
    return {
      accept,
      'x-github-api-version': '2022-11-28',
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    };
  }

  url(path: string): string {
    return `${this.#access.apiUrl.replace(/\/$/, '')}/repos/${this.name}${path}`;
  }

  /** `what` says what failed. @throws PerennialError `store-failed` */
  async call(what: string, path: string, request: Request & { hints?: StatusHints } = {}): Promise<Answer> {
    const url = /^https?:/.test(path) ? path : this.url(path);
    const full = { ...request, headers: { ...this.headers(), ...request.headers } };
    return send(url, full, this.#patience).catch(failWith(what, { ...this.#hints(), ...request.hints }));
  }

  /** Every page of a list, a hundred entries each. */
  async *pages<T>(
    what: string,
    path: string,
    entries: (body: unknown) => T[] = body => body as T[],
  ): AsyncGenerator<T> {
    for (let page = 1; ; page++) {
      const separator = path.includes('?') ? '&' : '?';
      const answer = await this.call(what, `${path}${separator}per_page=100&page=${page}`);
      const found = entries(await answer.json());
      yield* found;
      if (found.length < 100) return;
    }
  }

  /** Who can read the repository. */
  async readers(): Promise<Readers> {
    if (this.name === this.#access.repository && this.#access.readers) return this.#access.readers;
    const answer = await this.call(`The repository ${this.name} could not be read`, '');
    const { visibility, private: hidden } = await answer.json<{ visibility?: string; private?: boolean }>();
    return (visibility ?? (hidden ? 'private' : 'public')) === 'private' ? 'collaborators' : 'others';
  }

  #hints(): StatusHints {
    const token = this.#access.token ? 'the token' : 'a token (`github-token`, or GITHUB_TOKEN on the command line)';
    return {
      401: `Give ${token}; the one that was used is not valid.`,
      403: `The token needs the permission for this: \`contents: write\` to keep bags in releases, \`contents: read\` or \`actions: read\` to fetch.`,
      404: `Check the name. A private repository looks like this too when ${token} may not read it.`,
    };
  }
}
