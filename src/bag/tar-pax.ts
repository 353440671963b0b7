import { decodeBytes, encodeBytes } from '../system/byte-text.ts';
import { invalid, type TarHeader, trimPath } from './tar-header.ts';

/** One `length key=value` record of a pax extended header. Keys as byte text, values as bytes. */
export interface PaxRecord {
  key: string;
  value: Buffer;
}

const XATTR = 'SCHILY.xattr.';
/** Bytes. Holes cost nothing to state and long to read: ext4 has no larger files. */
const LARGEST_SPARSE = 2 ** 44;
/** Two a hole: a million holes. Each is an object in memory. */
const MOST_RECORDS = 2_100_000;

/** The records of an extended header's data (POSIX.1-2017 pax, "pax Header Block"). Throws `bag-invalid`. */
export function parsePaxRecords(data: Buffer, most: number = MOST_RECORDS): PaxRecord[] {
  const records: PaxRecord[] = [];
  for (let at = 0; at < data.length && data[at] !== 0; ) {
    const space = data.indexOf(32, at);
    const digits = space === -1 ? '' : data.toString('latin1', at, space);
    const end = /^\d{1,10}$/.test(digits) ? at + Number(digits) : 0;
    const equals = data.indexOf(61, space);
    if (end > data.length || equals === -1 || equals >= end || data[end - 1] !== 10) {
      throw invalid('a pax record is malformed');
    }
    if (records.length === most) throw invalid('an extended header has too many records');
    records.push({ key: decodeBytes(data.subarray(space + 1, equals)), value: data.subarray(equals + 1, end - 1) });
    at = end;
  }
  return records;
}

/** The inverse of parsePaxRecords, without padding. */
export function encodePaxRecords(records: PaxRecord[]): Buffer {
  return Buffer.concat(
    records.map(({ key, value }) => {
      const name = encodeBytes(key);
      const bare = name.length + value.length + 3; // blank, equals sign, newline
      let length = bare + String(bare).length;
      length = bare + String(length).length; // the length counts its own digits
      return Buffer.concat([Buffer.from(`${length} `), name, Buffer.from('='), value, Buffer.from('\n')]);
    }),
  );
}

/**
 * The header with the records' values in place of its own, and the records that TarHeader has no field for.
 * Throws `bag-invalid` for values of the wrong shape and for sparse formats other than 0.0 and 0.1.
 */
export function applyPaxRecords(header: TarHeader, records: PaxRecord[]): { header: TarHeader; other: PaxRecord[] } {
  const result: TarHeader = { ...header, xattrs: {} };
  const other: PaxRecord[] = [];
  const sparse = new SparseMap();
  for (const record of records) {
    if (record.key.startsWith(XATTR)) setXattr(result.xattrs, record);
    else if (!sparse.takes(record) && !setField(result, record)) other.push(record);
  }
  if (result.kind === 'hardlink') result.storedSize = 0;
  result.size = result.kind === 'file' ? result.storedSize : 0;
  if (result.kind === 'hardlink') result.linkTarget = trimPath(result.linkTarget);
  sparse.applyTo(result);
  return { header: result, other };
}

/** GNU tar writes `=` and `%` of attribute names as %3D and %25. */
function setXattr(xattrs: Record<string, string>, { key, value }: PaxRecord): void {
  const name = key.slice(XATTR.length).replace(/%3D|%25/g, code => (code === '%3D' ? '=' : '%'));
  Object.defineProperty(xattrs, name, {
    value: value.toString('base64'),
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

const FIELDS: Record<string, (header: TarHeader, value: Buffer) => void> = {
  path: (header, value) => {
    header.path = trimPath(text(value));
  },
  linkpath: (header, value) => {
    header.linkTarget = text(value);
  },
  size: (header, value) => {
    header.storedSize = count(value, 'size');
  },
  uid: (header, value) => {
    header.uid = count(value, 'uid');
  },
  gid: (header, value) => {
    header.gid = count(value, 'gid');
  },
  uname: (header, value) => {
    header.user = text(value);
  },
  gname: (header, value) => {
    header.group = text(value);
  },
  mtime: (header, value) => {
    const mtime = value.toString('latin1');
    if (!/^-?\d{1,20}(\.\d*)?$/.test(mtime)) throw invalid('the mtime record is not a time');
    header.mtime = mtime;
  },
  'SCHILY.acl.access': (header, value) => {
    header.aclAccess = text(value);
  },
  'SCHILY.acl.default': (header, value) => {
    header.aclDefault = text(value);
  },
};

/** An empty value takes the record back (POSIX): the header block's own field holds. */
function setField(header: TarHeader, { key, value }: PaxRecord): boolean {
  if (!Object.hasOwn(FIELDS, key)) return false;
  if (value.length > 0) FIELDS[key]!(header, value);
  return true;
}

/** The sparse records, which come in pairs and belong together (GNU tar manual, "Storing Sparse Files"). */
class SparseMap {
  #size: number | undefined;
  #name: string | undefined;
  #areas: { offset: number; length: number }[] = [];
  #offset: number | undefined;

  takes({ key, value }: PaxRecord): boolean {
    if (!key.startsWith('GNU.sparse.')) return false;
    const part = key.slice('GNU.sparse.'.length);
    if (part === 'size') this.#size = count(value, key);
    else if (part === 'name') this.#name = trimPath(text(value));
    else if (part === 'offset') this.#offset = count(value, key);
    else if (part === 'numbytes') this.#add(count(value, key));
    else if (part === 'map') this.#addAll(value.toString('latin1').split(','));
    else if (part !== 'numblocks') {
      throw invalid(`${key} belongs to a sparse format that is not read; write with --sparse-version=0.0`);
    }
    return true;
  }

  applyTo(header: TarHeader): void {
    if (this.#name !== undefined) header.path = this.#name;
    if (this.#size === undefined) return;
    if (this.#size > LARGEST_SPARSE) throw invalid('a sparse file of more than 16 TiB');
    let at = 0;
    let stored = 0;
    for (const { offset, length } of this.#areas) {
      if (offset < at || offset + length > this.#size) throw invalid('the areas of a sparse file overlap');
      at = offset + length;
      stored += length;
    }
    if (stored !== header.storedSize) throw invalid('the areas of a sparse file do not add up to its data');
    header.size = this.#size;
    header.sparse = this.#areas;
  }

  #add(length: number): void {
    if (this.#offset === undefined) throw invalid('a sparse area has no offset');
    this.#areas.push({ offset: this.#offset, length });
    this.#offset = undefined;
  }

  #addAll(numbers: string[]): void {
    for (let i = 0; i + 1 < numbers.length; i += 2) {
      this.#offset = count(Buffer.from(numbers[i]!), 'GNU.sparse.map');
      this.#add(count(Buffer.from(numbers[i + 1]!), 'GNU.sparse.map'));
    }
  }
}

function text(value: Buffer): string {
  if (value.includes(0)) throw invalid('a name holds a NUL byte');
  return decodeBytes(value);
}

function count(value: Buffer, key: string): number {
  const number = /^\d{1,16}$/.test(value.toString('latin1')) ? Number(value.toString('latin1')) : Number.NaN;
  if (!Number.isSafeInteger(number)) throw invalid(`the ${key} record is not a number`);
  return number;
}
