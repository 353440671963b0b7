import type { WalkEntry } from './walk.ts';

/** Bytes from which on a difference is looked for one by one. */
const FEW = 32;

/**
 * The records of an earlier walk (an image's), to recognise the same ones when they come again: a system differs from its image in
 * few of its paths. Of what has not changed a walk prints the head alone; walks of the same layers come in the same order, so that
 * the heads of thousands of records are compared at once.
 */
export class KnownRecords {
  readonly #records: Buffer;
  readonly #entries: WalkEntry[] = [];
  /** The heads as a walk prints them alone, and where each ends. */
  readonly #heads: Buffer;
  readonly #ends: number[] = [];
  #length = 0;
  #ordinals: Map<string, number> | undefined;
  #next = 0;

  /** @param records what find printed, whole records only, which are then added in turn */
  constructor(records: Buffer) {
    this.#records = records;
    this.#heads = Buffer.allocUnsafe(records.length);
  }

  /** Adds the next record, by where its head begins and ends. */
  add(entry: WalkEntry, start: number, headEnd: number): void {
    this.#length += this.#records.copy(this.#heads, this.#length, start, headEnd);
    this.#heads[this.#length++] = 0;
    this.#entries.push(entry);
    this.#ends.push(this.#length);
  }

  /** Begins a new walk. */
  rewind(): void {
    this.#next = 0;
  }

  /**
   * Hands out the next known entries whose heads alone stand at `at`, byte for byte, and returns where the last one ends. An inode whose
   * last change is, to the nanosecond, when it was is as it was.
   */
  takeRun(buffer: Buffer, at: number, onEntry: (entry: WalkEntry) => void): number {
    const start = this.#startOf(this.#next);
    const end = start + this.#commonLength(buffer, at, start);
    let upTo = at;
    for (; this.#next < this.#ends.length && this.#ends[this.#next]! <= end; this.#next++) {
      upTo = at + this.#ends[this.#next]! - start;
      onEntry(this.#entries[this.#next]!);
    }
    return upTo;
  }

  #startOf(n: number): number {
    return n === 0 ? 0 : this.#ends[n - 1]!;
  }

  /** How many bytes of the buffer, from `at`, are those of the known heads from `start`. */
  #commonLength(buffer: Buffer, at: number, start: number): number {
    const isSame = (from: number, to: number) =>
      buffer.compare(this.#heads, start + from, start + to, at + from, at + to) === 0;
    let differs = Math.min(buffer.length - at, this.#length - start);
    let same = 0; // mostly it is the next known record, or its time differs
    for (const few = Math.min(FEW, differs); same < few; same++)
      if (buffer[at + same] !== this.#heads[start + same]) return same;
    if (isSame(0, differs)) return differs;
    while (differs - same > FEW) {
      const middle = (same + differs) >> 1;
      if (isSame(same, middle)) same = middle;
      else differs = middle;
    }
    while (same < differs && buffer[at + same] === this.#heads[start + same]) same++;
    return same;
  }

  /**
   * For a record that was not the next known one: the known entry where it is the same nevertheless, else the new one. The record
   * after it is expected next.
   */
  recognise(entry: WalkEntry): WalkEntry {
    const known = this.#find(entry.path);
    return known && isSame(known, entry) ? known : entry;
  }

  /** The known entry of this path, when its inode was last changed at the same time. */
  recogniseHead(path: string, ctime: string): WalkEntry | undefined {
    const known = this.#find(path);
    return known?.ctime === ctime ? known : undefined;
  }

  #find(path: string): WalkEntry | undefined {
    this.#ordinals ??= new Map(this.#entries.map((each, n) => [each.path, n]));
    const n = this.#ordinals.get(path);
    if (n === undefined) return undefined;
    this.#next = n + 1;
    return this.#entries[n];
  }
}

function isSame(a: WalkEntry, b: WalkEntry): boolean {
  return (
    a.ctime === b.ctime &&
    a.mtime === b.mtime &&
    a.size === b.size &&
    a.kind === b.kind &&
    a.mode === b.mode &&
    a.uid === b.uid &&
    a.gid === b.gid &&
    a.links === b.links &&
    a.target === b.target
  );
}
