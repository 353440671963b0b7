import type { X509Certificate } from '@sigstore/core';
import { PerennialError } from '../errors.ts';

/** Who asks Fulcio for certificates in workflows of github.com. */
export const GITHUB_ISSUER = 'https://token.actions.githubusercontent.com';

/** Who signed, as the certificate says. Empty where it does not say. */
export interface Signer {
  /** Subject alternative name: for a workflow its file and ref, `https://github.com/OWNER/REPO/.github/workflows/FILE@REF`. */
  identity: string;
  /** Address of who vouched for that identity. */
  issuer: string;
  /** https://github.com/OWNER/REPO in whose name the workflow ran. */
  repository: string;
  commit: string;
  /** Address of the run. */
  run: string;
}

/** Who must have signed. */
export type ExpectedSigner =
  /** OWNER/REPO: a workflow of that repository on github.com. */
  | { repository: string }
  /** Exactly this identity, vouched for by this issuer. */
  | { identity: string; issuer: string };

/** Object identifiers of Fulcio's extensions (https://github.com/sigstore/fulcio, docs/oid-info.md). */
const OID = {
  issuer: '1.3.6.1.4.1.57264.1.8',
  repository: '1.3.6.1.4.1.57264.1.12',
  commit: '1.3.6.1.4.1.57264.1.13',
  run: '1.3.6.1.4.1.57264.1.21',
};

/** Reads who a certificate of Fulcio was given to. That it was Fulcio who gave it is for others to check. */
export function signerOf(certificate: X509Certificate): Signer {
  // Each value is a DER-encoded UTF8String.
  const text = (oid: string) => certificate.extension(oid)?.valueObj.subs[0]?.value.toString('utf8') ?? '';
  return {
    identity: certificate.subjectAltName ?? '',
    issuer: text(OID.issuer),
    repository: text(OID.repository),
    commit: text(OID.commit),
    run: text(OID.run),
  };
}

/**
 * True when the signer is the expected one. Of a repository, as of `gh attestation verify --repo`, both what ran and the workflow's file are,
 * in whatever case: a workflow that another repository lends (`workflow_call`) has to be named by its identity.
 */
export function isSigner(signer: Signer, expected: ExpectedSigner): boolean {
  if ('identity' in expected) return signer.identity === expected.identity && signer.issuer === expected.issuer;
  const repository = `https://github.com/${expected.repository}`.toLowerCase();
  return (
    signer.issuer === GITHUB_ISSUER &&
    signer.repository.toLowerCase() === repository &&
    signer.identity.toLowerCase().startsWith(`${repository}/`)
  );
}

/** In words, for messages. */
export function expectedText(expected: ExpectedSigner): string {
  if ('repository' in expected) return `a workflow of ${expected.repository}`;
  return `${expected.identity} (issuer ${expected.issuer})`;
}

/** What a person can say of who must have signed, and how these things are called where they said them. */
export interface GivenSigner {
  attestedBy: string;
  identity: string;
  issuer: string;
  names: { attestedBy: string; identity: string; issuer: string };
}

/**
 * Who must have signed; undefined when nothing is given.
 * @throws PerennialError `bad-input` for half of an identity, both ways at once, or what is no OWNER/REPO
 */
export function parseExpectedSigner({ attestedBy, identity, issuer, names }: GivenSigner): ExpectedSigner | undefined {
  if (attestedBy !== '' && (identity !== '' || issuer !== '')) {
    throw new PerennialError(
      'bad-input',
      `Both ${names.attestedBy} and ${identity ? names.identity : names.issuer} are given`,
      {
        hint: `Use ${names.attestedBy} for any workflow of a repository, or ${names.identity} for one of them.`,
      },
    );
  }
  if (identity !== '') return { identity, issuer: issuer || GITHUB_ISSUER };
  if (issuer !== '') {
    throw new PerennialError('bad-input', `${names.issuer} is given without ${names.identity}`, {
      hint: 'An issuer vouches for many; say which identity of its it has to be.',
    });
  }
  if (attestedBy === '') return undefined;
  const repository = attestedBy.replace(/^https:\/\/github\.com\//, '');
  if (/^[\w.-]+\/[\w.-]+$/.test(repository)) return { repository };
  throw new PerennialError('bad-input', `${names.attestedBy} ${JSON.stringify(attestedBy)} is no OWNER/REPO`, {
    hint: `Name a repository on github.com, or with ${names.identity} what the certificate says (\`perennial verify BAG\` shows it).`,
  });
}
