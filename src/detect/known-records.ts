import type { WalkEntry } from './walk.ts';

/**
 * The records of an earlier walk (an image's), to recognise the same ones when they come again: a system differs from its image in
 * few of its paths, and comparing bytes is ten times cheaper than reading fields. Walks of the same layers come in the same order, so the
 * next record is nearly always the expected one.
 */
export class KnownRecords {
  readonly #buffer: Buffer;
  readonly #entries: WalkEntry[] = [];
  /** Where each record's head, and where the record ends. */
  readonly #heads: number[] = [];
  readonly #ends: number[] = [];
  #ordinals: Map<string, number> | undefined;
  #next = 0;

  /** @param buffer what find printed, whole records only */
  constructor(buffer: Buffer) {
    this.#buffer = buffer;
  }

  /** Adds the next record of the buffer, by where its head and where it ends. */
  add(entry: WalkEntry, headEnd: number, end: number): void {
    this.#entries.push(entry);
    this.#heads.push(headEnd);
    this.#ends.push(end);
  }

  /** Begins a new walk. */
  rewind(): void {
    this.#next = 0;
  }

  /**
   * The entry of the record at `at`, when it is byte for byte the next known one or its head alone, and where the record ends. An inode
   * whose last change is, to the nanosecond, when it was is as it was.
   */
  match(buffer: Buffer, at: number): { entry: WalkEntry; end: number } | undefined {
    const n = this.#next;
    if (n >= this.#entries.length) return undefined;
    const from = n === 0 ? 0 : this.#ends[n - 1]!;
    const short = at + this.#heads[n]! - from;
    const isShort = short < buffer.length && buffer[short] === 0;
    const to = isShort ? this.#heads[n]! : this.#ends[n]!;
    const end = at + to - from;
    if (end > buffer.length || buffer.compare(this.#buffer, from, to, at, end) !== 0) return undefined;
    this.#next = n + 1;
    return { entry: this.#entries[n]!, end: isShort ? end + 1 : end };
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
