import { isUtf8 } from 'node:buffer';
import type { PathKind } from '../bag/index-entry.ts';
import { endedEarly, useStream } from '../engine/use-stream.ts';
import { decodeBytes } from '../system/byte-text.ts';
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

/**
 * GNU find directives, in the order that parseRecord reads them. Path and link target end in NUL. Nothing in it differs
 * between a container and a throw-away container of its image (a device number would), so that records can be compared.
 */
const RECORD = '%y%m %U %G %s %n %T@ %C@ %p\\0%l\\0';

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

/** The find command of a walk: the root and every further mount that is kept; no other file system is entered. */
export function walkArguments(root: string, mounts: string[]): string[] {
  return ['find', `${root}/`, ...mounts.map(mount => root + mount), '-xdev', '-printf', RECORD];
}

/**
 * Walks a target once and hands out every path, volumes included, engine file systems (proc, sys, dev) not.
 * A path that comes twice (a mount point) comes twice here too.
 * @returns paths that find could not read, as it named them
 * @throws PerennialError `image-unsuitable` when the target has no GNU find, `engine-failed` when the walk was cut off
 */
export async function walk(target: Target, mounts: string[], onEntry: (entry: WalkEntry) => void): Promise<string[]> {
  const stream = target.execStream(walkArguments(target.root, mounts), { allowFailure: true, env: { LC_ALL: 'C' } });
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
    return rest;
  });
  // find itself ends with 1 when it could not read a path; everything else is a walk that is not whole.
  if (count === 0 || result.length > 0 || code > 1) throw endedEarly('Listing the files', code, stderr);
  return code === 0 ? [] : unreadablePaths(stderr);
}

/**
 * Parses whole records and returns where the first incomplete one begins, or what is none (a NUL). An entry that is `known`
 * is handed out as the same object. Fields are read from the bytes: a record costs
 * four short strings, which no longer text keeps alive.
 */
export function parseRecords(
  buffer: Buffer,
  rootLength: number,
  onEntry: (entry: WalkEntry, end: number) => void,
  known?: KnownRecords,
): number {
  const decode = isUtf8(buffer) // then no record has to be looked at byte by byte
    ? (from: number, to: number) => buffer.toString('utf8', from, to)
    : (from: number, to: number) => decodeBytes(buffer.subarray(from, to));
  const cursor: Cursor = { buffer, at: 0 };
  while (true) {
    const start = cursor.at;
    const match = known?.match(buffer, start);
    if (match) {
      onEntry(match.entry, match.end);
      cursor.at = match.end;
      continue;
    }
    const pathEnd = buffer.indexOf(0, start);
    const linkEnd = pathEnd < 0 ? -1 : buffer[pathEnd + 1] === 0 ? pathEnd + 1 : buffer.indexOf(0, pathEnd + 1);
    if (linkEnd < 0 || pathEnd === start) return start;
    const entry = parseRecord(cursor, rootLength, pathEnd, linkEnd, decode);
    onEntry(known ? known.recognise(entry) : entry, linkEnd + 1);
    cursor.at = linkEnd + 1;
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

function parseRecord(
  cursor: Cursor,
  rootLength: number,
  pathEnd: number,
  linkEnd: number,
  decode: (from: number, to: number) => string,
): WalkEntry {
  const kind = KINDS[cursor.buffer[cursor.at++]!] ?? 'file';
  const mode = readNumber(cursor, 8);
  const uid = readNumber(cursor, 10);
  const gid = readNumber(cursor, 10);
  const size = readNumber(cursor, 10);
  const links = readNumber(cursor, 10);
  const mtime = readTime(cursor);
  const ctime = readTime(cursor);
  const from = cursor.at + rootLength;
  const to = pathEnd - from > 1 && cursor.buffer[pathEnd - 1] === SLASH ? pathEnd - 1 : pathEnd;
  return {
    path: decode(from, to),
    kind,
    mode,
    uid,
    gid,
    size: kind === 'file' ? size : 0,
    links,
    mtime,
    ctime,
    target: linkEnd === pathEnd + 1 ? '' : decode(pathEnd + 1, linkEnd),
  };
}

/** Digits up to the next space. */
function readNumber(cursor: Cursor, radix: number): number {
  let value = 0;
  for (let byte = cursor.buffer[cursor.at++]!; byte >= ZERO && byte <= NINE; byte = cursor.buffer[cursor.at++]!)
    value = value * radix + byte - ZERO;
  return value;
}

/** A time up to the next space. find prints ten digits after the point, of which nine can be known. */
function readTime(cursor: Cursor): string {
  const { buffer, at } = cursor;
  let end = at;
  while (end < buffer.length && buffer[end] !== SPACE) end++;
  cursor.at = end + 1;
  const tenth = buffer[end - 11] === POINT && buffer[end - 1] === ZERO;
  return buffer.toString('latin1', at, tenth ? end - 1 : end);
}

/** The paths that find names in its messages. */
export function unreadablePaths(stderr: string): string[] {
  return stderr
    .split('\n')
    .map(line => /^find: [‘'](.*)[’']: (?!No such file)/.exec(line)?.[1])
    .filter(path => path !== undefined);
}
