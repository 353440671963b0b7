import { checkAttestation, type Trust, trustedRoots } from '../attestation/check-attestation.ts';
import { parseExpectedSigner } from '../attestation/signer.ts';
import type { Attestation } from '../attestation/verify-attestation.ts';
import type { Bag } from '../bag/open-bag.ts';
import type { Progress } from '../progress.ts';
import { attestationText } from '../report/attestation-text.ts';
import { openGivenBag } from './open-given-bag.ts';
import type { Arguments } from './parse-arguments.ts';

/** Options of commands that ask who made a bag; called as those of `gh attestation verify` and `cosign`. */
export const attestationValues = ['attested-by', 'certificate-identity', 'certificate-oidc-issuer', 'trusted-root'];
export const attestationUsage = `  --attested-by OWNER/REPO        refuse a bag that no workflow of this repository on github.com signed
  --certificate-identity ID       the same, for exactly this identity of the certificate
  --certificate-oidc-issuer URL   who vouches for that identity (default: GitHub Actions)
  --trusted-root FILE             keys that are trusted, and no others (of \`gh attestation trusted-root\`; default: Sigstore's)`;

/** A bag, and what is known of who made it. */
export interface AttestedBag {
  bag: Bag;
  attestation: Attestation | undefined;
}

/**
 * Fetches and opens the bag of an argument, and holds its attestation against what the options ask for. The caller closes it.
 * @throws PerennialError as openGivenBag and checkAttestation; nothing is left open then
 */
export async function openAttestedBag(
  reference: string,
  values: Arguments['values'],
  progress: Progress,
): Promise<AttestedBag> {
  const trust = await readTrust(values);
  const bag = await openGivenBag(reference, values, progress);
  try {
    const attestation = await checkAttestation(bag, trust);
    if (attestation?.untrusted !== undefined) progress.warn(attestationText(attestation));
    else if (attestation) progress.step(attestationText(attestation));
    return { bag, attestation };
  } catch (error) {
    await bag.close();
    throw error;
  }
}

/** What results say of it as JSON; nothing for a bag without one. */
export function attestationFacts(attestation: Attestation | undefined): object {
  if (!attestation) return {};
  const { signer, signed, untrusted } = attestation;
  return {
    attestation: untrusted === undefined ? { trusted: true, signed, ...signer } : { trusted: false, why: untrusted },
  };
}

async function readTrust(values: Arguments['values']): Promise<Trust> {
  const expected = parseExpectedSigner({
    attestedBy: values['attested-by'] ?? '',
    identity: values['certificate-identity'] ?? '',
    issuer: values['certificate-oidc-issuer'] ?? '',
    names: {
      attestedBy: '--attested-by',
      identity: '--certificate-identity',
      issuer: '--certificate-oidc-issuer',
    },
  });
  return { expected, roots: await trustedRoots(values['trusted-root'] ?? '', '--trusted-root') };
}
