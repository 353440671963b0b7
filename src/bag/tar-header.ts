import { PerennialError } from '../errors.ts';
import { decodeBytes } from '../system/byte-text.ts';
import type { PathKind } from './index-entry.ts';

export const BLOCK = 512;

/** One member of a tar archive, as its headers tell it. */
export interface TarHeader {
  /** As written, without a leading `./` or a trailing `/`; '' for the root. Odd bytes as in system/byte-text.ts. */
  path: string;
  kind: PathKind | 'hardlink';
  /** Target of a symlink as written; of a hard link: the other member's path, cut like `path`. Else ''. */
  linkTarget: string;
  /** Permission bits, 0 to 0o7777. */
  mode: number;
  uid: number;
  gid: number;
  /** Empty when the archive has no name. */
  user: string;
  group: string;
  /** Bytes of content as a reader sees it; 0 for anything but files. */
  size: number;
  /** Bytes in the archive: less than `size` for a sparse file. */
  storedSize: number;
  /** Seconds since 1970 as text, with the fraction as written, e.g. `1700000000.000000001`, `-5.5`. */
  mtime: string;
  /** Extended attributes: name -> base64. */
  xattrs: Record<string, string>;
  /** Access ACL in the text form of acl(5), as GNU tar writes it. */
  aclAccess?: string;
  aclDefault?: string;
  /** The data areas of a sparse file, in order; everything else is zeros. */
  sparse?: { offset: number; length: number }[];
  devMajor: number;
  devMinor: number;
}

/** An empty file of root's without a name, to make others of. */
export const EMPTY_FILE: TarHeader = {
  path: '',
  kind: 'file',
  linkTarget: '',
  mode: 0o644,
  uid: 0,
  gid: 0,
  user: '',
  group: '',
  size: 0,
  storedSize: 0,
  mtime: '0',
  xattrs: {},
  devMajor: 0,
  devMinor: 0,
};

const KINDS: Record<string, TarHeader['kind']> = {
  '\0': 'file',
  '0': 'file',
  '7': 'file',
  '1': 'hardlink',
  '2': 'symlink',
  '3': 'char',
  '4': 'block',
  '5': 'directory',
  '6': 'fifo',
};

/** The type flag of a header block (POSIX.1-2017 pax, "ustar Interchange Format"), as a character. */
export function typeFlag(block: Buffer): string {
  return String.fromCharCode(block[156]!);
}

/** The `size` field: bytes of data that follow the block. Throws `bag-invalid`. */
export function dataSize(block: Buffer): number {
  return parseNumber(block, 124, 12, 'size', 0);
}

/**
 * One ustar, GNU or v7 header block. Extended headers that come before it are not looked at here.
 * Throws `bag-invalid` when the checksum is wrong or the type is none that a file system has.
 */
export function parseHeaderBlock(block: Buffer): TarHeader {
  const rawPath = field(block, 0, 100);
  const prefix = block.toString('latin1', 257, 263) === 'ustar\0' ? field(block, 345, 155) : '';
  const path = prefix ? `${prefix}/${rawPath}` : rawPath;
  const kind = KINDS[typeFlag(block)];
  if (!kind) throw invalid(`member type ${JSON.stringify(typeFlag(block))} of ${JSON.stringify(path)} is not known`);
  // v7 archives mark a directory by its trailing slash only.
  const actual = kind === 'file' && path.endsWith('/') ? 'directory' : kind;
  // A hard link's size field may repeat the file's size; no data follows (GNU tar reads it so).
  const stored = actual === 'hardlink' ? 0 : dataSize(block);
  return {
    path: trimPath(path),
    kind: actual,
    linkTarget: actual === 'hardlink' ? trimPath(field(block, 157, 100)) : field(block, 157, 100),
    mode: parseNumber(block, 100, 8, 'mode', 0) & 0o7777,
    uid: parseNumber(block, 108, 8, 'uid', 0),
    gid: parseNumber(block, 116, 8, 'gid', 0),
    user: field(block, 265, 32),
    group: field(block, 297, 32),
    size: actual === 'file' ? stored : 0,
    storedSize: stored,
    mtime: String(parseNumber(block, 136, 12, 'mtime', Number.MIN_SAFE_INTEGER)),
    xattrs: {},
    devMajor: parseNumber(block, 329, 8, 'devmajor', 0),
    devMinor: parseNumber(block, 337, 8, 'devminor', 0),
  };
}

/** Throws `bag-invalid` when the block's checksum does not hold. Old tars summed signed bytes: both are taken. */
export function checkHeaderBlock(block: Buffer): void {
  const stated = parseNumber(block, 148, 8, 'checksum', 0);
  const sum = checksum(block);
  if (stated === sum) return;
  let signed = sum;
  for (let at = 0; at < BLOCK; at++) if ((at < 148 || at > 155) && block[at]! > 127) signed -= 256;
  if (stated !== signed) throw invalid('a header checksum is wrong');
}

/** Sum of all bytes with the checksum field taken as spaces. */
export function checksum(block: Buffer): number {
  let sum = 8 * 32;
  for (let at = 0; at < 148; at++) sum += block[at]!;
  for (let at = 156; at < BLOCK; at++) sum += block[at]!;
  return sum;
}

/** A member name without leading `./` and trailing `/`. */
export function trimPath(path: string): string {
  let from = 0;
  while (path.startsWith('./', from)) from += 2;
  let to = path.length;
  while (to > from + 1 && path[to - 1] === '/') to--;
  const trimmed = from === 0 && to === path.length ? path : path.slice(from, to);
  return trimmed === '.' ? '' : trimmed;
}

/** The error for an archive that breaks the format. */
export function invalid(what: string): PerennialError {
  return new PerennialError('bag-invalid', `not a sound tar archive: ${what}`, {
    hint: 'The archive is damaged or was not written by GNU tar: fetch it again from where it is kept.',
  });
}

function field(block: Buffer, at: number, length: number): string {
  const end = block.indexOf(0, at);
  return decodeBytes(block.subarray(at, end === -1 || end > at + length ? at + length : end));
}

/** Octal text, or GNU base-256 when the first bit is set (two's complement when the second one is, too). */
function parseNumber(block: Buffer, at: number, length: number, name: string, minimum: number): number {
  const first = block[at]!;
  const value = first & 0x80 ? parseBase256(block, at, length) : parseOctal(block, at, length);
  if (!Number.isSafeInteger(value) || value < minimum) throw invalid(`the ${name} field is not a number`);
  return value;
}

function parseOctal(block: Buffer, at: number, length: number): number {
  let value = 0;
  let digits = 0;
  for (let i = at; i < at + length; i++) {
    const byte = block[i]!;
    if (byte >= 48 && byte <= 55) {
      value = value * 8 + byte - 48;
      digits++;
    } else if (byte === 0 || byte === 32) {
      if (digits) break; // the first blank after the digits ends the field
    } else return Number.NaN;
  }
  return value;
}

function parseBase256(block: Buffer, at: number, length: number): number {
  let value = BigInt(block[at]! & 0x7f);
  for (let i = at + 1; i < at + length; i++) value = (value << 8n) | BigInt(block[i]!);
  return Number(BigInt.asIntN(length * 8 - 1, value));
}
