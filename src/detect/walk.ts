import { isUtf8 } from 'node:buffer';
import type { PathKind } from '../bag/index-entry.ts';
import { endedEarly, useStream } from '../engine/use-stream.ts';
import { decodeBytes } from '../system/byte-text.ts';
import type { Target } from '../system/target.ts';

/** One path as find(1) sees it. Times are text so that no nanosecond is lost. */
export interface WalkEntry {
  path: string;
  kind: PathKind;
  mode: number;
  uid: number;
  gid: number;
  size: number;
  links: number;
  /** `device:inode`; equal for the names of a hard-linked file. */
  inode: string;
  mtime: string;
  ctime: string;
  target: string;
}

/** GNU find directives, in the order that parseRecord reads them. Path and link target end in NUL. */
const RECORD = '%y %m %U %G %s %n %D:%i %T@ %C@ %p\\0%l\\0';

const KINDS: Record<string, PathKind> = {
  f: 'file',
  d: 'directory',
  l: 'symlink',
  p: 'fifo',
  s: 'socket',
  c: 'char',
  b: 'block',
};

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

/** Parses whole records and returns where the first incomplete one begins. */
export function parseRecords(buffer: Buffer, rootLength: number, onEntry: (entry: WalkEntry) => void): number {
  const ascii = isUtf8(buffer); // then one decoding serves all records, far faster than one each
  let at = 0;
  while (true) {
    const pathEnd = buffer.indexOf(0, at);
    const linkEnd = pathEnd < 0 ? -1 : buffer.indexOf(0, pathEnd + 1);
    if (linkEnd < 0) return at;
    const text = (from: number, to: number) =>
      ascii ? buffer.toString('utf8', from, to) : decodeBytes(buffer.subarray(from, to));
    onEntry(parseRecord(text(at, pathEnd), linkEnd === pathEnd + 1 ? '' : text(pathEnd + 1, linkEnd), rootLength));
    at = linkEnd + 1;
  }
}

function parseRecord(text: string, target: string, rootLength: number): WalkEntry {
  const fields = text.split(' ', 9);
  let head = 0;
  for (let n = 0; n < 9; n++) head = text.indexOf(' ', head) + 1;
  const path = text.slice(head + rootLength);
  return {
    path: path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path,
    kind: KINDS[fields[0]!] ?? 'file',
    mode: Number.parseInt(fields[1]!, 8),
    uid: Number(fields[2]),
    gid: Number(fields[3]),
    size: fields[0] === 'f' ? Number(fields[4]) : 0,
    links: Number(fields[5]),
    inode: fields[6]!,
    mtime: trimTime(fields[7]!),
    ctime: trimTime(fields[8]!),
    target,
  };
}

/** find prints ten digits of which nine can be known. */
function trimTime(time: string): string {
  return time.replace(/(\.\d{9})0+$/, '$1');
}

function unreadablePaths(stderr: string): string[] {
  return stderr
    .split('\n')
    .map(line => /^find: [‘'](.*)[’']: (?!No such file)/.exec(line)?.[1])
    .filter(path => path !== undefined);
}
