import { join } from 'node:path';
import { bundleToJSON } from '@sigstore/bundle';
import { TrustedRoot } from '@sigstore/protobuf-specs';
import { ATTESTATION, ATTESTATION_ROOT } from '../bag/attestation-file.ts';
import { writeDurably } from '../bag/durable-file.ts';
import { hashFile } from '../bag/hash-file.ts';
import { openBag } from '../bag/open-bag.ts';
import { PerennialError } from '../errors.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { toolVersion } from '../version.ts';
import { formatStatement, IN_TOTO, SUBJECT } from './statement.ts';
import { type Attestation, type Roots, readAttestation } from './verify-attestation.ts';

/** An instance of Sigstore. */
export interface Instance {
  /** Certificate authority. */
  fulcio: string;
  /** Transparency log, which everybody can read; empty: none. */
  rekor: string;
  /** Timestamp authority (RFC 3161); empty: none. */
  timestamp: string;
}

/** Sigstore's public instance (https://docs.sigstore.dev). */
export const PUBLIC_INSTANCE: Instance = {
  fulcio: 'https://fulcio.sigstore.dev',
  rekor: 'https://rekor.sigstore.dev',
  timestamp: '',
};

/** Each request, in milliseconds, and how often one that fails is made again. */
const PATIENCE = { timeout: 20_000, retry: 3 };

/**
 * Attests the folder of a finished bag: signs a statement about its tag manifest with a key that lives for this one signature, has Fulcio certify
 * it for whom the token stands for, and the log or the timestamp authority witness it. The bundle is verified with `roots` before it is put into
 * the bag, beside those keys. Of the bundle the log gets digests, the signature and the certificate, which names the workflow.
 * @param getToken gives an OIDC token for the audience `sigstore`
 * @throws PerennialError `store-failed` when a service does not do its part, `attestation-invalid` when what came of it does not verify; the bag is
 * as before then
 */
export async function signBag(
  dir: string,
  instance: Instance,
  getToken: () => Promise<string>,
  roots: Roots,
): Promise<Attestation> {
  const bag = await openBag(dir);
  const { sha256 } = await hashFile(bag.file(SUBJECT));
  const statement = formatStatement(sha256, { name: 'perennial', version: toolVersion }, bag.manifest.schema);
  const bundle = Buffer.from(JSON.stringify(await sign(statement, instance, getToken)));
  const used: TrustedRoot[] = [];
  const noted = roots.map(find => async () => {
    const root = await find();
    used.push(root);
    return root;
  });
  const attestation = await verified(dir, bundle, noted);
  const root = used.at(-1); // the one that vouched was asked last
  if (root) await put(join(dir, ATTESTATION_ROOT), `${JSON.stringify(TrustedRoot.toJSON(root))}\n`);
  await put(join(dir, ATTESTATION), bundle);
  return attestation;
}

async function sign(statement: Buffer, instance: Instance, getToken: () => Promise<string>): Promise<object> {
  // Loaded by those who sign only: it brings an HTTP client of its own.
  const { DSSEBundleBuilder, FulcioSigner, RekorWitness, TSAWitness } = await import('@sigstore/sign');
  const { fulcio, rekor, timestamp } = instance;
  const builder = new DSSEBundleBuilder({
    signer: new FulcioSigner({ fulcioBaseURL: fulcio, identityProvider: { getToken }, ...PATIENCE }),
    witnesses: [
      // `dsse`: the log keeps digests of the statement; of `intoto` it would keep the statement itself.
      ...(rekor ? [new RekorWitness({ rekorBaseURL: rekor, entryType: 'dsse', ...PATIENCE })] : []),
      ...(timestamp ? [new TSAWitness({ tsaBaseURL: timestamp, ...PATIENCE })] : []),
    ],
  });
  try {
    return bundleToJSON(await builder.create({ data: statement, type: IN_TOTO }));
  } catch (cause) {
    const { message, cause: why } = cause as Error;
    const text = why instanceof Error ? `${message}: ${why.message}` : message;
    throw new PerennialError('store-failed', `The archive could not be attested: ${text}`, {
      hint: `Asked were ${[fulcio, rekor, timestamp].filter(Boolean).join(', ')}. Try again, or leave \`attest\` out.`,
      cause,
    });
  }
}

/** As a restore will read it. */
async function verified(dir: string, bundle: Buffer, roots: Roots): Promise<Attestation> {
  const folder = await temporaryFolder('attestation');
  try {
    const file = join(folder.path, ATTESTATION);
    await put(file, bundle);
    const found = await readAttestation(
      { name: dir, file: path => (path === ATTESTATION ? file : join(dir, path)) },
      roots,
    );
    if (found?.untrusted === undefined) return found!;
    throw new PerennialError('attestation-invalid', `What was signed does not verify: ${found.untrusted}`, {
      hint: 'Of an instance of your own, `sigstore` needs `trusted-root=FILE` with its keys.',
    });
  } finally {
    await folder.remove();
  }
}

async function put(path: string, content: string | Buffer): Promise<void> {
  await writeDurably(path, 0o644, sink => sink(Buffer.from(content)));
}
