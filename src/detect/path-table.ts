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

/*
 * A row, in words of 32 bits: number of its attributes, with PLAIN; size (low, high); mtime, ctime (seconds and nanoseconds each); bytes of
 * the path; bytes of the target. Then the bytes of both. Rows never leave the process, so the machine's own order of bytes does, and whole
 * words are read: it is a million of them that count.
 */
const WORD = 4;
const PATH_LENGTH = 7;
const TARGET_LENGTH = 8;
const FIXED_WORDS = 9;
const FIXED = FIXED_WORDS * WORD;
/** Path and target of the row are ASCII. */
const PLAIN = 1;
/** Above PLAIN. */
const ATTRIBUTES = 1;
/** Rows begin at words, so that 32 bits say where in 16 GiB. */
const CHUNK_BITS = 20;
const CHUNK_WORDS = 2 ** CHUNK_BITS;
const CHUNK = CHUNK_WORDS * WORD;
const MOST_CHUNKS = 2 ** 32 / CHUNK_WORDS;
const NUMBER = 2 ** 32;
const SLASH = 47;
/** Of so few paths of its own (those of the image are objects anyway) a service has little to gain from rows, which take longer. */
const FEW = 1_000;

const { imul } = Math; // looked up once, not for each byte

/** What thousands of paths have alike: there is one object of each that occurs. */
type Attributes = Readonly<Pick<WalkEntry, 'kind' | 'mode' | 'uid' | 'gid' | 'links'>>;

/** What a row holds, as numbers, and where its path stands in a buffer. Times are seconds since 1970 and nanoseconds. */
export interface RowFields extends Pick<WalkEntry, 'kind' | 'mode' | 'uid' | 'gid' | 'links' | 'size'> {
  mtime: number;
  mtimeNanoseconds: number;
  ctime: number;
  ctimeNanoseconds: number;
  pathStart: number;
  pathEnd: number;
  /** Set by the table: the path is ASCII. */
  isPlain: boolean;
}

/** Some megabytes of rows, as bytes and as words. */
interface Chunk {
  bytes: Buffer;
  words: Uint32Array;
}

/**
 * The paths of a walk in little memory: some forty bytes and the name each, where an object and its place in a Map take four hundred.
 * What fits no row (times without nanoseconds, odd numbers), and entries that others compare by identity, are kept as objects. Entries of rows
 * are made anew whenever they are asked for.
 */
export class PathTable implements Paths {
  readonly #objects = new Map<string, WalkEntry>();
  readonly #chunks: Chunk[] = [];
  /** Words of the last chunk. */
  #used = CHUNK_WORDS;
  #starts = new Uint32Array(1024);
  #rows = 0;
  /** Ordinal + 1 at the place that the name's hash says, or after it. */
  #slots = new Uint32Array(4096);
  readonly #few: number;
  /** Objects that nobody asked for. */
  #chosen = 0;
  /** Rows of which there is an object now: they are not looked at any more. */
  readonly #hidden = new Set<number>();
  readonly #attributes: Attributes[] = [];
  readonly #attributeNumbers = new Map<string, number>();
  #lastAttributes = 0;
  /** Bytes of the text that is looked at. */
  #scratch = Buffer.allocUnsafeSlow(8192);
  #scratchIsPlain = true;

  /** Folders that have objects in them. */
  readonly #objectFolders = new Set<string>();
  /** Of an earlier table's rows, which are the first ones of this one: where they begin, and 1 where this one has the path. */
  readonly #earlier: Uint32Array;
  readonly #seen: Uint8Array;
  #seenCount = 0;
  /** The row of the earlier table that is expected next: walks of the same tree come in the same order. */
  #next = 0;

  /**
   * @param few paths that are kept as objects, beside shared ones, before rows begin
   * @param earlier a table of the same system, to which nothing is added any more: a row that is still the same is not held twice
   */
  constructor(few = FEW, earlier?: PathTable) {
    this.#few = few;
    this.#rows = earlier?.rows ?? 0;
    this.#seen = new Uint8Array(this.#rows);
    this.#earlier = earlier ? earlier.#starts : new Uint32Array(0);
    if (!earlier || this.#rows === 0) return;
    this.#chunks.push(...earlier.#chunks);
    this.#starts = earlier.#starts.slice();
    this.#slots = earlier.#slots.slice();
    this.#attributes.push(...earlier.#attributes);
    for (const [key, number] of earlier.#attributeNumbers) this.#attributeNumbers.set(key, number);
  }

  /** Whether so many paths came that the next ones become rows. */
  get beginsRows(): boolean {
    return this.#chosen >= this.#few;
  }

  /** Paths that have no row. */
  get objectCount(): number {
    return this.#objects.size;
  }

  /** Whether the table has an object directly in a folder. */
  hasObjectsIn(folder: string): boolean {
    return this.#objectFolders.has(folder);
  }

  /** Whether a row is, to the last byte, one of the earlier table. */
  isAsEarlier(ordinal: number): boolean {
    return ordinal < this.#seen.length && this.#starts[ordinal] === this.#earlier[ordinal];
  }

  /** Adds a path of which the table has no object from the bytes of a buffer, if a row can hold it. It has no target. */
  addRow(buffer: Buffer, fields: RowFields): boolean {
    const { pathStart, pathEnd, size, mtime, ctime } = fields;
    const length = pathEnd - pathStart;
    if (size > Number.MAX_SAFE_INTEGER || mtime >= NUMBER || ctime >= NUMBER || FIXED + length > CHUNK) return false;
    const rowWords = FIXED_WORDS + Math.ceil(length / WORD);
    const at = this.#makeRowRoom(rowWords);
    const { bytes, words } = this.#chunks.at(-1)!;
    words[at + rowWords - 1] = 0;
    const to = at * WORD + FIXED;
    let all = 0;
    for (let n = 0; n < length; n++) {
      const byte = buffer[pathStart + n]!;
      all |= byte;
      bytes[to + n] = byte;
    }
    fields.isPlain = all < 0x80;
    writeFields(words, at, fields, this.#attributesOf(fields));
    words[at + PATH_LENGTH] = length;
    words[at + TARGET_LENGTH] = 0;
    this.#place(at, rowWords, length);
    return true;
  }

  /** Adds a path, or replaces what was said of it. @param shared keep the very object */
  add(entry: WalkEntry, shared = false): void {
    const isObject = shared || this.#objects.has(entry.path);
    if (isObject || this.#chosen < this.#few) {
      if (!isObject) this.#chosen++;
      this.#addObject(entry);
      return;
    }
    const pathLength = this.#encode(entry.path, 0);
    const pathIsPlain = this.#scratchIsPlain;
    const length = entry.target === '' ? pathLength : this.#encode(entry.target, pathLength);
    if (!fits(entry, length)) {
      this.#addObject(entry);
      return;
    }
    this.#write(entry, pathLength, length, pathIsPlain && this.#scratchIsPlain);
  }

  get size(): number {
    return this.#objects.size + this.#rows - this.#hidden.size - (this.#seen.length - this.#seenCount);
  }

  /** Ordinals of rows are below this; those of an earlier table's paths that are gone are none. */
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
    if (this.#rows === 0) return -1;
    const length = this.#encode(path, 0);
    const ordinal = this.#find(hashOf(this.#scratch, 0, length), this.#scratch, 0, length);
    return this.#has(ordinal) ? ordinal : -1;
  }

  /** False for rows of the earlier table of which this one has not heard. */
  #has(ordinal: number): boolean {
    return ordinal >= this.#seen.length || this.#seen[ordinal] === 1;
  }

  *keys(): Generator<string> {
    yield* this.#objects.keys();
    for (const n of this.ordinals()) yield this.pathAt(n);
  }

  *values(): Generator<WalkEntry> {
    yield* this.#objects.values();
    for (const n of this.ordinals()) yield this.entryAt(n);
  }

  /** Entries that have no row, or another than theirs. */
  objects(): Iterable<WalkEntry> {
    return this.#objects.values();
  }

  /** Numbers of the rows, in the order in which they were added. */
  *ordinals(): Generator<number> {
    for (let n = 0; n < this.#rows; n++) if (this.#has(n) && !this.#hidden.has(n)) yield n;
  }

  *[Symbol.iterator](): Generator<[string, WalkEntry]> {
    for (const entry of this.values()) yield [entry.path, entry];
  }

  /** Whether the path of a row is a regular file. */
  isFile(ordinal: number): boolean {
    const start = this.#starts[ordinal]!;
    return this.#attributes[this.#chunkOf(start).words[start % CHUNK_WORDS]! >>> ATTRIBUTES]!.kind === 'file';
  }

  /** The path of a row. */
  pathAt(ordinal: number): string {
    const start = this.#starts[ordinal]!;
    const { bytes, words } = this.#chunkOf(start);
    const at = start % CHUNK_WORDS;
    const from = at * WORD + FIXED;
    return textOf(bytes, from, from + words[at + PATH_LENGTH]!, (words[at]! & PLAIN) !== 0);
  }

  /** The entry of a row, made anew. */
  entryAt(ordinal: number): WalkEntry {
    const start = this.#starts[ordinal]!;
    const { bytes, words } = this.#chunkOf(start);
    const at = start % CHUNK_WORDS;
    const pathAt = at * WORD + FIXED;
    const pathEnd = pathAt + words[at + PATH_LENGTH]!;
    const isPlain = (words[at]! & PLAIN) !== 0;
    const { kind, mode, uid, gid, links } = this.#attributes[words[at]! >>> ATTRIBUTES]!;
    return {
      path: textOf(bytes, pathAt, pathEnd, isPlain),
      kind,
      mode,
      uid,
      gid,
      size: words[at + 1]! + words[at + 2]! * NUMBER,
      links,
      mtime: timeText(words[at + 3]!, words[at + 4]!),
      ctime: timeText(words[at + 5]!, words[at + 6]!),
      target: textOf(bytes, pathEnd, pathEnd + words[at + TARGET_LENGTH]!, isPlain),
    };
  }

  /** What the entry of a row has of these, without the rest. */
  sizeAndTimeAt(ordinal: number): Pick<WalkEntry, 'size' | 'mtime'> {
    const start = this.#starts[ordinal]!;
    const { words } = this.#chunkOf(start);
    const at = start % CHUNK_WORDS;
    return {
      size: words[at + 1]! + words[at + 2]! * NUMBER,
      mtime: timeText(words[at + 3]!, words[at + 4]!),
    };
  }

  /** Order of two rows by the bytes of their paths, as comparePaths of the index has it. */
  compareRows(a: number, b: number): number {
    const oneStart = this.#starts[a]!;
    const twoStart = this.#starts[b]!;
    const one = this.#chunkOf(oneStart);
    const two = this.#chunkOf(twoStart);
    const oneAt = oneStart % CHUNK_WORDS;
    const twoAt = twoStart % CHUNK_WORDS;
    const oneLength = one.words[oneAt + PATH_LENGTH]!;
    const twoLength = two.words[twoAt + PATH_LENGTH]!;
    const shorter = Math.min(oneLength, twoLength);
    let same = 0; // paths of one folder begin alike: four bytes at once
    while (
      same + WORD <= shorter &&
      one.words[oneAt + FIXED_WORDS + same / WORD] === two.words[twoAt + FIXED_WORDS + same / WORD]
    )
      same += WORD;
    const oneFrom = oneAt * WORD + FIXED;
    const twoFrom = twoAt * WORD + FIXED;
    for (let n = same; n < shorter; n++) {
      const difference = one.bytes[oneFrom + n]! - two.bytes[twoFrom + n]!;
      if (difference !== 0) return difference;
    }
    return oneLength - twoLength;
  }

  /** Whether the path of a row begins with these bytes. */
  beginsWith(ordinal: number, prefix: Buffer): boolean {
    const start = this.#starts[ordinal]!;
    const { bytes, words } = this.#chunkOf(start);
    const at = start % CHUNK_WORDS;
    if (words[at + PATH_LENGTH]! < prefix.length) return false;
    return isSame(bytes, at * WORD + FIXED, prefix, 0, prefix.length);
  }

  /** Whether the path of a row is that of something directly in a folder. */
  isDirectlyIn(ordinal: number, folder: Buffer): boolean {
    const start = this.#starts[ordinal]!;
    const { bytes, words } = this.#chunkOf(start);
    const at = start % CHUNK_WORDS;
    const from = at * WORD + FIXED;
    const slash = from + folder.length;
    let last = from + words[at + PATH_LENGTH]! - 1;
    while (last > slash && bytes[last] !== SLASH) last--;
    return last === slash && bytes[slash] === SLASH && isSame(bytes, from, folder, 0, folder.length);
  }

  /** The last byte of the path of a row. */
  lastByteAt(ordinal: number): number {
    const start = this.#starts[ordinal]!;
    const { bytes, words } = this.#chunkOf(start);
    const at = start % CHUNK_WORDS;
    return bytes[at * WORD + FIXED + words[at + PATH_LENGTH]! - 1]!;
  }

  #addObject(entry: WalkEntry): void {
    if (this.#rows > 0 && !this.#objects.has(entry.path)) {
      const ordinal = this.ordinalOf(entry.path);
      if (ordinal >= 0) this.#hidden.add(ordinal);
    }
    this.#objects.set(entry.path, entry);
    this.#objectFolders.add(entry.path.slice(0, entry.path.lastIndexOf('/')));
  }

  #chunkOf(start: number): Chunk {
    return this.#chunks[start >>> CHUNK_BITS]!;
  }

  /** Writes the bytes of a text into the scratch space from `at`, and gives their end. Nearly all text is ASCII. */
  #encode(text: string, at: number): number {
    this.#makeRoom(at, text.length);
    const scratch = this.#scratch;
    for (let n = 0; n < text.length; n++) {
      const unit = text.charCodeAt(n);
      if (unit >= 0x80) return this.#encodeOdd(text, at);
      scratch[at + n] = unit;
    }
    this.#scratchIsPlain = true;
    return at + text.length;
  }

  #encodeOdd(text: string, at: number): number {
    const bytes = encodeBytes(text);
    this.#makeRoom(at, bytes.length);
    bytes.copy(this.#scratch, at);
    this.#scratchIsPlain = false;
    return at + bytes.length;
  }

  #makeRoom(at: number, length: number): void {
    if (at + length <= this.#scratch.length) return;
    const larger = Buffer.allocUnsafeSlow(2 * (at + length));
    this.#scratch.copy(larger, 0, 0, at);
    this.#scratch = larger;
  }

  /** Adds a row with the path and target in the scratch space. */
  #write(entry: WalkEntry, pathLength: number, length: number, isPlain: boolean): void {
    const rowWords = FIXED_WORDS + Math.ceil(length / WORD);
    const at = this.#makeRowRoom(rowWords);
    const { bytes, words } = this.#chunks.at(-1)!;
    words[at + rowWords - 1] = 0; // rows are compared word by word
    words[at] = (this.#attributesOf(entry) << ATTRIBUTES) | (isPlain ? PLAIN : 0);
    words[at + 1] = entry.size % NUMBER;
    words[at + 2] = Math.floor(entry.size / NUMBER);
    writeTime(words, at + 3, entry.mtime);
    writeTime(words, at + 5, entry.ctime);
    words[at + PATH_LENGTH] = pathLength;
    words[at + TARGET_LENGTH] = length - pathLength;
    const to = at * WORD + FIXED;
    for (let n = 0; n < length; n++) bytes[to + n] = this.#scratch[n]!;
    this.#place(at, rowWords, pathLength);
  }

  /** Where in the last chunk so many words are free. */
  #makeRowRoom(rowWords: number): number {
    if (this.#used + rowWords > CHUNK_WORDS) this.#addChunk();
    return this.#used;
  }

  /** Makes the words that were written at the end of the last chunk the row of their path, unless the earlier table has that very row. */
  #place(at: number, rowWords: number, pathLength: number): void {
    if (this.#isEarlierRow(this.#next, at, rowWords)) {
      this.#see(this.#next);
      return;
    }
    const { bytes } = this.#chunks.at(-1)!;
    const from = at * WORD + FIXED;
    const hash = hashOf(bytes, from, from + pathLength);
    const known = this.#find(hash, bytes, from, pathLength);
    if (known >= 0 && known < this.#seen.length && this.#isEarlierRow(known, at, rowWords)) {
      this.#see(known);
      return;
    }
    const start = (this.#chunks.length - 1) * CHUNK_WORDS + at;
    this.#used = at + rowWords;
    if (known < 0) this.#addRow(start, hash);
    else {
      this.#starts[known] = start;
      if (known < this.#seen.length) this.#see(known, start);
    }
  }

  /** Whether the words at the end of the last chunk are those of a row of the earlier table. */
  #isEarlierRow(ordinal: number, at: number, rowWords: number): boolean {
    if (ordinal >= this.#seen.length) return false;
    const start = this.#earlier[ordinal]!;
    const { words } = this.#chunkOf(start);
    const own = this.#chunks.at(-1)!.words;
    const from = start % CHUNK_WORDS;
    if (from + rowWords > CHUNK_WORDS) return false;
    // From the end: names of a folder differ there. The lengths are among the words.
    for (let n = rowWords - 1; n >= 0; n--) if (words[from + n] !== own[at + n]) return false;
    return true;
  }

  /** This table has the path of a row of the earlier one. @param start where its row is, when it is another now */
  #see(ordinal: number, start = this.#earlier[ordinal]!): void {
    this.#starts[ordinal] = start;
    this.#seenCount += 1 - this.#seen[ordinal]!;
    this.#seen[ordinal] = 1;
    this.#next = ordinal + 1;
  }

  /** Number of the attributes of an entry. */
  #attributesOf({ kind, mode, uid, gid, links }: Attributes): number {
    const last = this.#attributes[this.#lastAttributes];
    if (
      last &&
      last.kind === kind &&
      last.mode === mode &&
      last.uid === uid &&
      last.gid === gid &&
      last.links === links
    )
      return this.#lastAttributes;
    const key = `${kind} ${mode} ${uid} ${gid} ${links}`;
    const known = this.#attributeNumbers.get(key) ?? this.#attributes.push({ kind, mode, uid, gid, links }) - 1;
    this.#attributeNumbers.set(key, known);
    this.#lastAttributes = known;
    return known;
  }

  #addChunk(): void {
    if (this.#chunks.length >= MOST_CHUNKS) throw new RangeError('More paths than a table holds');
    const bytes = Buffer.allocUnsafeSlow(CHUNK);
    this.#chunks.push({ bytes, words: new Uint32Array(bytes.buffer, 0, CHUNK_WORDS) });
    this.#used = 0;
  }

  #addRow(start: number, hash: number): void {
    if (this.#rows === this.#starts.length) this.#starts = doubled(this.#starts);
    this.#starts[this.#rows++] = start;
    if (this.#rows * 2 > this.#slots.length) this.#rehash();
    else this.#slots[this.#freeSlot(hash)] = this.#rows;
  }

  #rehash(): void {
    this.#slots = new Uint32Array(this.#slots.length * 2);
    for (let n = 0; n < this.#rows; n++) {
      const start = this.#starts[n]!;
      const { bytes, words } = this.#chunkOf(start);
      const at = start % CHUNK_WORDS;
      const from = at * WORD + FIXED;
      this.#slots[this.#freeSlot(hashOf(bytes, from, from + words[at + PATH_LENGTH]!))] = n + 1;
    }
  }

  #freeSlot(hash: number): number {
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    return slot;
  }

  /** The row of the path whose bytes these are, also one that only the earlier table has; -1 when there is none. */
  #find(hash: number, path: Buffer, from: number, length: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask; this.#slots[slot] !== 0; slot = (slot + 1) & mask) {
      const ordinal = this.#slots[slot]! - 1;
      const start = this.#starts[ordinal]!;
      const { bytes, words } = this.#chunkOf(start);
      const at = start % CHUNK_WORDS;
      if (words[at + PATH_LENGTH] === length && isSame(bytes, at * WORD + FIXED, path, from, length)) return ordinal;
    }
    return -1;
  }
}

/** Whether the bytes from `at` are those of `other` from `from`. From the end: names of a folder differ there. */
function isSame(bytes: Buffer, at: number, other: Buffer, from: number, length: number): boolean {
  for (let n = length - 1; n >= 0; n--) if (bytes[at + n] !== other[from + n]) return false;
  return true;
}

/** What comes out of a row has to be, character for character, what went in. @param length of path and target in bytes */
function fits(entry: WalkEntry, length: number): boolean {
  return (
    Number.isSafeInteger(entry.size) &&
    entry.size >= 0 &&
    isTime(entry.mtime) &&
    isTime(entry.ctime) &&
    FIXED + length <= CHUNK
  );
}

const DIGITS = 9;

/** `seconds.nanoseconds`, all nine digits, of a time from 1970 to 2106. */
function isTime(text: string): boolean {
  const point = text.length - DIGITS - 1;
  if (point < 1 || point > 10 || text[point] !== '.' || (text[0] === '0' && point > 1)) return false;
  for (let n = 0; n < text.length; n++) {
    const digit = text.charCodeAt(n) - ZERO;
    if (n !== point && (digit < 0 || digit > 9)) return false;
  }
  return digitsOf(text, 0, point) < NUMBER;
}

const ZERO = 48;

function digitsOf(text: string, from: number, to: number): number {
  let value = 0;
  for (let n = from; n < to; n++) value = value * 10 + text.charCodeAt(n) - ZERO;
  return value;
}

function writeFields(words: Uint32Array, at: number, fields: RowFields, attributes: number): void {
  words[at] = (attributes << ATTRIBUTES) | (fields.isPlain ? PLAIN : 0);
  words[at + 1] = fields.size % NUMBER;
  words[at + 2] = Math.floor(fields.size / NUMBER);
  words[at + 3] = fields.mtime;
  words[at + 4] = fields.mtimeNanoseconds;
  words[at + 5] = fields.ctime;
  words[at + 6] = fields.ctimeNanoseconds;
}

function writeTime(words: Uint32Array, at: number, text: string): void {
  const point = text.length - DIGITS - 1;
  words[at] = digitsOf(text, 0, point);
  words[at + 1] = digitsOf(text, point + 1, text.length);
}

function timeText(seconds: number, nanoseconds: number): string {
  return `${seconds}.${String(1e9 + nanoseconds).slice(1)}`;
}

function textOf(bytes: Buffer, from: number, to: number, isPlain: boolean): string {
  if (from === to) return '';
  return isPlain ? bytes.toString('latin1', from, to) : decodeBytes(bytes.subarray(from, to));
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
