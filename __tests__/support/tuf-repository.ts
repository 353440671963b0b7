import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { stableJson } from '../../src/bag/stable-json.ts';

/* A repository of The Update Framework (https://theupdateframework.github.io/specification, 4) with one target, over real HTTP. */

interface Key {
  id: string;
  json: object;
  key: KeyObject;
}

function newKey(): Key {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const hex = Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url').toString('hex');
  const json = { keytype: 'ed25519', scheme: 'ed25519', keyval: { public: hex } };
  return { id: createHash('sha256').update(stableJson(json)).digest('hex'), json, key: privateKey };
}

const ALWAYS = { spec_version: '1.0.31', expires: '2100-01-01T00:00:00Z' };

function signed(content: object, ...keys: Key[]): string {
  const bytes = Buffer.from(stableJson(content)); // canonical, as long as nothing in it has to be escaped
  const signatures = keys.map(({ id, key }) => ({ keyid: id, sig: sign(null, bytes, key).toString('hex') }));
  return JSON.stringify({ signatures, signed: content });
}

function rootOf(version: number, { id, json }: Key): object {
  const role = { keyids: [id], threshold: 1 };
  const roles = { root: role, timestamp: role, snapshot: role, targets: role };
  return { _type: 'root', ...ALWAYS, version, consistent_snapshot: false, keys: { [id]: json }, roles };
}

/**
 * Starts a repository whose keys have changed once. `rootPath` gets the root of before.
 * @param vouched whether the old keys vouch for the new ones
 */
export async function startTufRepository(rootPath: string, trustedRoot: string, vouched = true) {
  const [before, now] = [newKey(), newKey()];
  const target = Buffer.from(trustedRoot);
  const fixity = { length: target.length, hashes: { sha256: createHash('sha256').update(target).digest('hex') } };
  writeFileSync(rootPath, signed(rootOf(1, before), before));
  const meta = (name: string) => ({ meta: { [name]: { version: 1 } } });
  const files = new Map<string, string>([
    ['/2.root.json', signed(rootOf(2, now), ...(vouched ? [before, now] : [now]))],
    ['/timestamp.json', signed({ _type: 'timestamp', ...ALWAYS, version: 1, ...meta('snapshot.json') }, now)],
    ['/snapshot.json', signed({ _type: 'snapshot', ...ALWAYS, version: 1, ...meta('targets.json') }, now)],
    [
      '/targets.json',
      signed({ _type: 'targets', ...ALWAYS, version: 1, targets: { 'trusted_root.json': fixity } }, now),
    ],
    ['/targets/trusted_root.json', trustedRoot],
  ]);
  const server = createServer((request, response) => {
    const body = files.get(request.url ?? '');
    response.writeHead(body === undefined ? 404 : 200).end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
