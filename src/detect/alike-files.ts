import type { ClassifyContext } from '../classify/classify.ts';
import { ANY_END } from '../classify/rule.ts';
import { encodeBytes } from '../system/byte-text.ts';
import type { PathTable } from './path-table.ts';

const ASCII = 128;
/** What is known of files that end in a byte: nothing, that their names decide nothing, that they may. */
const [UNKNOWN, NOTHING, MAYBE] = [0, 1, 2];

/**
 * Finds files of which the same is decided as of an earlier one: those of a folder in which no source but the walk knows anything, unless
 * a name decides. Nearly all of a large volume are such, and neither their entries have to be made nor packages, image and the state at
 * the start to be asked, one by one.
 */
export class AlikeFiles {
  readonly #table: PathTable;
  readonly #context: ClassifyContext;
  readonly #known: ReadonlySet<string>;
  /** The folder that was entered last, as bytes too, and whether a source knows it. */
  #folder = '';
  #folderBytes: Buffer | undefined;
  #isKnown = false;
  /** What is known of names in it, by their last byte. */
  readonly #ends = new Uint8Array(256);
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
    if (!this.#folderBytes || !this.#table.isDirectlyIn(ordinal, this.#folderBytes)) this.#enter(ordinal);
    if (this.#isKnown || this.#mayBeNamed(ordinal)) return -1;
    const which = this.#table.isAsEarlier(ordinal) ? 0 : 1;
    if (this.#first[which]! >= 0) return this.#first[which]!;
    this.#first[which] = ordinal;
    return -1;
  }

  #enter(ordinal: number): void {
    this.#folder = folderOf(this.#table.pathAt(ordinal));
    this.#folderBytes = encodeBytes(this.#folder);
    this.#isKnown = this.#known.has(this.#folder);
    this.#ends.fill(UNKNOWN);
    this.#first.fill(-1);
  }

  /** Most names decide nothing, which their last bytes say: of those no text is made. */
  #mayBeNamed(ordinal: number): boolean {
    const { mayNameDecide } = this.#context;
    const last = this.#table.lastByteAt(ordinal);
    if (this.#ends[last] === UNKNOWN) {
      const isPossible = mayNameDecide?.(this.#folder, last < ASCII ? last : ANY_END) ?? true;
      this.#ends[last] = isPossible ? MAYBE : NOTHING;
    }
    return this.#ends[last] === MAYBE && this.#isNamed(this.#table.pathAt(ordinal));
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
