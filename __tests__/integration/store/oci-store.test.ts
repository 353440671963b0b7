import { execFileSync } from 'node:child_process';
import { createSign, randomUUID, X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { findCredentials } from '../../../src/store/docker-credentials.ts';
import { OciStore } from '../../../src/store/oci-store.ts';
import { parseReference } from '../../../src/store/reference.ts';
import type { StoreSettings } from '../../../src/store/store-settings.ts';
import { RegistryProcess, RegistryProxy } from '../../support/registry-service.ts';
import { anyBag, contractSettings, storeContract } from '../../support/store-contract.ts';
import { tempDir } from '../../support/temp-dir.ts';

let registry: RegistryProcess;
let proxy: RegistryProxy;
beforeAll(async () => {
  registry = await RegistryProcess.start(tempDir());
  proxy = await new RegistryProxy(registry.host).listen();
});
afterAll(async () => {
  await proxy.close();
  await registry.stop();
});

function store(text: string, changes: Partial<StoreSettings> = {}): OciStore {
  const at = parseReference(text);
  if (at.kind !== 'oci') throw new Error(text);
  return new OciStore(at, contractSettings(changes));
}
const at = (place: string, tag = ':v1') => `oci://${proxy.url.replace('http://', '')}/lab/${place}${tag}`;

const damaged = new Set<string>();
storeContract('oci', {
  open: async (place, changes) => {
    if (damaged.has(place)) proxy.faults.push({ match: /GET .*blobs\/sha256/, flip: true, times: 1 });
    return store(at(place), changes);
  },
  damage: place => {
    damaged.add(place); // the registry itself would notice a blob that changed on its disk
  },
  network: {
    server: () => proxy,
    upload: /^(PATCH|PUT) .*uploads/,
    download: /^GET .*blobs\/sha256/,
    begin: /^POST .*uploads/,
  },
});

describe('oci', () => {
  test('is an artifact with a type, an empty configuration, and the parts as layers', async () => {
    await store(at('shape')).put(anyBag());
    const url = `${proxy.url}/v2/lab/shape/manifests/v1`;
    const response = await fetch(url, { headers: { accept: 'application/vnd.oci.image.manifest.v1+json' } });
    const manifest = (await response.json()) as Record<string, unknown>;
    expect(manifest).toMatchObject({
      artifactType: 'application/vnd.perennial.bag.v1',
      config: { mediaType: 'application/vnd.oci.empty.v1+json', size: 2 },
      layers: [0, 1, 2].map(n => ({ annotations: { 'org.opencontainers.image.title': `lab.tar.zst.00${n}` } })),
      annotations: { 'org.opencontainers.image.created': '2026-01-02T03:04:05.000Z' },
    });
    const digest = response.headers.get('docker-content-digest')!;
    expect(await store(`${at('shape', '')}@${digest}`).fetch(join(tempDir(), 'x'))).toMatch(/lab\.tar\.zst$/);
    expect((await store(at('shape', '')).list()).map(each => each.reference)).toEqual([at('shape')]);
  });

  test('an upload that is cut goes on where it was', async () => {
    const bag = anyBag();
    proxy.received = 0;
    proxy.faults.push({ match: /^PATCH/, times: 0 }, { match: /^PATCH/, cutUploadAfter: 10_000, times: 2 });
    await store(at('cut')).put(bag);
    proxy.faults.length = 0;
    expect(proxy.received).toBeLessThan(bag.bytes + 100_000);
    expect(readFileSync(await store(at('cut')).fetch(join(tempDir(), 'x'))).equals(readFileSync(bag.file))).toBe(true);
  });

  test('a registry that takes no pieces gets it whole', async () => {
    proxy.faults.push({ match: /^PATCH/, status: 405 });
    await store(at('whole')).put(anyBag());
    proxy.faults.length = 0;
    await store(at('whole')).fetch(join(tempDir(), 'x'));
  });

  test('an image that is no bag, no tag', async () => {
    await expect(store(at('shape', '')).fetch(tempDir())).rejects.toMatchObject({
      code: 'bad-input',
      hint: expect.stringContaining('v1'),
    });
    await expect(store(at('shape', '')).put(anyBag())).rejects.toMatchObject({ code: 'bad-input' });
  });
});

describe('oci: who may', () => {
  // "bags" / "s3cret", made with `htpasswd -B`
  const HTPASSWD = 'bags:$2b$05$abcdefghijklmnopqrstuuLK7U1u6pVRmL7L1BBM2aS35PSZnDXlK';
  const login = async (host: string, password: string) => {
    const folder = tempDir();
    const auth = Buffer.from(`bags:${password}`).toString('base64');
    writeFileSync(join(folder, 'config.json'), JSON.stringify({ auths: { [host]: { auth } } }));
    return { registry: (name: string) => findCredentials(name, { DOCKER_CONFIG: folder, HOME: folder }) };
  };

  test('user and password of `docker login`', async () => {
    const folder = tempDir();
    writeFileSync(join(folder, 'htpasswd'), `${HTPASSWD}\n`);
    const closed = await RegistryProcess.start(folder, [`htpasswd: {realm: bags, path: ${join(folder, 'htpasswd')}}`]);
    try {
      const text = `oci://${closed.host}/lab:v1`;
      await store(text, await login(closed.host, 's3cret')).put(anyBag());
      await store(text, await login(closed.host, 's3cret')).fetch(join(tempDir(), 'x'));
      for (const refused of [store(text), store(text, await login(closed.host, 'wrong'))]) {
        await expect(refused.fetch(tempDir())).rejects.toMatchObject({
          code: 'store-failed',
          hint: expect.stringContaining(`docker login ${closed.host}`),
        });
      }
    } finally {
      await closed.stop();
    }
  });

  test('a token of the service that the registry names', async () => {
    const folder = tempDir();
    const tokens = await TokenService.start(folder);
    const closed = await RegistryProcess.start(folder, [
      `token: {realm: "${tokens.url}/token", service: bags, issuer: tests, rootcertbundle: ${join(folder, 'cert.pem')}}`,
    ]);
    try {
      const text = `oci://${closed.host}/deep/lab:v1`;
      await store(text, await login(closed.host, 's3cret')).put(anyBag());
      await store(text, await login(closed.host, 's3cret')).fetch(join(tempDir(), 'x'));
      expect(tokens.scopes).toContain('repository:deep/lab:pull,push');
      expect(tokens.scopes).toContain('repository:deep/lab:pull');
      await expect(store(text).fetch(tempDir())).rejects.toMatchObject({ code: 'store-failed' });
    } finally {
      await closed.stop();
      await tokens.stop();
    }
  });
});

/** https://distribution.github.io/distribution/spec/auth/jwt/ : signed with a key whose certificate the registry knows. */
class TokenService {
  readonly scopes: string[] = [];
  private readonly server: Server;

  private constructor(folder: string) {
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const words = [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '2',
      '-subj',
      '/CN=tests',
      '-keyout',
      key,
      '-out',
      cert,
    ];
    execFileSync('openssl', words, { stdio: 'ignore' });
    this.server = createServer((request, response) => {
      const url = new URL(request.url!, 'http://x');
      if (request.headers.authorization !== `Basic ${Buffer.from('bags:s3cret').toString('base64')}`) {
        response.writeHead(401).end('{}');
        return;
      }
      const scope = url.searchParams.get('scope')!;
      this.scopes.push(scope);
      response.end(JSON.stringify({ token: sign(scope, readFileSync(key, 'utf8'), readFileSync(cert)) }));
    });
  }

  static async start(folder: string): Promise<TokenService> {
    const service = new TokenService(folder);
    await new Promise<void>(done => service.server.listen(0, '127.0.0.1', done));
    return service;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise(done => this.server.close(done));
  }
}

function sign(scope: string, key: string, cert: Buffer): string {
  const [type, name, actions] = scope.split(':') as [string, string, string];
  const now = Math.floor(Date.now() / 1000);
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const head = { typ: 'JWT', alg: 'RS256', x5c: [new X509Certificate(cert).raw.toString('base64')] };
  const claims = {
    iss: 'tests',
    sub: 'bags',
    aud: 'bags',
    exp: now + 300,
    nbf: now - 10,
    iat: now,
    jti: randomUUID(),
    access: [{ type, name, actions: actions.split(',') }],
  };
  const text = `${part(head)}.${part(claims)}`;
  return `${text}.${createSign('sha256').update(text).sign(key).toString('base64url')}`;
}
