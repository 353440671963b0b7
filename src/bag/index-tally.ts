import { type BagProblem, invalid, show } from './fixity.ts';
import type { IndexEntry } from './index-entry.ts';
import { comparePaths } from './index-file.ts';
import type { Counts } from './manifest.ts';

/** What the index says by itself: its order, its tree and its sums. Looks at entries as they pass, in constant memory. */
export class IndexTally {
  readonly #problems: BagProblem[];
  readonly #sums = { kept: 0, keptBytes: 0, deleted: 0 };
  /** Paths that are no directories and of which the next path begins with the letters: nothing may be below them. */
  #leaves: IndexEntry[] = [];
  #last = '';

  /** @param problems get what is found on the way */
  constructor(problems: BagProblem[]) {
    this.#problems = problems;
  }

  /** The same entries, looked at. */
  async *over(index: AsyncIterable<IndexEntry> | Iterable<IndexEntry>): AsyncGenerator<IndexEntry> {
    for await (const entry of index) {
      this.#look(entry);
      yield entry;
    }
  }

  /** What the manifest counts otherwise, once every entry has passed. */
  compare(counts: Counts): BagProblem[] {
    return (['kept', 'keptBytes', 'deleted'] as const).flatMap(name =>
      counts[name] === this.#sums[name]
        ? []
        : [invalid(`the manifest counts ${counts[name]} (${name}), the index ${this.#sums[name]}`)],
    );
  }

  #look(entry: IndexEntry): void {
    const { path, kind, disposition, size } = entry;
    if (this.#last !== '' && comparePaths(this.#last, path) >= 0)
      this.#problems.push(invalid(`${show(path)} is not in its place in the index`));
    this.#last = path;
    // Between two paths of which one begins with the other, in this order, come only others that begin with it.
    this.#leaves = this.#leaves.filter(leaf => path.startsWith(leaf.path));
    const above = this.#leaves.find(leaf => path.startsWith(`${leaf.path}/`));
    // Whoever lays a file below a link writes where the link leads.
    if (above && isThere(entry))
      this.#problems.push(invalid(`${show(path)} is below ${show(above.path)}, a ${above.kind}`));
    if (kind !== 'directory' && isThere(entry)) this.#leaves.push(entry);
    if (disposition === 'keep' || disposition === 'record') {
      this.#sums.kept++;
      this.#sums.keptBytes += size;
    } else if (disposition === 'delete') this.#sums.deleted++;
  }
}

/** A link that was deleted may have become a folder, and the other way round. */
function isThere({ disposition }: IndexEntry): boolean {
  return disposition !== 'delete';
}
