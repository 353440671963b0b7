import type { WalkEntry } from './walk.ts';

/**
 * The records of an earlier walk (an image's), to recognise the same ones when they come again: a system differs from its image in
 * few of its paths, and comparing bytes is ten times cheaper than reading fields. Walks of the same layers come in the same order, so the
 * next record is nearly always the expected one.
 */
export class KnownRecords {
  readonly #buffer: Buffer;
  readonly #entries: WalkEntry[] = [];
  /** Where each record ends. */
  readonly #ends: number[] = [];
  #ordinals: Map<string, number> | undefined;
  #next = 0;

  /** @param buffer what find printed */
  constructor(buffer: Buffer) {
    this.#buffer = buffer;
  }

  /** Adds the next record of the buffer; `end` is where it ends. */
  add(entry: WalkEntry, end: number): void {
    this.#entries.push(entry);
    this.#ends.push(end);
  }

  /** Begins a new walk. */
  rewind(): void {
    this.#next = 0;
  }

  /** The entry of the record at `at`, when it is byte for byte the next known one, and where the record ends. */
  match(buffer: Buffer, at: number): { entry: WalkEntry; end: number } | undefined {
    const n = this.#next;
    if (n >= this.#entries.length) return undefined;
    const from = n === 0 ? 0 : this.#ends[n - 1]!;
    const to = this.#ends[n]!;
    const end = at + to - from;
    if (end > buffer.length || buffer.compare(this.#buffer, from, to, at, end) !== 0) return undefined;
    this.#next = n + 1;
    return { entry: this.#entries[n]!, end };
  }

  /**
   * For a record that was not the next known one: the known entry where it is the same nevertheless, else the new one. The record
   * after it is expected next.
   */
  recognise(entry: WalkEntry): WalkEntry {
    this.#ordinals ??= new Map(this.#entries.map(({ path }, n) => [path, n]));
    const n = this.#ordinals.get(entry.path);
    if (n === undefined) return entry;
    this.#next = n + 1;
    const known = this.#entries[n]!;
    return isSame(known, entry) ? known : entry;
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
