import { PerennialError } from '../errors.ts';
import { type BagProblem, checkFixity, throwProblems } from './fixity.ts';
import type { Bag } from './open-bag.ts';
import { openBag } from './open-bag.ts';
import { reconcilePayload } from './reconcile-payload.ts';

/** What of a bag is checked. */
export interface Depth {
  /** Also what is inside of payload and index. Without, it takes as long as sha256sum of the bag's files. */
  deep: boolean;
}

/**
 * Checks a bag, a path or an open one: every file and digest of BagIt's manifests (it is what was written), the manifest's schema, and,
 * unless `deep` is false, that payload and index agree on every path and its sha256 (it was written right). All problems are collected and
 * named in one error: `bag-truncated`, `digest-mismatch` or `bag-invalid`. Memory stays constant where the payload is in the order of the
 * index. Returns what was checked.
 */
export async function verifyBag(
  pathOrBag: string | Bag,
  { deep }: Depth = { deep: true },
): Promise<{ files: number; bytes: number }> {
  if (typeof pathOrBag !== 'string') return verifyOpen(pathOrBag, pathOrBag.name, deep);
  const bag = await openBag(pathOrBag);
  try {
    return await verifyOpen(bag, pathOrBag, deep);
  } finally {
    await bag.close();
  }
}

async function verifyOpen(bag: Bag, name: string, deep: boolean): Promise<{ files: number; bytes: number }> {
  // Side by side: the one is digested by a thread of its own while this one reads what is inside.
  const [{ files, bytes, problems }, within] = await Promise.all([
    checkFixity(bag.dir, bag.packed),
    deep ? inside(bag) : [],
  ]);
  // A file that is damaged as a whole is named already: what is inside would only repeat it.
  if (problems.length === 0) problems.push(...within);
  throwProblems(name, { problems });
  return { files, bytes };
}

async function inside(bag: Bag): Promise<BagProblem[]> {
  try {
    return await reconcilePayload(bag.readIndex(), bag.openPayload(), bag.manifest.counts);
  } catch (error) {
    if (!(error instanceof PerennialError)) throw error;
    return [{ code: error.code === 'bag-truncated' ? 'bag-truncated' : 'bag-invalid', text: error.message }];
  }
}
