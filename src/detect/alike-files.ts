import type { ClassifyContext } from '../classify/classify.ts';
import type { PathTable } from './path-table.ts';

/**
 * Finds files of which the same is decided as of an earlier one: those of a folder in which no source but the walk knows anything, unless
 * a name decides. Nearly all of a large volume are such, and neither their entries have to be made nor packages, image and the state at
 * the start to be asked, one by one.
 */
export class AlikeFiles {
  readonly #table: PathTable;
  readonly #context: ClassifyContext;
  readonly #known: ReadonlySet<string>;
  #folder = '';
  /** The first file that is as it was at the start of operation, and the first one that is not. */
  readonly #first = [-1, -1];

  /**
   * @param context what classification looks at
   * @param sources paths of which something is known, beside what the walk says of them: these and those beside them are none
   */
  constructor(table: PathTable, context: ClassifyContext, sources: Iterable<string>[]) {
    this.#table = table;
    this.#context = context;
    const known = new Set<string>();
    if (table.rows > 0) for (const source of sources) for (const path of source) known.add(folderOf(path));
    this.#known = known;
  }

  /** The row of an earlier file that this one is like; -1 when there is none. Rows are asked for in the order of the walk. */
  earlier(ordinal: number): number {
    if (!this.#table.isFile(ordinal)) return -1;
    const path = this.#table.pathAt(ordinal);
    const isNext = path.lastIndexOf('/') === this.#folder.length && path.startsWith(this.#folder);
    if (!isNext) {
      this.#folder = folderOf(path);
      this.#first.fill(-1);
    }
    if (this.#known.has(this.#folder) || this.#isNamed(path)) return -1;
    const which = this.#table.isAsEarlier(ordinal) ? 0 : 1;
    if (this.#first[which]! >= 0) return this.#first[which]!;
    this.#first[which] = ordinal;
    return -1;
  }

  #isNamed(path: string): boolean {
    const { owner, findRule, replacedBy } = this.#context;
    return (
      owner.include(path) ||
      owner.exclude(path) ||
      findRule(path, 'file') !== undefined ||
      replacedBy(path) !== undefined
    );
  }
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}
