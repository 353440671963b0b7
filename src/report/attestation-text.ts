import type { Attestation } from '../attestation/verify-attestation.ts';
import { printable } from '../system/byte-text.ts';

/** Who made a bag, in a sentence without its full stop. What nobody vouches for is not said of anybody. */
export function attestationText({ signer, signed, untrusted }: Attestation): string {
  if (untrusted !== undefined) return `Its attestation cannot be relied on: ${printable(untrusted)}`;
  const { identity, issuer, commit, run } = signer;
  const parts = [
    `Attested by ${printable(identity)}`,
    ...(commit ? [`at commit ${printable(commit)}`] : []),
    ...(run ? [`in ${printable(run)}`] : []),
    ...(signed ? [`on ${signed}`] : []),
  ];
  return `${parts.join(', ')} (issuer ${printable(issuer)})`;
}
