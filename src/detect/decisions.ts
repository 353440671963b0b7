import { comparePaths } from '../bag/index-file.ts';
import type { Probe, Verdict } from '../classify/classify.ts';
import { encodeBytes } from '../system/byte-text.ts';
import type { PathTable } from './path-table.ts';
import { sortOrdinals } from './sort-ordinals.ts';
import type { WalkEntry } from './walk.ts';

/** A path with what was decided about it. `entry` of a deletion is the path as it was in the image. */
export interface Decided extends Verdict {
  entry: WalkEntry;
  probe?: Probe;
  seenBy: string[];
}

/** What was decided about a path of whose own there is nothing in it. */
interface SharedVerdict extends Verdict {
  seenBy: string[];
}

/**
 * What was decided about each path, sorted by the bytes of the path whenever it is iterated. Most paths of a large volume share their
 * verdict: of them there is only its number. Such a Decided is made anew whenever it is asked for.
 */
export class Decisions implements Iterable<Decided> {
  readonly #table: PathTable;
  readonly #objects = new Map<string, Decided>();
  readonly #shared: SharedVerdict[] = [];
  readonly #numbers = new Map<string, number>();
  /** Number of the last verdict: those of a folder are mostly the same. */
  #last = 0;
  /** Of each row of the table, the number of its verdict + 1. */
  readonly #rows: Uint32Array;
  #rowsUsed = 0;
  #order: Uint32Array | undefined;

  constructor(table: PathTable) {
    this.#table = table;
    this.#rows = new Uint32Array(table.rows);
  }

  /** Adds a path, or replaces what was decided about it. @param ordinal of its row in the table, -1 when it has none */
  set(decided: Decided, ordinal = this.#table.ordinalOf(decided.entry.path)): void {
    const isShared =
      ordinal >= 0 &&
      decided.origin === 'operation' &&
      decided.package === undefined &&
      decided.probe === undefined &&
      !this.#objects.has(decided.entry.path);
    if (isShared) this.#setRow(ordinal, this.#numberOf(decided) + 1);
    else {
      if (ordinal >= 0) this.#setRow(ordinal, 0);
      this.#objects.set(decided.entry.path, decided);
    }
  }

  /** Decides about the path of a row as was decided about that of another row. False when nothing was, or it is not shared. */
  setLike(ordinal: number, other: number): boolean {
    const number = this.#rows[other]!;
    if (number === 0) return false;
    this.#setRow(ordinal, number);
    return true;
  }

  get size(): number {
    return this.#objects.size + this.#rowsUsed;
  }

  /** What was decided about a path, without its entry. */
  verdict(path: string): SharedVerdict | undefined {
    const object = this.#objects.get(path);
    if (object) return object;
    const ordinal = this.#table.ordinalOf(path);
    const number = ordinal < 0 ? 0 : this.#rows[ordinal]!;
    return number === 0 ? undefined : this.#shared[number - 1];
  }

  /** Those that are alone with their verdict or are the image's own: what may be changed in place. In no order. */
  objects(): Iterable<Decided> {
    return this.#objects.values();
  }

  /** Those whose path begins so, sorted. */
  below(prefix: string): Decided[] {
    const bytes = encodeBytes(prefix);
    const found = [...this.#objects.values()].filter(each => each.entry.path.startsWith(prefix));
    for (let n = 0; n < this.#rows.length; n++)
      if (this.#rows[n]! > 0 && this.#table.beginsWith(n, bytes)) found.push(this.#decidedOf(n));
    return found.sort((a, b) => comparePaths(a.entry.path, b.entry.path));
  }

  /** Folders of all that is not left, in no order; one may come more than once. */
  *foldersOfKept(): Generator<string> {
    for (const { entry, disposition } of this.#objects.values())
      if (disposition !== 'leave') yield folderOf(entry.path);
    let last: Buffer | undefined; // paths of a folder come one after the other
    for (let n = 0; n < this.#rows.length; n++) {
      const number = this.#rows[n]!;
      if (number === 0 || this.#shared[number - 1]!.disposition === 'leave') continue;
      if (last && this.#table.isDirectlyIn(n, last)) continue;
      const folder = folderOf(this.#table.pathAt(n));
      last = encodeBytes(folder);
      yield folder;
    }
  }

  *[Symbol.iterator](): Generator<Decided> {
    const objects = [...this.#objects.values()].sort((a, b) => comparePaths(a.entry.path, b.entry.path));
    let next = 0;
    for (const ordinal of this.#sortedRows()) {
      const decided = this.#decidedOf(ordinal);
      const { path } = decided.entry;
      while (next < objects.length && comparePaths(objects[next]!.entry.path, path) < 0) yield objects[next++]!;
      yield decided;
    }
    while (next < objects.length) yield objects[next++]!;
  }

  /** Of a row that has a verdict. */
  #decidedOf(ordinal: number): Decided {
    const { disposition, rule, why, origin, seenBy } = this.#shared[this.#rows[ordinal]! - 1]!;
    return { disposition, rule, why, origin, entry: this.#table.entryAt(ordinal), seenBy };
  }

  #setRow(ordinal: number, number: number): void {
    const before = this.#rows[ordinal]!;
    if (before === 0 && number > 0) this.#rowsUsed++;
    if (before > 0 && number === 0) this.#rowsUsed--;
    this.#rows[ordinal] = number;
    this.#order = undefined;
  }

  #numberOf(decided: Decided): number {
    const { disposition, rule, why, origin, seenBy } = decided;
    const last = this.#shared[this.#last];
    if (last && isAlike(last, decided)) return this.#last;
    const key = JSON.stringify([disposition, rule, why, seenBy]);
    const known = this.#numbers.get(key) ?? this.#shared.push({ disposition, rule, why, origin, seenBy }) - 1;
    this.#numbers.set(key, known);
    this.#last = known;
    return known;
  }

  #sortedRows(): Uint32Array {
    if (this.#order) return this.#order;
    const order = new Uint32Array(this.#rowsUsed);
    let count = 0;
    for (let n = 0; n < this.#rows.length; n++) if (this.#rows[n]! > 0) order[count++] = n;
    this.#order = sortOrdinals(order, (a, b) => this.#table.compareRows(a, b));
    return this.#order;
  }
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

function isAlike(a: SharedVerdict, b: SharedVerdict): boolean {
  return a.rule === b.rule && a.disposition === b.disposition && a.why === b.why && `${a.seenBy}` === `${b.seenBy}`;
}
