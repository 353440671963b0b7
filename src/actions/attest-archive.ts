import * as core from '@actions/core';
import { trustedRoots } from '../attestation/check-attestation.ts';
import { type Instance, PUBLIC_INSTANCE, signBag } from '../attestation/sign-bag.ts';
import type { Attestation } from '../attestation/verify-attestation.ts';
import { PerennialError } from '../errors.ts';

/** How an archive is attested. */
export interface AttestInputs {
  /** Undefined: not at all. */
  instance: Instance | undefined;
  /** What is in the log that everybody can read may name a repository that not everybody can. */
  allowPublicLog: boolean;
  /** Path of the keys that the signature is verified with; empty: Sigstore's. */
  trustedRoot: string;
}

/** What became of it. A failure is a result, not an error: data that is not kept is worse than data without a signature. */
export interface Attested {
  attestation?: Attestation;
  failure?: PerennialError;
}

/** Whom the token is for (https://docs.sigstore.dev, Fulcio). */
const AUDIENCE = 'sigstore';

/**
 * Makes sure, before anything is done, that this job may sign, and that what it signs may be seen by those who will.
 * @throws PerennialError `bad-input` with the lines to add
 */
export async function foretellAttestation({ instance, allowPublicLog }: AttestInputs): Promise<void> {
  if (!instance) return;
  const visibility = claimOf(await askToken(), 'repository_visibility') || 'of unknown visibility';
  const isPublic = instance.fulcio === PUBLIC_INSTANCE.fulcio || instance.rekor === PUBLIC_INSTANCE.rekor;
  if (!isPublic || allowPublicLog || visibility === 'public') return;
  throw new PerennialError(
    'bad-input',
    `The archive is not attested: this repository is ${visibility}, and Sigstore's log would show its name, the workflow and the commit to everybody, for ever`,
    {
      hint: `If they may be seen, say so:
  attest: public
Else name an instance of Sigstore without a public log with \`sigstore\` (docs/guides/attest.md), or leave \`attest\` out.`,
    },
  );
}

/** Attests the folder of a bag that is verified. @throws what is no PerennialError, and `interrupted` */
export async function attestArchive(dir: string, { instance, trustedRoot }: AttestInputs): Promise<Attested> {
  if (!instance) return {};
  try {
    const roots = await trustedRoots(trustedRoot, 'The input sigstore: trusted-root');
    return { attestation: await signBag(dir, instance, askToken, roots) };
  } catch (error) {
    if (!(error instanceof PerennialError) || error.code === 'interrupted') throw error;
    return { failure: error };
  }
}

/** @throws PerennialError `step-failed` when an archive that should be attested is kept without */
export function refuseUnattested({ failure }: Attested): void {
  if (!failure) return;
  throw new PerennialError('step-failed', `The archive is kept, but not attested: ${failure.message}`, {
    hint: [failure.hint, 'The original is left as it is.'].filter(Boolean).join('\n'),
    cause: failure,
  });
}

async function askToken(): Promise<string> {
  if (!process.env.ACTIONS_ID_TOKEN_REQUEST_URL || !process.env.ACTIONS_ID_TOKEN_REQUEST_TOKEN) {
    throw new PerennialError(
      'bad-input',
      '`attest` needs a token that says which workflow this is, and this job may not ask for one',
      {
        hint: `Add this line to the job's (or the workflow's) permissions; those that are not listed beside it are taken away:
  permissions:
    id-token: write
A pull request of a fork never gets it.`,
      },
    );
  }
  return core.getIDToken(AUDIENCE).catch(cause => {
    throw new PerennialError('store-failed', `GitHub gave no token to attest with: ${cause.message}`, { cause });
  });
}

/** A claim of a JSON Web Token (RFC 7519), which comes from the runner itself: its signature is for Fulcio to check. */
function claimOf(token: string, name: string): string {
  try {
    return String(JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())[name] ?? '');
  } catch {
    return '';
  }
}
