/*
 * Tag files that say who made a bag. They are about the tag manifest, so it cannot list them: RFC 8493 (2.2.1) lets it leave tag files out.
 */

/** A Sigstore bundle: an in-toto statement about the digest of the tag manifest, and its signature. */
export const ATTESTATION = 'attestation.sigstore.json';

/**
 * The keys of Sigstore with which the attestation was verified when it was made. For people; a restore never trusts it, since who can
 * write the bag can write this too.
 */
export const ATTESTATION_ROOT = 'attestation.trusted-root.json';

/** Bundles have some 8 kB, roots some 10 kB. */
export const LARGEST_ATTESTATION = 1024 * 1024;

const UNLISTED: ReadonlySet<string> = new Set([ATTESTATION, ATTESTATION_ROOT]);

/** True for the tag files that may be in a bag without being in its tag manifest. */
export function isUnlistedTag(path: string): boolean {
  return UNLISTED.has(path);
}
