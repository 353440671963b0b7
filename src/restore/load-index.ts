import { getHeapStatistics } from 'node:v8';
import type { IndexEntry } from '../bag/index-entry.ts';
import type { Bag } from '../bag/open-bag.ts';
import { PerennialError } from '../errors.ts';

/** Bytes that an entry takes in memory with what a restore makes of it (measured: 700 to 1100). */
const ENTRY_BYTES = 1500;

/**
 * The index of a bag by path.
 * @param most entries that fit into memory
 * @throws PerennialError `bag-invalid` for more, which would end the process without a word
 */
export async function loadIndex(
  bag: Pick<Bag, 'readIndex'>,
  most: number = Math.floor(getHeapStatistics().heap_size_limit / ENTRY_BYTES),
): Promise<Map<string, IndexEntry>> {
  const index = new Map<string, IndexEntry>();
  for await (const entry of bag.readIndex()) {
    if (index.size === most) {
      throw new PerennialError('bag-invalid', `The index of the bag has more than ${most} entries`, {
        hint: 'More do not fit into the memory of this process: NODE_OPTIONS=--max-old-space-size=MEGABYTES gives it more. A bag of yours has as many entries as its service had files.',
      });
    }
    index.set(entry.path, entry);
  }
  return index;
}
