import type { Credentials } from './docker-credentials.ts';
import { type Answer, HttpError, type Patience, type Request, send } from './http.ts';

/**
 * A container registry (github.com/opencontainers/distribution-spec, v1.1), for one repository of it. Signs in where it is asked to: basic, or a
 * token of the service that the registry names (distribution.github.io/distribution/spec/auth/token). Credentials go to the registry and
 * to that service only.
 */
export class Registry {
  readonly #base: URL;
  readonly #repository: string;
  readonly #credentials: () => Promise<Credentials | undefined>;
  readonly #patience: Patience;
  #authorization = '';

  constructor(
    host: string,
    repository: string,
    credentials: () => Promise<Credentials | undefined>,
    patience: Patience,
  ) {
    this.#base = new URL(`${isLocal(host) ? 'http' : 'https'}://${host}/v2/`);
    this.#repository = repository;
    this.#credentials = credentials;
    this.#patience = patience;
  }

  /** Address below the repository: `blobs/…`, `manifests/…`; or one that the registry gave. */
  url(path: string): URL {
    return new URL(path, new URL(`${this.#repository}/`, this.#base));
  }

  /** Headers that a request to this address needs, as far as it is known by now. */
  headers(url: URL): Record<string, string> {
    const own = url.origin === this.#base.origin;
    return this.#authorization && own ? { authorization: this.#authorization } : {};
  }

  /** Sends a request; the first one that is asked for credentials signs in. @throws HttpError */
  async call(url: URL, request: Request & { push?: boolean } = {}): Promise<Answer> {
    const { push = false, ...given } = request;
    const full = () => ({ ...given, headers: { ...this.headers(url), ...given.headers } });
    try {
      return await send(url, full(), this.#patience);
    } catch (error) {
      if (!(error instanceof HttpError) || error.status !== 401 || url.origin !== this.#base.origin) throw error;
      if (!(await this.#signIn(error.headers.get('www-authenticate') ?? '', push))) throw error;
      return await send(url, full(), this.#patience);
    }
  }

  /** False when there is nothing to sign in with. */
  async #signIn(challenge: string, push: boolean): Promise<boolean> {
    const [, scheme = '', rest = ''] = /^\s*(\w+)\s*(.*)$/s.exec(challenge) ?? [];
    const credentials = await this.#credentials();
    if (scheme.toLowerCase() === 'basic') {
      if (!credentials) return false;
      this.#authorization = basic(credentials);
      return true;
    }
    if (scheme.toLowerCase() !== 'bearer') return false;
    const fields = Object.fromEntries([...rest.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [key!, value!]));
    const token = fields.realm ? await this.#askToken(fields, credentials, push) : undefined;
    if (token) this.#authorization = `Bearer ${token}`;
    return token !== undefined;
  }

  async #askToken(
    fields: Record<string, string>,
    credentials: Credentials | undefined,
    push: boolean,
  ): Promise<string | undefined> {
    const scope = `repository:${this.#repository}:pull${push ? ',push' : ''}`;
    const realm = new URL(fields.realm!);
    if (realm.protocol !== 'https:' && !isLocal(realm.host)) return undefined; // no password in the clear
    const request = credentials?.identityToken
      ? refreshRequest(credentials.identityToken, fields.service ?? '', scope)
      : { headers: credentials ? { authorization: basic(credentials) } : {} };
    if (!('body' in request)) {
      if (fields.service) realm.searchParams.set('service', fields.service);
      realm.searchParams.set('scope', scope);
    }
    const answer = await send(realm, request, this.#patience);
    const { token, access_token } = await answer.json<{ token?: string; access_token?: string }>();
    return token ?? access_token;
  }
}

/** https://distribution.github.io/distribution/spec/auth/oauth/ */
function refreshRequest(identityToken: string, service: string, scope: string): Request {
  const form = { grant_type: 'refresh_token', client_id: 'perennial', service, scope, refresh_token: identityToken };
  return {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: () => new URLSearchParams(form).toString(),
  };
}

function basic({ user, password }: Credentials): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

/** As docker has it: registries on this machine need no TLS. */
function isLocal(host: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/.test(host);
}
