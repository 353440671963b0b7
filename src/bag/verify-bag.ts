import { PerennialError } from '../errors.ts';
import { type BagProblem, checkFixity, throwProblems } from './fixity.ts';
import type { Bag } from './open-bag.ts';
import { openBag } from './open-bag.ts';
import { reconcilePayload } from './reconcile-payload.ts';

/**
 * Checks a bag, a path or an open one: every file and digest of BagIt's manifests, the manifest's schema, and that payload and
 * index agree on every path and its sha256. All problems are collected and named in one error: `bag-truncated`,
 * `digest-mismatch` or `bag-invalid`. Memory stays constant where the payload is in the order of the index. Returns what was checked.
 */
export async function verifyBag(pathOrBag: string | Bag): Promise<{ files: number; bytes: number }> {
  if (typeof pathOrBag !== 'string') return verifyOpen(pathOrBag, pathOrBag.name);
  const bag = await openBag(pathOrBag);
  try {
    return await verifyOpen(bag, pathOrBag);
  } finally {
    await bag.close();
  }
}

async function verifyOpen(bag: Bag, name: string): Promise<{ files: number; bytes: number }> {
  // Side by side: the one is digested by a thread of its own while this one reads what is inside.
  const [{ files, bytes, problems }, within] = await Promise.all([checkFixity(bag.dir, bag.packed), inside(bag)]);
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
