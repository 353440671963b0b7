import type { PathKind } from '../bag/index-entry.ts';
import { decodeBytes, encodeBytes } from '../system/byte-text.ts';
import type { WalkEntry } from './walk.ts';

/** Paths of a walk by name; a Map is one. */
export interface Paths {
  readonly size: number;
  get(path: string): WalkEntry | undefined;
  has(path: string): boolean;
  keys(): Iterable<string>;
  values(): Iterable<WalkEntry>;
  [Symbol.iterator](): Iterator<[string, WalkEntry]>;
}

const KINDS: readonly PathKind[] = ['file', 'directory', 'symlink', 'fifo', 'socket', 'char', 'block'];

/*
 * A row: kind (1 byte), spare (1), mode (2), uid, gid (4 each), size (8), links (4), mtime, ctime (seconds and nanoseconds, 4 each),
 * length of the path, length of the target (4 each), path, target. Little endian.
 */
const PATH_LENGTH = 40;
const TARGET_LENGTH = 44;
const FIXED = 48;
/** Rows begin at multiples of this, so that 32 bits say where in 16 GiB. */
const ALIGNMENT = 4;
const CHUNK = 4 * 1024 * 1024;
const MOST_CHUNKS = (2 ** 32 * ALIGNMENT) / CHUNK;
const NUMBER = 2 ** 32;
/** Of so few paths of its own (those of the image are objects anyway) a service has little to gain from rows, which take longer. */
const FEW = 1_000;

const { imul } = Math; // looked up once, not for each byte

/**
 * The paths of a walk in little memory: some sixty bytes and the name each, where an object and its place in a Map take four hundred.
 * What fits no row (times without nanoseconds, odd numbers), and entries that others compare by identity, are kept as objects. Entries of rows
 * are made anew whenever they are asked for.
 */
export class PathTable implements Paths {
  readonly #objects = new Map<string, WalkEntry>();
  readonly #chunks: Buffer[] = [];
  #used = CHUNK;
  #starts = new Uint32Array(1024);
  #rows = 0;
  /** Ordinal + 1 at the place that the name's hash says, or after it. */
  #slots = new Uint32Array(4096);
  readonly #few: number;
  /** Objects that nobody asked for. */
  #chosen = 0;

  /** @param few paths that are kept as objects, beside shared ones, before rows begin */
  constructor(few = FEW) {
    this.#few = few;
  }

  /** Adds a path, or replaces what was said of it. @param shared keep the very object */
  add(entry: WalkEntry, shared = false): void {
    const isObject = shared || this.#objects.has(entry.path);
    if (isObject || this.#chosen < this.#few) {
      if (!isObject) this.#chosen++;
      // A row that was added before stays where it is, and is not looked at any more.
      this.#objects.set(entry.path, entry);
      return;
    }
    const path = encodeBytes(entry.path);
    const target = encodeBytes(entry.target);
    if (!fits(entry, path, target)) {
      this.#objects.set(entry.path, entry);
      return;
    }
    const known = this.#find(path);
    const start = this.#write(entry, path, target);
    if (known >= 0) this.#starts[known] = start;
    else this.#addRow(start, path);
  }

  get size(): number {
    let hidden = 0;
    for (const path of this.#objects.keys()) if (this.ordinalOf(path) >= 0) hidden++;
    return this.#objects.size + this.#rows - hidden;
  }

  /** Ordinals of rows are below this. */
  get rows(): number {
    return this.#rows;
  }

  get(path: string): WalkEntry | undefined {
    const object = this.#objects.get(path);
    if (object) return object;
    const ordinal = this.ordinalOf(path);
    return ordinal < 0 ? undefined : this.entryAt(ordinal);
  }

  has(path: string): boolean {
    return this.#objects.has(path) || this.ordinalOf(path) >= 0;
  }

  /** Number of the row of a path, -1 when it has none. */
  ordinalOf(path: string): number {
    return this.#rows === 0 ? -1 : this.#find(encodeBytes(path));
  }

  *keys(): Generator<string> {
    yield* this.#objects.keys();
    for (let n = 0; n < this.#rows; n++) {
      const path = this.pathAt(n);
      if (!this.#objects.has(path)) yield path;
    }
  }

  *values(): Generator<WalkEntry> {
    yield* this.#objects.values();
    for (let n = 0; n < this.#rows; n++) {
      const entry = this.entryAt(n);
      if (!this.#objects.has(entry.path)) yield entry;
    }
  }

  /** Hands out every entry with the number of its row, -1 for an object. */
  forEach(take: (entry: WalkEntry, ordinal: number) => void): void {
    for (const entry of this.#objects.values()) take(entry, -1);
    for (let n = 0; n < this.#rows; n++) {
      const entry = this.entryAt(n);
      if (!this.#objects.has(entry.path)) take(entry, n);
    }
  }

  *[Symbol.iterator](): Generator<[string, WalkEntry]> {
    for (const entry of this.values()) yield [entry.path, entry];
  }

  /** The path of a row. */
  pathAt(ordinal: number): string {
    const { chunk, at } = this.#locate(ordinal);
    return textOf(chunk, at + FIXED, at + FIXED + chunk.readUInt32LE(at + PATH_LENGTH));
  }

  /** The entry of a row, made anew. */
  entryAt(ordinal: number): WalkEntry {
    const { chunk, at } = this.#locate(ordinal);
    const pathEnd = at + FIXED + chunk.readUInt32LE(at + PATH_LENGTH);
    return {
      path: textOf(chunk, at + FIXED, pathEnd),
      kind: KINDS[chunk[at]!]!,
      mode: chunk.readUInt16LE(at + 2),
      uid: chunk.readUInt32LE(at + 4),
      gid: chunk.readUInt32LE(at + 8),
      size: chunk.readDoubleLE(at + 12),
      links: chunk.readUInt32LE(at + 20),
      mtime: readTime(chunk, at + 24),
      ctime: readTime(chunk, at + 32),
      target: textOf(chunk, pathEnd, pathEnd + chunk.readUInt32LE(at + TARGET_LENGTH)),
    };
  }

  /** Order of two rows by the bytes of their paths, as comparePaths of the index has it. */
  compareRows(a: number, b: number): number {
    const one = this.#locate(a);
    const oneLength = one.chunk.readUInt32LE(one.at + PATH_LENGTH);
    const two = this.#locate(b);
    const twoLength = two.chunk.readUInt32LE(two.at + PATH_LENGTH);
    const shorter = Math.min(oneLength, twoLength);
    for (let n = 0; n < shorter; n++) {
      const difference = one.chunk[one.at + FIXED + n]! - two.chunk[two.at + FIXED + n]!;
      if (difference !== 0) return difference;
    }
    return oneLength - twoLength;
  }

  #locate(ordinal: number): { chunk: Buffer; at: number } {
    const start = this.#starts[ordinal]! * ALIGNMENT;
    return { chunk: this.#chunks[Math.floor(start / CHUNK)]!, at: start % CHUNK };
  }

  #write(entry: WalkEntry, path: Buffer, target: Buffer): number {
    const length = FIXED + path.length + target.length;
    if (this.#used + length > CHUNK) {
      if (this.#chunks.length >= MOST_CHUNKS) throw new RangeError('More paths than a table holds');
      this.#chunks.push(Buffer.allocUnsafeSlow(CHUNK));
      this.#used = 0;
    }
    const chunk = this.#chunks.at(-1)!;
    const at = this.#used;
    chunk[at] = KINDS.indexOf(entry.kind);
    chunk.writeUInt16LE(entry.mode, at + 2);
    chunk.writeUInt32LE(entry.uid, at + 4);
    chunk.writeUInt32LE(entry.gid, at + 8);
    chunk.writeDoubleLE(entry.size, at + 12);
    chunk.writeUInt32LE(entry.links, at + 20);
    writeTime(chunk, at + 24, entry.mtime);
    writeTime(chunk, at + 32, entry.ctime);
    chunk.writeUInt32LE(path.length, at + PATH_LENGTH);
    chunk.writeUInt32LE(target.length, at + TARGET_LENGTH);
    path.copy(chunk, at + FIXED);
    target.copy(chunk, at + FIXED + path.length);
    this.#used = at + Math.ceil(length / ALIGNMENT) * ALIGNMENT;
    return ((this.#chunks.length - 1) * CHUNK + at) / ALIGNMENT;
  }

  #addRow(start: number, path: Buffer): void {
    if (this.#rows === this.#starts.length) this.#starts = doubled(this.#starts);
    this.#starts[this.#rows++] = start;
    if (this.#rows * 2 > this.#slots.length) this.#rehash();
    else this.#slots[this.#freeSlot(hashOf(path, 0, path.length))] = this.#rows;
  }

  #rehash(): void {
    this.#slots = new Uint32Array(this.#slots.length * 2);
    for (let n = 0; n < this.#rows; n++) {
      const { chunk, at } = this.#locate(n);
      const from = at + FIXED;
      this.#slots[this.#freeSlot(hashOf(chunk, from, from + chunk.readUInt32LE(at + PATH_LENGTH)))] = n + 1;
    }
  }

  #freeSlot(hash: number): number {
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    return slot;
  }

  #find(path: Buffer): number {
    const mask = this.#slots.length - 1;
    for (let slot = hashOf(path, 0, path.length) & mask; this.#slots[slot] !== 0; slot = (slot + 1) & mask) {
      const ordinal = this.#slots[slot]! - 1;
      if (this.#isPathOf(ordinal, path)) return ordinal;
    }
    return -1;
  }

  #isPathOf(ordinal: number, path: Buffer): boolean {
    const { chunk, at } = this.#locate(ordinal);
    if (chunk.readUInt32LE(at + PATH_LENGTH) !== path.length) return false;
    const from = at + FIXED;
    for (let n = path.length - 1; n >= 0; n--) if (chunk[from + n] !== path[n]) return false;
    return true;
  }
}

/** What comes out of a row has to be, character for character, what went in. */
function fits(entry: WalkEntry, path: Buffer, target: Buffer): boolean {
  const isNumber = (value: number) => Number.isInteger(value) && value >= 0 && value < NUMBER;
  return (
    KINDS.includes(entry.kind) &&
    isNumber(entry.mode) &&
    entry.mode < 65536 &&
    isNumber(entry.uid) &&
    isNumber(entry.gid) &&
    isNumber(entry.links) &&
    isTime(entry.mtime) &&
    isTime(entry.ctime) &&
    FIXED + path.length + target.length <= CHUNK
  );
}

/** `seconds.nanoseconds`, all nine digits, of a time from 1970 to 2106. */
function isTime(text: string): boolean {
  return /^(?:0|[1-9]\d{0,9})\.\d{9}$/.test(text) && Number(text.slice(0, -10)) < NUMBER;
}

function writeTime(chunk: Buffer, at: number, text: string): void {
  chunk.writeUInt32LE(Number(text.slice(0, -10)), at);
  chunk.writeUInt32LE(Number(text.slice(-9)), at + 4);
}

function readTime(chunk: Buffer, at: number): string {
  return `${chunk.readUInt32LE(at)}.${String(chunk.readUInt32LE(at + 4)).padStart(9, '0')}`;
}

function textOf(chunk: Buffer, from: number, to: number): string {
  if (from === to) return '';
  for (let at = from; at < to; at++) if (chunk[at]! >= 0x80) return decodeBytes(chunk.subarray(from, to));
  return chunk.toString('latin1', from, to);
}

function doubled(array: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(array.length * 2);
  larger.set(array);
  return larger;
}

/** FNV-1a, with its bits mixed: names differ at their ends. */
function hashOf(bytes: Buffer, from: number, to: number): number {
  let hash = 0x811c9dc5;
  for (let at = from; at < to; at++) hash = imul(hash ^ bytes[at]!, 0x01000193);
  hash ^= hash >>> 15;
  return imul(hash, 0x2c1b3c6d) >>> 0;
}
