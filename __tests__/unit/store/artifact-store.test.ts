import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { parseReference } from '../../../src/store/reference.ts';
import type { StoreSettings } from '../../../src/store/store-settings.ts';
import { ArtifactService } from '../../support/artifact-service/artifact-service.ts';
import { anyBag, contractSettings, storeContract } from '../../support/store-contract.ts';
import { tempDir } from '../../support/temp-dir.ts';

// The official client against a service of ours; it reads its addresses when it is loaded.
const service = await ArtifactService.start();
const silent = jest.spyOn(process.stdout, 'write').mockReturnValue(true); // the client prints its progress
Object.assign(process.env, service.environment('7'));
const { ArtifactStore } = await import('../../../src/store/artifact-store.ts');

afterAll(async () => {
  silent.mockRestore();
  await service.close();
});
beforeEach(() => {
  service.faults.length = 0;
});

function settings(changes: Partial<StoreSettings> = {}, runId: number | undefined = 7): StoreSettings {
  const github = { apiUrl: `${service.url}/api`, token: 'token', repository: 'o/r', runId };
  return contractSettings({ github, ...changes });
}

function store(text: string, given = settings()): InstanceType<typeof ArtifactStore> {
  const at = parseReference(text);
  if (at.kind !== 'artifact') throw new Error(text);
  return new ArtifactStore(at, given);
}

/** A run of its own for each place: an artifact store is what one run has. */
const runs = new Map<string, number>();
storeContract('artifact', {
  open: async (place, changes) => {
    const run = runs.get(place) ?? 1000 + runs.size;
    runs.set(place, run);
    Object.assign(process.env, service.environment(String(run)));
    const name = place.startsWith('size') ? place : place === 'encrypted' ? 'my lab+old' : 'lab';
    return store(`artifact:${run}/${name}`, settings(changes, run));
  },
  damage: place => {
    service.store.ofRun(String(runs.get(place)))[0]!.content[7]! ^= 1;
  },
  network: {
    server: () => service,
    upload: /^PUT \/blobs/,
    download: /^GET \/blobs/,
    begin: /CreateArtifact/,
    seesCuts: false,
    refusals: [401, 403, 404, 409], // the client tries for half a minute after a 500
  },
});

describe('artifact', () => {
  beforeEach(() => {
    Object.assign(process.env, service.environment('7'));
  });

  test('keeps the file as it is, for as long as it was asked to', async () => {
    const kept = await store('artifact:a', settings({ retentionDays: 5, defaultRetentionDays: 30 })).put(
      anyBag('a.tar.zst'),
    );
    const days = (Date.parse(kept.expires) - Date.now()) / 86_400_000;
    expect(days).toBeCloseTo(5, 1);
    expect(kept.reference).toBe('artifact:o/r@7/a.tar.zst');
    const [artifact] = service.store.ofRun('7');
    expect((artifact!.expiresAt!.getTime() - Date.now()) / 86_400_000).toBeCloseTo(5, 1);
  });

  test('what was sent is not what was packed', async () => {
    const bag = { ...anyBag('b.tar.zst'), sha256: '0'.repeat(64) };
    await expect(store('artifact:b').put(bag)).rejects.toMatchObject({ code: 'digest-mismatch' });
  });

  test.each([
    ['of another run', 'artifact:7/down', 8],
    ['of another repository', 'artifact:other/place@7/down', 8],
    ['the newest, outside of any run', 'artifact:down', undefined],
  ])('fetches %s', async (_, text, runId) => {
    if (!service.store.ofRun('7').some(each => each.name === 'down.tar.zst'))
      await store('artifact:down').put(anyBag('down.tar.zst'));
    const outside = settings({}, runId);
    if (runId === undefined) outside.github.runId = undefined;
    expect(await store(text, outside).fetch(join(tempDir(), 'x'))).toMatch(/down\.tar\.zst$/);
    const repository = text.includes('@') ? 'other/place' : 'o/r';
    expect(service.requests).toContainEqual(
      expect.stringMatching(`^GET /api/repos/${repository}/actions/runs/7/artifacts`),
    );
  });

  test.each([
    ['this run', 'artifact:none', /no artifact "none" in this run, or it has expired/],
    ['another run', 'artifact:other/place@8/none', /no artifact "none" in run 8 of other\/place, or it has expired/],
  ])('missing in %s: one clear error', async (_, text, message) => {
    const missing = store(text).fetch(tempDir());
    await expect(missing).rejects.toMatchObject({ code: 'artifact-missing', message: expect.stringMatching(message) });
  });

  test('expired', async () => {
    await store('artifact:old').put(anyBag('old.tar.zst'));
    service.store.ofRun('7').find(each => each.name === 'old.tar.zst')!.expiresAt = new Date(0);
    for (const given of [settings(), settings({}, 8)]) {
      const expired = store('artifact:o/r@7/old', given).fetch(tempDir());
      await expect(expired).rejects.toMatchObject({ code: 'artifact-missing' });
    }
    expect((await store('artifact:').list()).map(each => each.name)).not.toContain('old.tar.zst');
  });

  test('a token that may not, and none', async () => {
    service.faults.push({ match: /\/api\/repos/, status: 403 });
    const refused = store('artifact:9/a').fetch(tempDir());
    await expect(refused).rejects.toMatchObject({
      code: 'store-failed',
      hint: expect.stringContaining('actions: read'),
    });
    const github = { ...settings().github, token: '' };
    await expect(store('artifact:9/a', settings({ github })).fetch(tempDir())).rejects.toMatchObject({
      code: 'bad-input',
      hint: expect.stringContaining('GITHUB_TOKEN'),
    });
  });

  test('a folder that holds no bag', async () => {
    const folder = tempDir();
    mkdirSync(join(folder, 'two'));
    writeFileSync(join(folder, 'three'), '');
    writeFileSync(join(folder, 'four'), '');
    service.store.create('7', 'odd', 'text/plain');
    const [odd] = service.store.artifacts.slice(-1);
    service.store.finalize(odd!, 0, '');
    await expect(store('artifact:odd').fetch(folder)).rejects.toMatchObject({ code: 'bag-invalid' });
  });
});
