import { type Bundle, bundleFromJSON, isBundleWithDsseEnvelope } from '@sigstore/bundle';
import { crypto, type X509Certificate } from '@sigstore/core';
import type { TrustedRoot } from '@sigstore/protobuf-specs';
import { type SignedEntity, toSignedEntity, toTrustMaterial, VerificationError, Verifier } from '@sigstore/verify';
import { ATTESTATION, LARGEST_ATTESTATION } from '../bag/attestation-file.ts';
import { hashFile } from '../bag/hash-file.ts';
import { type Bag, readBagFile } from '../bag/open-bag.ts';
import { PerennialError } from '../errors.ts';
import { printable } from '../system/byte-text.ts';
import { type ExpectedSigner, expectedText, isSigner, type Signer, signerOf } from './signer.ts';
import { findSubject, IN_TOTO, SUBJECT } from './statement.ts';

/** What an attestation says, after its signature and its subject were checked. */
export interface Attestation {
  signer: Signer;
  /** ISO 8601, when a transparency log or a timestamp authority saw the signature; empty when that could not be checked. */
  signed: string;
  /** Why nobody who is trusted here vouches for the signer; undefined when somebody does. */
  untrusted: string | undefined;
}

/** Keys to hold an attestation against, asked one after the other until one of them vouches for it. */
export type Roots = readonly (() => Promise<TrustedRoot>)[];

/** The parts of an open bag that are read. */
export type AttestedBag = Pick<Bag, 'name' | 'file'>;

/**
 * Checks the attestation of a bag: that it is a Sigstore bundle about this bag's tag manifest, signed by its certificate's key; then that
 * one of the roots vouches for the certificate, for the time of the signature, and, where the root has transparency logs, for its entry. Whether
 * the files are what the tag manifest says is verifyBag's to check. Everything in the bundle is a stranger's until then.
 * @returns undefined when the bag has none @throws PerennialError `attestation-invalid`
 */
export async function readAttestation(bag: AttestedBag, roots: Roots): Promise<Attestation | undefined> {
  if (!hasAttestation(bag)) return undefined;
  const bundle = parseBundle(await readBagFile(bag, ATTESTATION, LARGEST_ATTESTATION), bag);
  const { entity, certificate, payload } = bundle;
  if (!isSignedBy(entity, certificate)) throw invalid(bag, 'its signature does not belong to its content');
  const subject = findSubject(payload);
  if (subject === undefined) throw invalid(bag, 'it is signed, but says nothing about an archive');
  const { sha256 } = await hashFile(bag.file(SUBJECT));
  if (subject !== sha256) {
    throw invalid(
      bag,
      `it is about another bag or another state of this one: ${SUBJECT} has sha256 ${sha256}, signed is ${subject}`,
    );
  }
  const untrusted = await whyUntrusted(entity, roots);
  return { signer: signerOf(certificate), signed: untrusted === undefined ? timeOf(entity) : '', untrusted };
}

/**
 * The attestation of a bag that has to have one.
 * @throws PerennialError `attestation-missing`, `attestation-invalid`, also when nobody who is trusted vouches for it, `wrong-signer`
 */
export async function requireAttestation(
  bag: AttestedBag,
  roots: Roots,
  expected: ExpectedSigner,
): Promise<Attestation> {
  const found = await readAttestation(bag, roots);
  if (!found) {
    throw new PerennialError(
      'attestation-missing',
      `${bag.name} has no attestation, and one by ${expectedText(expected)} is asked for`,
      {
        hint: 'Archives have one when they are made with `attest: true`. Without that requirement digests are checked all the same.',
      },
    );
  }
  if (found.untrusted !== undefined)
    throw invalid(bag, `nobody who is trusted here vouches for it: ${found.untrusted}`, ROOT_HINT);
  if (isSigner(found.signer, expected)) return found;
  const { identity, issuer } = found.signer;
  throw new PerennialError(
    'wrong-signer',
    `${bag.name} was attested by ${printable(identity)} (issuer ${printable(issuer)}), not by ${expectedText(expected)}`,
    { hint: 'If that is who makes this archive, say so; else do not restore from this bag.' },
  );
}

/** True when there is one, whatever it is worth. */
export function hasAttestation(bag: AttestedBag): boolean {
  try {
    bag.file(ATTESTATION);
    return true;
  } catch {
    return false;
  }
}

/** What to do when nobody vouches for an attestation. */
export const ROOT_HINT =
  'It may be of an instance of Sigstore that is not the public one, or younger than this version: give the keys that you trust with --trusted-root (`trusted-root` of the actions).';

interface ParsedBundle {
  entity: SignedEntity;
  certificate: X509Certificate;
  payload: Buffer;
}

function parseBundle(bytes: Buffer, bag: AttestedBag): ParsedBundle {
  try {
    const bundle: Bundle = bundleFromJSON(JSON.parse(bytes.toString()));
    if (!isBundleWithDsseEnvelope(bundle)) throw new Error('it holds no signed statement');
    const { payload, payloadType } = bundle.content.dsseEnvelope;
    if (payloadType !== IN_TOTO) throw new Error('it holds no in-toto statement');
    const entity = toSignedEntity(bundle);
    if (entity.key.$case !== 'certificate') throw new Error('it has no certificate');
    return { entity, certificate: entity.key.certificate, payload };
  } catch (cause) {
    throw invalid(
      bag,
      `it is no Sigstore bundle that can be read: ${printable((cause as Error).message)}`,
      undefined,
      cause,
    );
  }
}

/** A key of a kind that nobody knows has signed nothing. */
function isSignedBy({ signature }: SignedEntity, certificate: X509Certificate): boolean {
  try {
    return signature.verifySignature(crypto.createPublicKey(certificate.publicKey));
  } catch {
    return false;
  }
}

/** The reason of the last root that was asked; undefined as soon as one vouches. */
async function whyUntrusted(entity: SignedEntity, roots: Roots): Promise<string | undefined> {
  let why = 'there are no keys to hold it against';
  for (const find of roots) {
    const root = await find().catch(() => undefined); // without a network the answer of the root before stands
    if (!root) continue;
    const found = reasonAgainst(entity, root);
    if (found === undefined) return undefined;
    why = found;
  }
  return why;
}

function reasonAgainst(entity: SignedEntity, root: TrustedRoot): string | undefined {
  try {
    new Verifier(toTrustMaterial(root), {
      tlogThreshold: root.tlogs.length > 0 ? 1 : 0,
      ctlogThreshold: root.ctlogs.length > 0 ? 1 : 0,
      timestampThreshold: 1,
    }).verify(entity);
    return undefined;
  } catch (error) {
    const code = error instanceof VerificationError ? `${error.code}: ` : '';
    return printable(`${code}${(error as Error).message}`);
  }
}

/** The earliest of the times that were verified with the rest. */
function timeOf({ timestamps }: SignedEntity): string {
  const times = timestamps.flatMap(each => {
    if (each.$case === 'timestamp-authority') return [each.timestamp.signingTime.getTime()];
    return each.tlogEntry.inclusionPromise ? [Number(each.tlogEntry.integratedTime) * 1000] : [];
  });
  return times.length === 0 ? '' : new Date(Math.min(...times)).toISOString();
}

function invalid(bag: AttestedBag, what: string, hint?: string, cause?: unknown): PerennialError {
  return new PerennialError(
    'attestation-invalid',
    `The attestation of ${bag.name} (${ATTESTATION}) is not valid: ${what}`,
    {
      hint: hint ?? 'Fetch the bag again from where it is kept, or take another copy; do not restore from this one.',
      cause,
    },
  );
}
