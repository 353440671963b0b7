import type { ExpectedSigner } from './signer.ts';
import { builtInRoot, fetchPublicRoot, readTrustedRoots } from './trusted-root.ts';
import {
  type Attestation,
  type AttestedBag,
  type Roots,
  readAttestation,
  requireAttestation,
} from './verify-attestation.ts';

/** Whom a person trusts: who must have made a bag, and the keys of who vouches for that. */
export interface Trust {
  /** Undefined: an attestation is looked at, but none has to be there. */
  expected: ExpectedSigner | undefined;
  roots: Roots;
}

/**
 * The keys to hold attestations against: those of a file and no others, else Sigstore's public instance, as this version knows it and, for what it does
 * not know, as it is today.
 * @param file path of a trusted root; empty: none @param name what gave the path, for messages
 * @throws PerennialError `bad-input`
 */
export async function trustedRoots(file: string, name: string): Promise<Roots> {
  if (file === '') return [builtInRoot, () => fetchPublicRoot()];
  return (await readTrustedRoots(file, name)).map(root => async () => root);
}

/**
 * Holds a bag against what a person asks for. Whether its files are what its tag manifest says is for verifyBag.
 * @returns its attestation, which is one to rely on when a signer is expected; undefined when it has none
 * @throws PerennialError `attestation-missing`, `attestation-invalid`, `wrong-signer`
 */
export async function checkAttestation(bag: AttestedBag, { expected, roots }: Trust): Promise<Attestation | undefined> {
  return expected ? requireAttestation(bag, roots, expected) : readAttestation(bag, roots);
}
