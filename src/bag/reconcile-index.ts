import { type BagProblem, invalid, show, throwProblems } from './fixity.ts';
import type { IndexEntry } from './index-entry.ts';
import { IndexTally } from './index-tally.ts';
import type { Counts } from './manifest.ts';
import { compareWithEntry, type Found, isInPayload, MOST_PROBLEMS } from './reconcile-payload.ts';

/** What was written into a payload, by path. */
export interface PayloadMembers {
  /** Members that were written, a path that came twice counted twice. */
  readonly count: number;
  get(path: string): Found | undefined;
}

/**
 * The entries of an index while it is written, held against the payload and the manifest's counts as reconcilePayload does it with those of a bag
 * that is there: what BagWriter.finish finds on the disk is what passed here.
 * @throws PerennialError as verifyBag, at the latest after the last entry
 */
export async function* reconciledIndex(
  index: Iterable<IndexEntry>,
  members: PayloadMembers,
  counts: Counts,
): AsyncGenerator<IndexEntry> {
  const problems: BagProblem[] = [];
  const tally = new IndexTally(problems);
  let kept = 0;
  for await (const entry of tally.over(index)) {
    if (problems.length > MOST_PROBLEMS) break;
    const found = members.get(entry.path);
    if (isInPayload(entry)) kept++;
    if (found) problems.push(...compareWithEntry(entry, found));
    else if (isInPayload(entry))
      problems.push(invalid(`${show(entry.path)} is kept by the index, but not in the payload`));
    yield entry;
  }
  if (kept !== members.count)
    problems.push(invalid(`the payload has ${members.count} members, the index keeps ${kept} paths`));
  throwProblems('What was archived', { problems: [...problems, ...tally.compare(counts)] });
}
