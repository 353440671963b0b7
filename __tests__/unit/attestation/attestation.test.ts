import { cpSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { signBag } from '../../../src/attestation/sign-bag.ts';
import { builtInRoot } from '../../../src/attestation/trusted-root.ts';
import { readAttestation, requireAttestation } from '../../../src/attestation/verify-attestation.ts';
import { openBag } from '../../../src/bag/open-bag.ts';
import { packBag } from '../../../src/bag/pack-bag.ts';
import { verifyBag } from '../../../src/bag/verify-bag.ts';
import { claimsOf, SigstoreInstance, tokenOf } from '../../support/sigstore-instance.ts';
import { tempDir } from '../../support/temp-dir.ts';
import { buildTinyBag } from '../../support/tiny-bag.ts';

let sigstore: SigstoreInstance;
let signed: string;
beforeAll(async () => {
  sigstore = await SigstoreInstance.start();
  signed = await buildTinyBag(join(tempDir(), 'tiny'));
  await signBag(signed, sigstore.withLog, token, [root]);
});
afterAll(() => sigstore.stop());

const root = () => Promise.resolve(sigstore.root);
const token = async () => tokenOf(claimsOf('lab/services'));
const byLab = { repository: 'lab/services' };

/** A copy of the bag that was signed once. */
function signedBag(): string {
  const bag = join(tempDir(), 'tiny');
  cpSync(signed, bag, { recursive: true });
  return bag;
}

/** Rewrites the bundle of a bag. */
function change(bag: string, how: (bundle: Bundle) => void): string {
  const file = join(bag, 'attestation.sigstore.json');
  const bundle = JSON.parse(readFileSync(file, 'utf8'));
  how(bundle);
  writeFileSync(file, JSON.stringify(bundle));
  return bag;
}

interface Bundle {
  mediaType: string;
  dsseEnvelope: { payload: string; payloadType: string; signatures: { sig: string }[] };
  verificationMaterial: {
    certificate: { rawBytes: string };
    tlogEntries: { integratedTime: string; inclusionPromise?: object; inclusionProof?: object }[];
  };
}

describe('a bag that is attested', () => {
  test('is a sound bag, and tells who signed it, where, and when the log saw it', async () => {
    const bag = signedBag();
    await verifyBag(bag);
    const found = await readAttestation(await openBag(bag), [root]);
    expect(found).toEqual({
      signer: {
        identity: 'https://github.com/lab/services/.github/workflows/end.yml@refs/heads/main',
        issuer: 'https://token.actions.githubusercontent.com',
        repository: 'https://github.com/lab/services',
        commit: '0123456789abcdef0123456789abcdef01234567',
        run: 'https://github.com/lab/services/actions/runs/42/attempts/1',
      },
      signed: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      untrusted: undefined,
    });
    expect(Math.abs(Date.parse(found!.signed) - Date.now())).toBeLessThan(60_000);
  });

  test('has a bundle of version 0.3 about its tag manifest, and no word about the service', async () => {
    const bag = signedBag();
    const text = readFileSync(join(bag, 'attestation.sigstore.json'), 'utf8');
    const bundle: Bundle = JSON.parse(text);
    expect(bundle.mediaType).toBe('application/vnd.dev.sigstore.bundle.v0.3+json');
    const statement = Buffer.from(bundle.dsseEnvelope.payload, 'base64').toString();
    expect(JSON.parse(statement)).toMatchObject({
      _type: 'https://in-toto.io/Statement/v1',
      subject: [{ name: 'tagmanifest-sha256.txt' }],
      predicateType: 'urn:uuid:3a9e86a0-e5e6-46cf-b9c9-55b009bda800',
    });
    expect(statement).not.toContain('tiny');
    expect(sigstore.logged.at(-1)).not.toContain(bundle.dsseEnvelope.payload);
  });

  test('keeps its attestation when it is packed, and is otherwise the same bag as without', async () => {
    const bag = signedBag();
    const packed = join(tempDir(), 'tiny.tar.zst');
    await packBag(bag, packed);
    const open = await openBag(packed);
    await verifyBag(open);
    expect((await requireAttestation(open, [root], byLab)).signer.commit).toMatch(/^0123/);
    await open.close();
    const plain = await buildTinyBag(join(tempDir(), 'tiny'));
    const files = [join(tempDir(), 'tiny.tar.zst'), join(tempDir(), 'tiny.tar.zst')];
    for (const name of ['attestation.sigstore.json', 'attestation.trusted-root.json']) rmSync(join(bag, name));
    const [first, second] = [await packBag(bag, files[0]!), await packBag(plain, files[1]!)];
    expect(first).toEqual(second);
  });

  test('of an instance with timestamps and no log is verified by its timestamp', async () => {
    const noLog = () => Promise.resolve(sigstore.rootWithoutLog);
    const bag = await buildTinyBag(join(tempDir(), 'tiny'));
    await signBag(bag, sigstore.withTimestamps, token, [noLog]);
    const found = await requireAttestation(await openBag(bag), [noLog], byLab);
    expect(Math.abs(Date.parse(found.signed) - Date.now())).toBeLessThan(60_000);
  });

  test('keeps the keys that vouched for it', async () => {
    const bag = await buildTinyBag(join(tempDir(), 'tiny'));
    await signBag(bag, sigstore.withLog, token, [builtInRoot, root]);
    const kept = JSON.parse(readFileSync(join(bag, 'attestation.trusted-root.json'), 'utf8'));
    expect(kept).toEqual(JSON.parse(sigstore.rootText));
  });
});

describe('what does not verify', () => {
  test.each<[string, (bag: string) => unknown, RegExp]>([
    [
      'another state of the bag',
      bag => writeFileSync(join(bag, 'tagmanifest-sha256.txt'), 'x\n', { flag: 'a' }),
      /about another bag or another state/,
    ],
    [
      'another statement under the same signature',
      bag => change(bag, each => (each.dsseEnvelope.payload = Buffer.from('{}').toString('base64'))),
      /signature does not belong/,
    ],
    [
      'a broken signature',
      bag => change(bag, each => (each.dsseEnvelope.signatures[0]!.sig = Buffer.alloc(70).toString('base64'))),
      /signature does not belong/,
    ],
    [
      'another type of payload',
      bag => change(bag, each => (each.dsseEnvelope.payloadType = 'text/plain')),
      /no in-toto statement/,
    ],
    ['a bundle that is cut', bag => truncateSync(join(bag, 'attestation.sigstore.json'), 3000), /no Sigstore bundle/],
    [
      'no bundle at all',
      bag => writeFileSync(join(bag, 'attestation.sigstore.json'), '{"mediaType":"x"}'),
      /no Sigstore bundle/,
    ],
    [
      'a certificate that is none',
      bag => change(bag, each => (each.verificationMaterial.certificate.rawBytes = 'AAAA')),
      /no Sigstore bundle/,
    ],
  ])('%s is an error, also when nobody asks for an attestation', async (_, spoil, message) => {
    const bag = signedBag();
    spoil(bag);
    const open = await openBag(bag);
    await expect(readAttestation(open, [root])).rejects.toMatchObject({
      code: 'attestation-invalid',
      exitCode: 2,
      message: expect.stringMatching(message),
    });
  });

  test.each<[string, (each: Bundle) => unknown, RegExp]>([
    ['no entry of the log', each => (each.verificationMaterial.tlogEntries = []), /expected 1/],
    [
      'another time than the log signed',
      each => (each.verificationMaterial.tlogEntries[0]!.integratedTime = '1700000000'),
      /CERTIFICATE_ERROR|TLOG/,
    ],
    [
      'an entry whose time the log did not sign',
      each => delete each.verificationMaterial.tlogEntries[0]!.inclusionPromise,
      /expected 1 timestamps/,
    ],
  ])('%s is nothing that one can rely on', async (_, spoil, why) => {
    const open = await openBag(change(signedBag(), spoil));
    expect(await readAttestation(open, [root])).toMatchObject({ untrusted: expect.stringMatching(why), signed: '' });
    await expect(requireAttestation(open, [root], byLab)).rejects.toMatchObject({ code: 'attestation-invalid' });
  });

  test('an attestation of an instance that nobody here knows is told apart from a changed one', async () => {
    const open = await openBag(signedBag());
    const found = await readAttestation(open, [builtInRoot]);
    expect(found).toMatchObject({ signed: '', untrusted: expect.stringContaining('CERTIFICATE_ERROR') });
    await expect(requireAttestation(open, [builtInRoot], byLab)).rejects.toMatchObject({
      code: 'attestation-invalid',
      hint: expect.stringContaining('--trusted-root'),
    });
  });

  test('keys that cannot be fetched change nothing about the answer of those that are known', async () => {
    const open = await openBag(signedBag());
    const unreachable = () => Promise.reject(new Error('no network'));
    expect(await readAttestation(open, [builtInRoot, unreachable])).toMatchObject({
      untrusted: expect.stringContaining('CERTIFICATE_ERROR'),
    });
    expect(await readAttestation(open, [unreachable, root])).toMatchObject({ untrusted: undefined });
  });

  test('an attestation that moved here from another bag', async () => {
    const [from, to] = [signedBag(), await buildTinyBag(join(tempDir(), 'tiny'), { files: { 'data/x': 'other' } })];
    writeFileSync(join(to, 'attestation.sigstore.json'), readFileSync(join(from, 'attestation.sigstore.json')));
    await expect(readAttestation(await openBag(to), [root])).rejects.toThrow(/about another bag/);
  });

  test('keys that come with the bag vouch for nothing', async () => {
    const open = await openBag(signedBag());
    expect(open.file('attestation.trusted-root.json')).toBeTruthy();
    expect((await readAttestation(open, []))?.untrusted).toBeTruthy();
  });

  test('an attestation that is larger than any', async () => {
    const bag = signedBag();
    writeFileSync(join(bag, 'attestation.sigstore.json'), ' '.repeat(1024 * 1024 + 1));
    await expect(verifyBag(bag)).rejects.toMatchObject({
      code: 'bag-invalid',
      message: expect.stringContaining('attestation'),
    });
    await expect(readAttestation(await openBag(bag), [root])).rejects.toMatchObject({ code: 'bag-invalid' });
  });
});

describe('who signed', () => {
  test.each([
    ['another repository', { repository: 'lab/other' }],
    ['a repository whose name begins alike', { repository: 'lab/service' }],
    [
      'another workflow',
      {
        identity: 'https://github.com/lab/services/.github/workflows/x.yml@refs/heads/main',
        issuer: 'https://token.actions.githubusercontent.com',
      },
    ],
    [
      'another issuer',
      {
        identity: 'https://github.com/lab/services/.github/workflows/end.yml@refs/heads/main',
        issuer: 'https://example.org',
      },
    ],
  ])('%s is not who was asked for', async (_, expected) => {
    await expect(requireAttestation(await openBag(signedBag()), [root], expected)).rejects.toMatchObject({
      code: 'wrong-signer',
      exitCode: 2,
      message: expect.stringContaining('lab/services/.github/workflows/end.yml'),
    });
  });

  test.each([
    ['the repository in another case', { repository: 'Lab/Services' }],
    [
      'the exact identity',
      {
        identity: 'https://github.com/lab/services/.github/workflows/end.yml@refs/heads/main',
        issuer: 'https://token.actions.githubusercontent.com',
      },
    ],
  ])('%s is', async (_, expected) => {
    const found = await requireAttestation(await openBag(signedBag()), [root], expected);
    expect(found.signer.repository).toBe('https://github.com/lab/services');
  });

  test('a workflow that another repository lends is not the repository', async () => {
    const bag = await buildTinyBag(join(tempDir(), 'tiny'));
    const lent = claimsOf('lab/services', {
      san: 'https://github.com/stranger/x/.github/workflows/a.yml@refs/heads/main',
    });
    await signBag(bag, sigstore.withLog, async () => tokenOf(lent), [root]);
    await expect(requireAttestation(await openBag(bag), [root], byLab)).rejects.toMatchObject({ code: 'wrong-signer' });
  });

  test('a stranger who calls a workflow of the repository is not the repository', async () => {
    const bag = await buildTinyBag(join(tempDir(), 'tiny'));
    const called = claimsOf('stranger/x', { san: claimsOf('lab/services').san! });
    await signBag(bag, sigstore.withLog, async () => tokenOf(called), [root]);
    await expect(requireAttestation(await openBag(bag), [root], byLab)).rejects.toMatchObject({ code: 'wrong-signer' });
  });

  test('a bag without an attestation is not by anybody', async () => {
    const open = await openBag(await buildTinyBag(join(tempDir(), 'tiny')));
    expect(await readAttestation(open, [root])).toBeUndefined();
    await expect(requireAttestation(open, [root], byLab)).rejects.toMatchObject({
      code: 'attestation-missing',
      exitCode: 2,
    });
  });
});

describe('signing', () => {
  test.each(['/api/v2/signingCert', '/api/v1/log/entries'])(
    'leaves the bag as it was when %s does not do its part',
    async path => {
      const bag = await buildTinyBag(join(tempDir(), 'tiny'));
      sigstore.broken = path;
      try {
        await expect(signBag(bag, sigstore.withLog, token, [root])).rejects.toMatchObject({
          code: 'store-failed',
          hint: expect.stringContaining(sigstore.url),
        });
      } finally {
        sigstore.broken = '';
      }
      expect(await readAttestation(await openBag(bag), [root])).toBeUndefined();
      await verifyBag(bag);
    },
  );

  test('keeps nothing that would not verify', async () => {
    const bag = await buildTinyBag(join(tempDir(), 'tiny'));
    await expect(signBag(bag, sigstore.withLog, token, [builtInRoot])).rejects.toMatchObject({
      code: 'attestation-invalid',
    });
    expect(await readAttestation(await openBag(bag), [root])).toBeUndefined();
  });
});
