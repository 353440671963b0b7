import { isUtf8 } from 'node:buffer';
import type { PathKind } from '../bag/index-entry.ts';
import { endedEarly, useStream } from '../engine/use-stream.ts';
import { decodeBytes, encodeBytes } from '../system/byte-text.ts';
import type { Target } from '../system/target.ts';
import type { KnownRecords } from './known-records.ts';

/** One path as find(1) sees it. Times are text so that no nanosecond is lost. */
export interface WalkEntry {
  path: string;
  kind: PathKind;
  mode: number;
  uid: number;
  gid: number;
  size: number;
  links: number;
  mtime: string;
  ctime: string;
  target: string;
}

/*
 * GNU find directives, in the order that parseRecord reads them. Head and rest end in NUL. Nothing in it differs between a
 * container and a throw-away container of its image (a device number would), so that records can be compared. Formatting is most of
 * what find costs, so nothing is printed that nobody needs: no link target of what is no link, and no rest where the head says all.
 */
const HEAD = '%C@ %p\\0';
const RECORD = `${HEAD}%y%m %U %G %s %n %T@\\0`;
const LINK = `${HEAD}%y%m %U %G %s %n %T@ %l\\0`;
const SHORT = `${HEAD}\\0`;

/** find's letter of a kind, as its byte. */
const KINDS: (PathKind | undefined)[] = [];
for (const [letter, kind] of Object.entries({
  f: 'file',
  d: 'directory',
  l: 'symlink',
  p: 'fifo',
  s: 'socket',
  c: 'char',
  b: 'block',
} as const))
  KINDS[letter.charCodeAt(0)] = kind;

/** The same record of a file of root's with one name. Each number that find formats costs it a tenth of its time, text nothing. */
const OF_ROOT = ['-type', 'f', '-uid', '0', '-gid', '0', '-links', '1', '-printf', `${HEAD}f%m 0 0 %s 1 %T@\\0`];

/** find's expression that prints a whole record of each path. */
export const FULL_RECORDS = ['-type', 'l', '-printf', LINK, '-o', ...OF_ROOT, '-o', '-printf', RECORD];

/**
 * The same, but of a path whose inode has not changed since then only the head: path and time of that change.
 * @param since seconds since 1970, as text (find(1), `-newerXY`, GNU findutils 4.3.3 or newer)
 */
export function recordsSince(since: string): string[] {
  return ['!', '-newerct', `@${since}`, '-printf', SHORT, '-o', ...FULL_RECORDS];
}

/** The find command of a walk: the root and every further mount that is kept; no other file system is entered. */
export function walkArguments(root: string, mounts: string[]): string[] {
  return ['find', ...placesOf(root, mounts), '-xdev', ...FULL_RECORDS];
}

/** The find command that prints only what of the same paths is another inode, or has another one's status, since then. */
export function changesArguments(root: string, mounts: string[], since: string): string[] {
  return ['find', ...placesOf(root, mounts), '-xdev', '!', '-newerct', `@${since}`, '-o', ...FULL_RECORDS];
}

function placesOf(root: string, mounts: string[]): string[] {
  return [`${root}/`, ...mounts.map(mount => root + mount)];
}

/** Prints whole records of the paths that it is given. */
const DESCRIBE = `exec find "$@" -maxdepth 0 ${FULL_RECORDS.map(word => `'${word}'`).join(' ')}`;

/**
 * Hands out the paths of a list as they are now; those that are gone are left out.
 * @throws PerennialError `image-unsuitable`, `engine-failed`
 */
export async function describePaths(
  target: Target,
  paths: readonly string[],
  onEntry: (entry: WalkEntry) => void,
): Promise<void> {
  if (paths.length === 0) return;
  const input = Buffer.concat(paths.flatMap(path => [encodeBytes(target.root + path), Buffer.from([0])]));
  const argv = ['xargs', '-0', 'sh', '-c', DESCRIBE, 'sh'];
  const said = await target.exec(argv, { input, allowFailure: true, env: { LC_ALL: 'C' } });
  const end = parseRecords(said.stdout, target.root.length, onEntry);
  // 123: find ended with 1, since a path was gone.
  if (end < said.stdout.length || ![0, 123].includes(said.code))
    throw endedEarly('Looking at files again', said.code, said.stderr);
}

/**
 * Walks a target once and hands out every path, volumes included, engine file systems (proc, sys, dev) not.
 * A path that comes twice (a mount point) comes twice here too.
 * @returns paths that find could not read, as it named them
 * @throws PerennialError `image-unsuitable` when the target has no GNU find, `engine-failed` when the walk was cut off
 */
export async function walk(target: Target, mounts: string[], onEntry: (entry: WalkEntry) => void): Promise<string[]> {
  const { count, rest, code, stderr } = await recordsOf(target, walkArguments(target.root, mounts), onEntry);
  // find itself ends with 1 when it could not read a path; everything else is a walk that is not whole.
  if (count === 0 || rest > 0 || code > 1) throw endedEarly('Listing the files', code, stderr);
  return code === 0 ? [] : unreadablePaths(stderr, target.root);
}

/**
 * Walks a target again and hands out the paths whose inodes have changed since then, of which there may be none.
 * @param since seconds since 1970, as text, by the target's clock
 * @throws PerennialError as `walk`
 */
export async function walkSince(
  target: Target,
  mounts: string[],
  since: string,
  onEntry: (entry: WalkEntry) => void,
): Promise<void> {
  const { rest, code, stderr } = await recordsOf(target, changesArguments(target.root, mounts, since), onEntry);
  if (rest > 0 || code > 1) throw endedEarly('Looking at files again', code, stderr);
}

/** Hands out what a find command prints. `rest` is how many bytes at the end are no whole record. */
async function recordsOf(target: Target, argv: string[], onEntry: (entry: WalkEntry) => void) {
  const stream = target.execStream(argv, { allowFailure: true, env: { LC_ALL: 'C' } });
  let count = 0;
  const { result, code, stderr } = await useStream(stream, async ({ stdout }) => {
    let rest: Buffer = Buffer.alloc(0);
    for await (const chunk of stdout as AsyncIterable<Buffer>) {
      const buffer = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      const end = parseRecords(buffer, target.root.length, entry => {
        count++;
        onEntry(entry);
      });
      rest = buffer.subarray(end);
    }
    return rest.length;
  });
  return { count, rest: result, code, stderr };
}

/**
 * Parses whole records and returns where the first incomplete one begins, or what is none (a NUL). An entry that is `known`
 * is handed out as the same object. Fields are read from the bytes: a record costs
 * four short strings, which no longer text keeps alive.
 * @param onUnknown gets the path of a head without a rest that is not known
 * @param takeBytes is given each whole record that is not the next known one; what it takes is not parsed
 */
export function parseRecords(
  buffer: Buffer,
  rootLength: number,
  onEntry: (entry: WalkEntry, start: number, headEnd: number) => void,
  known?: KnownRecords,
  onUnknown: (path: string) => void = () => {},
  takeBytes: (buffer: Buffer, start: number, headEnd: number, end: number) => boolean = () => false,
): number {
  const decode = isUtf8(buffer) // then no record has to be looked at byte by byte
    ? (from: number, to: number) => buffer.toString('utf8', from, to)
    : (from: number, to: number) => decodeBytes(buffer.subarray(from, to));
  const cursor: Cursor = { buffer, at: 0 };
  const takeKnown = (entry: WalkEntry) => onEntry(entry, 0, 0);
  while (true) {
    const start = known ? known.takeRun(buffer, cursor.at, takeKnown) : cursor.at;
    cursor.at = start;
    const headEnd = buffer.indexOf(0, start);
    const end = headEnd < 0 ? -1 : buffer.indexOf(0, headEnd + 1);
    if (end < 0 || headEnd === start) return start;
    if (end > headEnd + 1 && takeBytes(buffer, start, headEnd, end)) {
      cursor.at = end + 1;
      continue;
    }
    const head = parseHead(cursor, rootLength, headEnd, decode);
    cursor.at = headEnd + 1;
    const entry = end > cursor.at ? parseRest(cursor, head, end, decode) : known?.recogniseHead(head.path, head.ctime);
    if (!entry) onUnknown(head.path);
    else onEntry(known ? known.recognise(entry) : entry, start, headEnd + 1);
    cursor.at = end + 1;
  }
}

interface Cursor {
  buffer: Buffer;
  at: number;
}

const SPACE = 32;
const ZERO = 48;
const NINE = 57;
const POINT = 46;
const SLASH = 47;

type Decode = (from: number, to: number) => string;

function parseHead(cursor: Cursor, rootLength: number, end: number, decode: Decode): { path: string; ctime: string } {
  const ctime = readTime(cursor, end);
  const from = cursor.at + rootLength;
  const to = end - from > 1 && cursor.buffer[end - 1] === SLASH ? end - 1 : end;
  return { ctime, path: decode(from, to) };
}

function parseRest(
  cursor: Cursor,
  { path, ctime }: { path: string; ctime: string },
  end: number,
  decode: Decode,
): WalkEntry {
  const kind = KINDS[cursor.buffer[cursor.at++]!] ?? 'file';
  const mode = readNumber(cursor, 8);
  const uid = readNumber(cursor, 10);
  const gid = readNumber(cursor, 10);
  const size = readNumber(cursor, 10);
  const links = readNumber(cursor, 10);
  const mtime = readTime(cursor, end);
  const target = kind === 'symlink' ? decode(cursor.at, end) : '';
  return { path, kind, mode, uid, gid, size: kind === 'file' ? size : 0, links, mtime, ctime, target };
}

/** Digits up to the next space. */
function readNumber(cursor: Cursor, radix: number): number {
  let value = 0;
  for (let byte = cursor.buffer[cursor.at++]!; byte >= ZERO && byte <= NINE; byte = cursor.buffer[cursor.at++]!)
    value = value * radix + (byte - ZERO);
  return value;
}

/** A time up to the next space, or `limit`. find prints ten digits after the point, of which nine can be known. */
function readTime(cursor: Cursor, limit: number): string {
  const { buffer, at } = cursor;
  let end = at;
  while (end < limit && buffer[end] !== SPACE) end++;
  cursor.at = Math.min(end + 1, limit);
  const tenth = buffer[end - 11] === POINT && buffer[end - 1] === ZERO;
  return buffer.toString('latin1', at, tenth ? end - 1 : end);
}

/** The paths that find names in its messages, as they are below `root`. */
export function unreadablePaths(stderr: string, root = ''): string[] {
  return stderr
    .split('\n')
    .map(line => /^find: [‘'](.*)[’']: (?!No such file)/.exec(line)?.[1])
    .filter(path => path?.startsWith(root))
    .map(path => path!.slice(root.length));
}
