import { createHash, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import {
  fulcioHandler,
  type HandlerFn,
  initializeCA,
  initializeCTLog,
  initializeTLog,
  initializeTSA,
  rekorHandler,
  tsaHandler,
} from '@sigstore/mock';
import { HashAlgorithm, PublicKeyDetails, TrustedRoot } from '@sigstore/protobuf-specs';
import type { Instance } from '../../src/attestation/sign-bag.ts';

/** Claims of a token as GitHub's (docs.github.com/actions/reference/openid-connect-reference), and `san`, which Fulcio makes of them. */
export type Claims = Record<string, string | number>;

/** What a workflow of lab/services in a public repository would be given. */
export function claimsOf(repository: string, changes: Claims = {}): Claims {
  const workflow = `${repository}/.github/workflows/end.yml@refs/heads/main`;
  return {
    iss: 'https://token.actions.githubusercontent.com',
    sub: `repo:${repository}:ref:refs/heads/main`,
    aud: 'sigstore',
    san: `https://github.com/${workflow}`,
    repository,
    repository_visibility: 'public',
    job_workflow_ref: workflow,
    sha: '0123456789abcdef0123456789abcdef01234567',
    run_id: '42',
    run_attempt: '1',
    exp: Math.floor(Date.now() / 1000) + 300,
    ...changes,
  };
}

/** A token that nobody signed: this Fulcio believes everybody. */
export function tokenOf(claims: Claims): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none' })}.${part(claims)}.${Buffer.from('unsigned').toString('base64url')}`;
}

/**
 * An instance of Sigstore on the loopback: certificate authority, certificate log, transparency log and timestamp authority of
 * @sigstore/mock with keys of their own, behind real HTTP, and an endpoint that gives tokens as GitHub's runner does.
 */
export class SigstoreInstance {
  readonly url: string;
  /** What a job with `id-token: write` has in its environment. */
  readonly tokenEnv: Record<string, string>;
  /** Trusts all of it. */
  readonly root: TrustedRoot;
  /** Entries of the transparency log, as it keeps them for everybody to read. */
  readonly logged: string[] = [];
  /** Who asks for a token. */
  claims: Claims = claimsOf('lab/services');
  /** Path of a service that does not do its part. */
  broken = '';
  readonly #server: Server;
  readonly #handlers: Map<string, HandlerFn>;

  private constructor(server: Server, handlers: Map<string, HandlerFn>, root: TrustedRoot) {
    this.#server = server;
    this.#handlers = handlers;
    this.root = root;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    this.tokenEnv = {
      ACTIONS_ID_TOKEN_REQUEST_URL: `${this.url}/token?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'a-request-token',
    };
  }

  static async start(): Promise<SigstoreInstance> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const keys = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const ctLog = await initializeCTLog(keys());
    const ca = await initializeCA(keys(), ctLog);
    const log = await initializeTLog(url, keys());
    // Whole seconds, as Sigstore's own give: what reads them knows three decimals or none.
    const wholeSeconds = { getCurrentTime: () => new Date(Math.floor(Date.now() / 1000) * 1000) };
    const tsa = Object.assign(await initializeTSA(keys()), wholeSeconds);
    const since = { start: new Date('2020-01-01T00:00:00Z'), end: undefined };
    const certificates = (...all: ArrayBufferView[]) => ({
      subject: { commonName: 'test', organization: 'test' },
      certChain: { certificates: all.map(each => ({ rawBytes: bytesOf(each) })) },
      validFor: since,
      uri: url,
      operator: '',
    });
    const logged = (publicKey: Buffer, keyId: Buffer) => ({
      baseUrl: url,
      hashAlgorithm: HashAlgorithm.SHA2_256,
      publicKey: { rawBytes: publicKey, keyDetails: PublicKeyDetails.PKIX_ECDSA_P256_SHA_256, validFor: since },
      logId: { keyId },
      checkpointKeyId: undefined,
      operator: '',
    });
    const root: TrustedRoot = {
      mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
      certificateAuthorities: [certificates(ca.rootCertificate)],
      timestampAuthorities: [certificates(tsa.intCertificate, tsa.rootCertificate)],
      ctlogs: [logged(ctLog.publicKey, bytesOf(ctLog.logID))],
      tlogs: [logged(log.publicKey, createHash('sha256').update(log.publicKey).digest())],
    };
    const { fn: rekor, path } = rekorHandler(log);
    const handlers = [fulcioHandler(ca, { subjectClaim: 'san' }), tsaHandler(tsa)].map(
      each => [each.path, each.fn] as const,
    );
    const instance = new SigstoreInstance(
      server,
      new Map([...handlers, [path, async body => rekor(instance.#keep(body))]]),
      root,
    );
    server.on('request', async (request, response) => {
      const { status, type, body } = await instance.#answer(request);
      response.writeHead(status, { 'Content-Type': type }).end(body);
    });
    return instance;
  }

  /** Certificates, a public log, no timestamps: as the public instance. */
  get withLog(): Instance {
    return { fulcio: this.url, rekor: this.url, timestamp: '' };
  }

  /** Certificates and timestamps, no public log: as GitHub's for private repositories. */
  get withTimestamps(): Instance {
    return { fulcio: this.url, rekor: '', timestamp: this.url };
  }

  /** Keys of an instance that has no public log. */
  get rootWithoutLog(): TrustedRoot {
    return { ...this.root, tlogs: [] };
  }

  /** The root as a file has it. */
  get rootText(): string {
    return JSON.stringify(TrustedRoot.toJSON(this.root));
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  /** Rekor keeps of a proposed `dsse` entry digests, signatures and certificates (its types/dsse/v0.0.1); the mock keeps what it is given. */
  #keep(body: string): string {
    const { kind, apiVersion, spec } = JSON.parse(body);
    if (kind !== 'dsse') throw new Error(`an entry of the type ${kind} would show the statement`);
    const { envelope, verifiers } = spec.proposedContent;
    const { payload, signatures } = JSON.parse(envelope);
    const verifier = new X509Certificate(Buffer.from(verifiers[0], 'base64')).toString(); // as PEM has it, in lines
    const digest = (bytes: Buffer) => ({
      algorithm: 'sha256',
      value: createHash('sha256').update(bytes).digest('hex'),
    });
    const entry = JSON.stringify({
      kind,
      apiVersion,
      spec: {
        envelopeHash: digest(Buffer.from(envelope)),
        payloadHash: digest(Buffer.from(payload, 'base64')),
        signatures: [{ signature: signatures[0].sig, verifier: Buffer.from(verifier).toString('base64') }],
      },
    });
    this.logged.push(entry);
    return entry;
  }

  async #answer(request: IncomingMessage): Promise<{ status: number; type: string; body: string | Buffer }> {
    const path = (request.url ?? '').replace(/\?.*/, '');
    const body = await text(request);
    if (path === this.broken) return { status: 400, type: 'text/plain', body: 'out of order' };
    if (path === '/token') {
      const allowed =
        request.headers.authorization === 'Bearer a-request-token' && request.url?.includes('audience=sigstore');
      const value = tokenOf(this.claims);
      return { status: allowed ? 200 : 403, type: 'application/json', body: JSON.stringify(allowed ? { value } : {}) };
    }
    const handler = this.#handlers.get(path);
    if (!handler) return { status: 404, type: 'text/plain', body: 'nothing here' };
    const { statusCode, response, contentType } = await handler(body);
    const bytes = typeof response === 'string' ? response : bytesOf(response);
    return { status: statusCode, type: contentType ?? 'text/plain', body: bytes };
  }
}

function bytesOf(view: ArrayBufferView): Buffer {
  return Buffer.from(view.buffer, view.byteOffset, view.byteLength);
}
