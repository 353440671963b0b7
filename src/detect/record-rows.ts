import { decodeBytes } from '../system/byte-text.ts';
import type { PathTable, RowFields } from './path-table.ts';

const SPACE = 32;
const POINT = 46;
const SLASH = 47;
const ZERO = 48;
const LETTER_FILE = 102;
const LETTER_DIRECTORY = 100;
const NANOSECOND_DIGITS = 9;

/** What decides whether a record may become a row without a look at anything else. */
export interface RecordRowsOptions {
  table: PathTable;
  /** Bytes of the root that stand before each path. */
  rootLength: number;
  /** Paths of which something is known by name: what lies beside them is compared with it. */
  known: () => Iterable<string>;
  /** Whether a file has to be handed out as an entry, by its path. */
  isWanted: (path: string) => boolean;
  /** The last characters of the paths for which isWanted is asked. */
  wantedEnds: string;
}

/**
 * Takes find's records of files and folders of which nobody but the walk knows anything from their bytes into rows of a table: of a million
 * files neither entry nor text is made. What it does not take is parsed as ever (`parseRecords`).
 */
export class RecordRows {
  readonly #options: RecordRowsOptions;
  readonly #ends: ReadonlySet<number>;
  #knownFolders: ReadonlySet<string> | undefined;
  /** Bytes of the folder that was entered last. */
  #folder: Buffer = Buffer.alloc(0);
  /** Whether rows may be made in it, as long as the table has so many objects. */
  #isOpen = false;
  #objects = -1;
  readonly #fields: RowFields = {
    ...{ kind: 'file', mode: 0, uid: 0, gid: 0, links: 0, size: 0, isPlain: true },
    ...{ mtime: 0, mtimeNanoseconds: 0, ctime: 0, ctimeNanoseconds: 0, pathStart: 0, pathEnd: 0 },
  };
  #at = 0;

  constructor(options: RecordRowsOptions) {
    this.#options = options;
    this.#ends = new Set(Buffer.from(options.wantedEnds));
  }

  /**
   * Takes a whole record, if it is such a one.
   * @param start where its head begins. @param headEnd where its head's NUL is. @param end where the NUL of its rest is
   */
  take(buffer: Buffer, start: number, headEnd: number, end: number): boolean {
    const { table, rootLength } = this.#options;
    if (!table.beginsRows || !this.#isPlace(buffer, start, headEnd, rootLength)) return false;
    return this.#readRest(buffer, headEnd + 1, end) && table.addRow(buffer, this.#fields);
  }

  /** Reads the head. False where something may be known of the path. */
  #isPlace(buffer: Buffer, start: number, headEnd: number, rootLength: number): boolean {
    const fields = this.#fields;
    this.#at = start;
    const seconds = this.#number(buffer, POINT);
    const nanoseconds = this.#nanoseconds(buffer);
    if (seconds < 0 || nanoseconds < 0 || buffer[this.#at++] !== SPACE) return false;
    fields.ctime = seconds;
    fields.ctimeNanoseconds = nanoseconds;
    const from = this.#at + rootLength;
    if (headEnd - from < 2 || buffer[headEnd - 1] === SLASH) return false; // where a walk begins
    fields.pathStart = from;
    fields.pathEnd = headEnd;
    const last = buffer.lastIndexOf(SLASH, headEnd - 1);
    if (last < from || !this.#isOpenFolder(buffer, from, last)) return false;
    if (!this.#ends.has(buffer[headEnd - 1]!)) return true;
    return !this.#options.isWanted(decodeBytes(buffer.subarray(from, headEnd)));
  }

  #isOpenFolder(buffer: Buffer, from: number, to: number): boolean {
    const { table, known } = this.#options;
    const { objectCount } = table;
    if (this.#objects === objectCount && this.#isFolder(buffer, from, to)) return this.#isOpen;
    this.#knownFolders ??= new Set([...known()].map(folderOf));
    this.#folder = Buffer.from(buffer.subarray(from, to));
    const folder = decodeBytes(this.#folder);
    this.#objects = objectCount;
    this.#isOpen = !this.#knownFolders.has(folder) && !table.hasObjectsIn(folder);
    return this.#isOpen;
  }

  #isFolder(buffer: Buffer, from: number, to: number): boolean {
    const folder = this.#folder;
    if (to - from !== folder.length) return false;
    for (let n = folder.length - 1; n >= 0; n--) if (buffer[from + n] !== folder[n]) return false;
    return true;
  }

  /** Reads what stands after the head (see RECORD in walk.ts). False when it is not of a file or folder, or odd. */
  #readRest(buffer: Buffer, start: number, end: number): boolean {
    const fields = this.#fields;
    const letter = buffer[start]!;
    if (letter !== LETTER_FILE && letter !== LETTER_DIRECTORY) return false;
    this.#at = start + 1;
    fields.kind = letter === LETTER_FILE ? 'file' : 'directory';
    fields.mode = this.#number(buffer, SPACE, 8);
    fields.uid = this.#number(buffer, SPACE);
    fields.gid = this.#number(buffer, SPACE);
    const size = this.#number(buffer, SPACE);
    fields.size = letter === LETTER_FILE ? size : 0;
    fields.links = this.#number(buffer, SPACE);
    fields.mtime = this.#number(buffer, POINT);
    fields.mtimeNanoseconds = this.#nanoseconds(buffer);
    const { mode, uid, gid, links, mtime, mtimeNanoseconds } = fields;
    return this.#at === end && Math.min(mode, uid, gid, size, links, mtime, mtimeNanoseconds) >= 0;
  }

  /** Digits, and what ends them; -1 where they are none, or end otherwise. */
  #number(buffer: Buffer, after: number, radix = 10): number {
    const from = this.#at;
    let at = from;
    let value = 0;
    let digit = buffer[at]! - ZERO;
    for (; digit >= 0 && digit < radix; digit = buffer[++at]! - ZERO) value = value * radix + digit;
    this.#at = at + 1;
    return at === from || buffer[at] !== after ? -1 : value;
  }

  /** Nine digits, which may have a zero after them: find prints ten, of which nine can be known. -1 where they are none. */
  #nanoseconds(buffer: Buffer): number {
    let value = 0;
    let at = this.#at;
    for (const end = at + NANOSECOND_DIGITS; at < end; at++) {
      const digit = buffer[at]! - ZERO;
      if (!(digit >= 0 && digit <= 9)) return -1;
      value = value * 10 + digit;
    }
    this.#at = buffer[at] === ZERO ? at + 1 : at;
    return value;
  }
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}
