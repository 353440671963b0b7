import type { Bag } from '../bag/open-bag.ts';
import type { Progress } from '../progress.ts';
import { openKeptBag } from '../store/open-kept-bag.ts';
import { cliStores, withQuietStdout } from './cli-stores.ts';
import { readKeys } from './key-options.ts';
import type { Arguments } from './parse-arguments.ts';

/** What commands that take a bag say of it. */
export const bagUsage = `BAG is the folder of a bag, its packed file, or a reference: artifact:NAME, release:TAG, oci://HOST/NAME:TAG;
also artifact:[OWNER/REPO@][RUN/]NAME and release:[OWNER/REPO@]TAG[#NAME]. GitHub takes GITHUB_TOKEN and GITHUB_REPOSITORY.`;

/** Fetches and opens the bag of an argument with the keys that are given. The caller closes it. */
export async function openGivenBag(reference: string, values: Arguments['values'], progress: Progress): Promise<Bag> {
  const keys = await readKeys(values);
  return withQuietStdout(() => openKeptBag(reference, cliStores(progress), keys));
}
