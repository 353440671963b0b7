import type { ArchiveOptions } from '../archive/archive.ts';
import { verifyBag } from '../bag/verify-bag.ts';
import { PerennialError } from '../errors.ts';
import type { Progress } from '../progress.ts';
import { isRebuildImpossible, proveRebuild } from '../restore/prove-rebuild.ts';

export const VERIFICATIONS = ['rebuild', 'digest', 'none'] as const;
export type Verification = (typeof VERIFICATIONS)[number];

/** How an archive was verified in the end. */
export interface Verified {
  how: Verification;
  /** In words, for the summary. */
  note: string;
  /** What a rebuild did not give back, or why it failed; the original must stay when there are any. */
  differences: string[];
}

/**
 * Verifies a bag while the original is still there. A rebuild that fails or differs is a result, not an error: the archive is uploaded
 * all the same, and `refuseUnproved` keeps the original.
 * @throws PerennialError when a digest is wrong: such a bag is worth nothing
 */
export async function verifyArchive(
  bag: string,
  how: Verification,
  archive: Pick<ArchiveOptions, 'engine' | 'config'>,
  progress: Progress,
): Promise<Verified> {
  if (how === 'none') return { how, note: 'not at all, as asked for', differences: [] };
  progress.step('Verifying the bag');
  const rebuilds = how === 'rebuild' && archive.engine !== undefined;
  // A rebuild is a restore, which goes deep by itself.
  const { files } = await verifyBag(bag, { deep: !rebuilds });
  const digests = `${files} digests`;
  if (!rebuilds) return { how: 'digest', note: digests, differences: [] };
  try {
    const { smoke, knowledge } = archive.config;
    const proof = await proveRebuild({
      engine: archive.engine!,
      bag,
      smoke,
      ...(knowledge ? { knowledge } : {}),
      progress,
    });
    const outcome = proof.complete ? 'every path came back as recorded' : 'it is not the same';
    const note = `${digests}, and a rebuild on ${proof.base} in ${proof.seconds} s: ${outcome}`;
    return { how, note, differences: proof.complete ? [] : [...proof.differences, ...unsaid(proof.differences)] };
  } catch (error) {
    if (!(error instanceof PerennialError) || error.code === 'interrupted') throw error;
    if (isRebuildImpossible(error)) {
      await verifyBag(bag);
      return { how: 'digest', note: `${digests}; no rebuild: ${error.message}`, differences: [] };
    }
    return { how, note: `${digests}; the rebuild failed`, differences: [`The rebuild failed: ${error.message}`] };
  }
}

/** An answer can be missing without a line in the journal. */
function unsaid(differences: string[]): string[] {
  return differences.length > 0 ? [] : ['The service does not answer as before'];
}

/** @throws PerennialError `step-failed` when a rebuild did not give everything back */
export function refuseUnproved({ differences }: Verified): void {
  if (differences.length === 0) return;
  throw new PerennialError(
    'step-failed',
    `The archive is uploaded, but a rebuild of it is not the same: ${differences[0]}${differences.length > 1 ? ` (and ${differences.length - 1} more)` : ''}`,
    {
      hint: 'The original is left as it is. The summary has all differences; `verify: digest` leaves the rebuild out.',
    },
  );
}
