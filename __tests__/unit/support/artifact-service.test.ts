import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { ArtifactService } from '../../support/artifact-service/artifact-service.ts';

let service: ArtifactService;
let work: string;
let client: import('@actions/artifact').DefaultArtifactClient;
const before = { ...process.env };
const elsewhere = { findBy: { token: 't', workflowRunId: 7, repositoryOwner: 'o', repositoryName: 'r' } };

beforeAll(async () => {
  service = await ArtifactService.start();
  work = mkdtempSync(join(tmpdir(), 'artifact-service-'));
  mkdirSync(join(work, 'out'));
  writeFileSync(join(work, 'out', 'data.txt'), 'measured 42\n');
  writeFileSync(join(work, 'out', 'big.bin'), Buffer.alloc(20 << 20, 7)); // three blocks of the client's 8 MiB
  Object.assign(process.env, service.environment('7'));
  // Read after the environment is set: the client's GitHub part keeps the API address that it finds when loaded.
  client = new (await import('@actions/artifact')).DefaultArtifactClient();
});
afterEach(() => {
  service.faults.length = 0;
});
afterAll(async () => {
  process.env = before;
  await service.close();
  rmSync(work, { recursive: true, force: true });
});

const upload = (name: string) => {
  const files = ['data.txt', 'big.bin'].map(file => join(work, 'out', file));
  return client.uploadArtifact(name, files, join(work, 'out'), { compressionLevel: 0, retentionDays: 3 });
};

test('what the official client uploads comes back, in the same run and from another', async () => {
  const { id, digest } = await upload('bag');
  for (const [where, options] of [
    ['same', {}],
    ['other', elsewhere],
  ] as const) {
    const { artifact } = await client.getArtifact('bag', options);
    expect(artifact).toMatchObject({ id, name: 'bag', digest: `sha256:${digest}` });
    const path = join(work, where);
    const down = await client.downloadArtifact(artifact.id, { path, expectedHash: artifact.digest!, ...options });
    expect(down.digestMismatch).toBe(false);
    expect(readFileSync(join(path, 'data.txt'), 'utf8')).toBe('measured 42\n');
    expect(readFileSync(join(path, 'big.bin')).equals(Buffer.alloc(20 << 20, 7))).toBe(true);
  }
  expect((await client.listArtifacts(elsewhere)).artifacts.map(each => each.name)).toEqual(['bag']);
});

test('an artifact that is not there, and one that exists already', async () => {
  await expect(client.getArtifact('nope')).rejects.toMatchObject({ name: 'ArtifactNotFoundError' });
  await expect(client.getArtifact('nope', elsewhere)).rejects.toMatchObject({ name: 'ArtifactNotFoundError' });
  await upload('twice');
  await expect(upload('twice')).rejects.toThrow(/409.*already exists/);
});

test('an expired artifact is listed as such for other runs and is gone when asked for', async () => {
  const { id } = await upload('old');
  service.store.byId(id!)!.expiresAt = new Date(0);
  await expect(client.getArtifact('old')).rejects.toMatchObject({ name: 'ArtifactNotFoundError' });
  const path = join(work, 'gone');
  await expect(client.downloadArtifact(id!, { path, ...elsewhere })).rejects.toThrow(/expired/);
});

test('faults: a status, and a flipped bit that the digest shows', async () => {
  service.faults.push({ match: /CreateArtifact/, times: 1, status: 403 });
  await expect(upload('refused')).rejects.toThrow(/403/);
  const { id, digest } = await upload('flipped');
  service.faults.push({ match: /GET \/blobs/, flip: true });
  const path = join(work, 'flipped');
  const down = await client.downloadArtifact(id!, { path, expectedHash: `sha256:${digest}`, ...elsewhere });
  expect(down.digestMismatch).toBe(true);
});
