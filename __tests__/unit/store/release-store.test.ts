import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { parseReference } from '../../../src/store/reference.ts';
import { ReleaseStore } from '../../../src/store/release-store.ts';
import type { StoreSettings } from '../../../src/store/store-settings.ts';
import { ReleaseService } from '../../support/release-service/release-service.ts';
import { anyBag, contractSettings, storeContract } from '../../support/store-contract.ts';
import { tempDir } from '../../support/temp-dir.ts';

const service = await ReleaseService.start();
afterAll(() => service.close());
afterEach(() => {
  service.faults.length = 0;
  service.saysDigests = true;
});

function store(text: string, changes: Partial<StoreSettings> = {}): ReleaseStore {
  const at = parseReference(text);
  if (at.kind !== 'release') throw new Error(text);
  const github = { apiUrl: `${service.url}/api`, token: 'release-token', repository: 'o/r', runId: undefined };
  return new ReleaseStore(at, contractSettings({ github, ...changes }));
}

storeContract('release', {
  open: async (place, changes) => store(`release:${place}`, changes),
  damage: place => {
    service.asset(place, 'lab.tar.zst.001')!.content[7]! ^= 1;
  },
  network: {
    server: () => service,
    upload: /^POST \/upload/,
    download: /^GET \/signed/,
    begin: /^POST \/upload/,
  },
});

describe('release', () => {
  test('in parts that `cat` puts together, published and not the latest', async () => {
    const bag = anyBag();
    await store('release:parts').put(bag);
    const release = service.releases.find(each => each.tag === 'parts')!;
    expect(release.assets.map(each => each.name)).toEqual([
      'lab.tar.zst.000',
      'lab.tar.zst.001',
      'lab.tar.zst.002',
      'lab.tar.zst.json',
    ]);
    expect(release).toMatchObject({ draft: false, latest: false });
  });

  test('an upload that is cut goes on with the parts that are there, in the same run and in the next', async () => {
    const bag = anyBag();
    service.received = 0;
    service.faults.push({ match: /name=lab.tar.zst.001/, cutUploadAfter: 40_000, times: 1 });
    await store('release:cut').put(bag);
    expect(service.received).toBeLessThan(bag.bytes + 100_000 + 5000);

    service.faults.push({ match: /name=lab.tar.zst.002/, cutUploadAfter: 10_000 });
    await expect(store('release:next').put(bag)).rejects.toMatchObject({ code: 'store-failed' });
    expect(await store('release:').list()).not.toContainEqual(
      expect.objectContaining({ reference: 'release:o/r@next' }),
    );
    service.faults.length = 0;
    service.received = 0;
    await store('release:next').put(bag);
    expect(service.received).toBeLessThan(60_000);
    await store('release:next').fetch(tempDir());
  });

  test('a part that arrived damaged is refused', async () => {
    const bag = anyBag('lab.tar.zst', 5000);
    service.faults.push({ match: /^POST \/upload/, flip: true }); // the digest that is told
    await expect(store('release:flipped').put(bag)).rejects.toMatchObject({ code: expect.any(String) });
    expect(service.asset('flipped', 'lab.tar.zst.json')).toBeUndefined();
  });

  test('servers that say no digests are asked for the bytes', async () => {
    service.saysDigests = false;
    await store('release:old-server').put(anyBag());
    expect(service.requests.filter(line => line.startsWith('GET /signed')).length).toBeGreaterThan(2);
  });

  test('two bags in one release are told apart by name', async () => {
    await store('release:two').put(anyBag('a.tar.zst'));
    await store('release:two').put(anyBag('b.tar.zst'));
    await expect(store('release:two').fetch(tempDir())).rejects.toMatchObject({
      code: 'bad-input',
      hint: expect.stringContaining('a.tar.zst, b.tar.zst'),
    });
    expect(await store('release:o/r@two#b').fetch(join(tempDir(), 'x'))).toMatch(/b\.tar\.zst$/);
  });

  test('a rate limit is waited for', async () => {
    service.faults.push({ match: /tags\/limit/, status: 403, headers: { 'retry-after': '0' }, times: 1 });
    await store('release:limit').put(anyBag());
  });

  test('an answer that never comes is given up', async () => {
    service.faults.push({ match: /tags\/hangs/, delay: 400 });
    const hanging = store('release:hangs', { patience: { delays: [], stall: 50 } }).put(anyBag());
    await expect(hanging).rejects.toMatchObject({
      code: 'store-failed',
      message: expect.stringContaining('no answer'),
    });
  });

  test('says who can read it', async () => {
    service.visibility = 'public';
    expect(await store('release:x').readers()).toBe('others');
    service.visibility = 'private';
    expect(await store('release:x').readers()).toBe('collaborators');
  });

  test('a description from a stranger cannot name a path', async () => {
    await store('release:evil').put(anyBag());
    const asset = service.asset('evil', 'lab.tar.zst.json')!;
    asset.content = Buffer.from(asset.content.toString().replace('"name": "lab.tar.zst"', '"name": "../lab.tar.zst"'));
    await expect(store('release:evil').fetch(tempDir())).rejects.toMatchObject({ code: 'bag-invalid' });
  });
});
