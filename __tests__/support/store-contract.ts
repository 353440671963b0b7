import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { signBag } from '../../src/attestation/sign-bag.ts';
import { readAttestation } from '../../src/attestation/verify-attestation.ts';
import { openBag } from '../../src/bag/open-bag.ts';
import { packBag } from '../../src/bag/pack-bag.ts';
import { verifyBag } from '../../src/bag/verify-bag.ts';
import { silentProgress } from '../../src/progress.ts';
import type { PackedBag, Store } from '../../src/store/store.ts';
import type { StoreSettings } from '../../src/store/store-settings.ts';
import type { FaultyServer } from './faulty-server.ts';
import { claimsOf, SigstoreInstance, tokenOf } from './sigstore-instance.ts';
import { tempDir } from './temp-dir.ts';
import { buildTinyBag } from './tiny-bag.ts';

/** One kind of store, as the contract wants it. */
export interface Subject {
  /** The store of a place; the same word is the same place, where nothing is kept before. */
  open(place: string, changes?: Partial<StoreSettings>): Promise<Store>;
  /** Flips a bit of what is kept there. */
  damage(place: string): Promise<void> | void;
  /** Stores that are reached by HTTP: where, and which requests carry the content. */
  network?: {
    server: () => FaultyServer;
    upload: RegExp;
    download: RegExp;
    /** The first request of an upload, and statuses of it that are answers for good. */
    begin: RegExp;
    refusals?: number[];
    /** False for a client that needs half a minute to see that a connection was cut. */
    seesCuts?: boolean;
  };
}

/** Settings that wait for nothing; parts and chunks are small, so that a bag of the contract has several. */
export function contractSettings(changes: Partial<StoreSettings> = {}): StoreSettings {
  return {
    github: { apiUrl: 'http://127.0.0.1:9', token: '', repository: 'o/r', runId: undefined },
    registry: async () => undefined,
    retentionDays: 0,
    defaultRetentionDays: undefined,
    patience: { delays: [1, 1, 1], stall: 30_000 },
    progress: silentProgress,
    partBytes: 100_000,
    chunkBytes: 30_000,
    ...changes,
  };
}

/** A packed bag for stores: they do not look inside. */
export function anyBag(name = 'lab.tar.zst', bytes = 250_000): PackedBag {
  const file = join(tempDir(), name);
  const content = randomBytes(bytes);
  writeFileSync(file, content);
  const sha256 = createHash('sha256').update(content).digest('hex');
  return { file, name, bytes, sha256, service: 'lab server', created: '2026-01-02T03:04:05.000Z' };
}

/** A packed bag that is signed by the tests' instance of Sigstore, which is gone already when it comes back. */
async function attestedBag() {
  const sigstore = await SigstoreInstance.start();
  try {
    const roots = [() => Promise.resolve(sigstore.root)];
    const folder = await buildTinyBag(join(tempDir(), 'signed'));
    const attestation = await signBag(folder, sigstore.withLog, async () => tokenOf(claimsOf('lab/services')), roots);
    const file = join(tempDir(), 'lab.tar.zst');
    const about = { service: 'lab server', created: '2026-01-02T03:04:05.000Z' };
    return { bag: { file, name: 'lab.tar.zst', ...(await packBag(folder, file)), ...about }, roots, attestation };
  } finally {
    await sigstore.stop();
  }
}

/** What every store must do. */
export function storeContract(kind: string, subject: Subject): void {
  const fetched = async (store: Store) => readFileSync(await store.fetch(join(tempDir(), 'new')));
  const content = (bag: PackedBag) => readFileSync(bag.file);

  describe(`${kind}: the contract of stores`, () => {
    test('gives back what it was given, and tells the same of it', async () => {
      const bag = anyBag();
      const kept = await (await subject.open('one')).put(bag);
      expect(kept).toMatchObject({ name: bag.name, bytes: bag.bytes, sha256: bag.sha256, encrypted: false });
      expect((await fetched(await subject.open('one'))).equals(content(bag))).toBe(true);
      const listed = await (await subject.open('one')).list();
      expect(listed).toEqual([
        expect.objectContaining({ reference: kept.reference, name: bag.name, bytes: bag.bytes }),
      ]);
    });

    test('an attested bag says who made it when it comes back', async () => {
      const { bag, roots, attestation } = await attestedBag();
      await (await subject.open('attested')).put(bag);
      const back = await openBag(await (await subject.open('attested')).fetch(join(tempDir(), 'new')));
      await verifyBag(back);
      expect(await readAttestation(back, roots)).toEqual(attestation);
      await back.close();
    });

    test.each([1, 100_000, 100_001, 300_000])('a bag of %i bytes', async bytes => {
      const bag = anyBag(`size-${bytes}.tar.zst`, bytes);
      await (await subject.open(`size-${bytes}`)).put(bag);
      expect((await fetched(await subject.open(`size-${bytes}`))).equals(content(bag))).toBe(true);
    });

    test('an encrypted bag is listed as such, by a name with other letters', async () => {
      const bag = anyBag('my lab+old.tar.zst.age');
      await (await subject.open('encrypted')).put(bag);
      const [kept] = await (await subject.open('encrypted')).list();
      expect(kept).toMatchObject({ encrypted: true, bytes: bag.bytes });
    });

    test('the same once more changes nothing', async () => {
      const bag = anyBag();
      const first = await (await subject.open('again')).put(bag);
      expect(await (await subject.open('again')).put(bag)).toMatchObject({ reference: first.reference });
      expect(await (await subject.open('again')).list()).toHaveLength(1);
    });

    test('another bag of the name is refused, and the first one stays', async () => {
      const first = anyBag();
      await (await subject.open('taken')).put(first);
      const second = (await subject.open('taken')).put(anyBag());
      await expect(second).rejects.toMatchObject({ code: 'output-exists', hint: expect.any(String) });
      expect((await fetched(await subject.open('taken'))).equals(content(first))).toBe(true);
    });

    test('nothing is kept there: one clear error', async () => {
      const missing = (await subject.open('none')).fetch(tempDir());
      await expect(missing).rejects.toMatchObject({ exitCode: 2, hint: expect.any(String) });
    });

    test('what was damaged in the store is not given out', async () => {
      await (await subject.open('damaged')).put(anyBag());
      await subject.damage('damaged');
      const folder = join(tempDir(), 'new');
      const damaged = (await subject.open('damaged')).fetch(folder);
      if (!subject.network) return void (await damaged); // it is left where it is; verify finds it
      await expect(damaged).rejects.toMatchObject({ code: 'digest-mismatch' });
      if (kind !== 'artifact') expect(existsSync(folder) ? readdirSync(folder) : []).toEqual([]);
    });

    if (subject.network) networkContract(subject, subject.network);
  });
}

function networkContract(subject: Subject, network: NonNullable<Subject['network']>): void {
  const { upload, download, begin, refusals = [401, 403, 404, 409, 500] } = network;
  const during = async <T>(
    fault: Omit<FaultyServer['faults'][number], 'match'> & { match: RegExp },
    run: () => Promise<T>,
  ) => {
    network.server().faults.push(fault);
    try {
      return await run();
    } finally {
      network.server().faults.length = 0;
    }
  };

  test.each([
    ['500 twice', { status: 500, times: 2 }],
    ['503 and a time to wait', { status: 503, times: 1, headers: { 'retry-after': '0' } }],
    ['slow answers', { delay: 150, times: 3 }],
    ['a connection that is cut', { cutUploadAfter: 20_000, times: 1 }],
  ])(
    'put: %s while it uploads',
    async (what, fault) => {
      const bag = anyBag();
      const store = await subject.open(`put ${what}`.replace(/\W+/g, '-'));
      await during({ match: upload, ...fault }, () => store.put(bag));
      expect(readFileSync(await store.fetch(join(tempDir(), 'new'))).equals(readFileSync(bag.file))).toBe(true);
    },
    60_000,
  );

  test('put: a network that goes away midway is one clear error, nothing is listed, and the next put is whole', async () => {
    const bag = anyBag();
    const store = await subject.open('cut-off');
    const put = during({ match: upload, cutUploadAfter: 20_000 }, () => store.put(bag));
    await expect(put).rejects.toMatchObject({ code: 'store-failed', hint: expect.any(String) });
    const again = await subject.open('cut-off');
    const listed = await again.list().catch(error => error.code);
    expect([[], 'store-failed', 'artifact-missing']).toContainEqual(listed);
    await again.put(bag);
    expect(readFileSync(await again.fetch(join(tempDir(), 'new'))).equals(readFileSync(bag.file))).toBe(true);
  }, 120_000);

  test('fetch: an answer that is cut, and 500', async () => {
    const bag = anyBag();
    const store = await subject.open('fetch-cut');
    await store.put(bag);
    for (const fault of [
      ...(network.seesCuts === false ? [] : [{ cutAfter: 50_000, times: 1 }]),
      { status: 500, times: 1 },
    ]) {
      const file = await during({ match: download, ...fault }, () => store.fetch(join(tempDir(), 'new')));
      expect(readFileSync(file).equals(readFileSync(bag.file))).toBe(true);
    }
  }, 60_000);

  test.each(refusals)(
    'put: %i for good is one clear error, and nothing is listed',
    async status => {
      const place = `refused-${status}`;
      const put = during({ match: begin, status }, async () => (await subject.open(place)).put(anyBag()));
      await expect(put).rejects.toMatchObject({ exitCode: expect.any(Number), hint: expect.any(String) });
      const listed = await (await subject.open(place)).list().catch(error => error.code);
      expect([[], 'store-failed', 'artifact-missing']).toContainEqual(listed);
    },
    60_000,
  );
}
