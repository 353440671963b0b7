import type { BagWriter } from '../bag/write-bag.ts';
import { LARGEST_SECRET_FILE, SECRET_HEAD } from '../classify/secret-content.ts';
import type { PathTable } from '../detect/path-table.ts';
import { tarStream } from '../detect/probe.ts';
import { chunksOf } from '../engine/chunks-of.ts';
import type { CommandStream } from '../engine/engine.ts';
import { useStream } from '../engine/use-stream.ts';
import { PerennialError } from '../errors.ts';
import type { Progress } from '../progress.ts';
import { decodeBytes } from '../system/byte-text.ts';
import type { Target } from '../system/target.ts';
import { ArchivedMembers } from './archived-members.ts';
import { findGrown } from './grown-files.ts';
import { unsettledDatabases } from './sqlite-sets.ts';

export interface Payload {
  members: ArchivedMembers;
  /** Paths that tar could not read. */
  unreadable: string[];
  /** Files that changed each time; they are among those that could not be read. */
  moving: string[];
  /** Files that went on growing while they were read; they are as they were at one moment. */
  grown: string[];
  /** Paths that were removed after they were found. */
  vanished: string[];
}

/** A file that is written while tar reads it is read again this many times before it is an error. */
const ATTEMPTS = 3;

/**
 * Streams the payload from the target's tar into the bag, byte for byte, and accounts for every path of the list.
 * @param paths are iterated more than once
 * @param table of the walk that found them
 */
export async function writePayload(
  target: Target,
  paths: Iterable<string>,
  table: PathTable,
  bag: BagWriter,
  progress: Progress,
): Promise<Payload> {
  for (let attempt = 1; ; attempt++) {
    const members = new ArchivedMembers(table);
    const pack = ({ stdout }: CommandStream) =>
      bag.addPayload(chunksOf(stdout), member => members.add(member), headBytes);
    const { code, stderr } = await useStream(tarStream(target, paths), pack, 'Archiving');
    const moved = changedPaths(stderr);
    const grown = await findGrown(target, moved, members);
    const torn = await unsettledDatabases(target, paths, members);
    const changed = [...new Set([...moved.filter(path => !grown.has(path)), ...torn])];
    if (changed.length > 0 && attempt < ATTEMPTS) {
      progress.warn(`${changed.length} files changed while they were read; reading again`);
      continue;
    }
    const gone = new Set(vanishedPaths(stderr));
    const unreadable = new Set<string>();
    for (const path of paths) if (!members.has(path) && !gone.has(path)) unreadable.add(path);
    for (const path of changed) unreadable.add(path);
    if (code > 1 && unreadable.size === 0 && gone.size === 0) {
      throw new PerennialError(
        'command-failed',
        `tar ended with exit code ${code}: ${stderr.trim().split('\n').at(-1)}`,
      );
    }
    return {
      members,
      unreadable: [...unreadable],
      moving: changed,
      grown: [...grown.keys()].filter(path => !torn.includes(path)).sort(),
      vanished: [...gone].sort(),
    };
  }
}

/** Bytes of the beginning of a file of this size that are looked at. Secrets are looked for while the payload passes: nothing is read twice. */
export function headBytes(size: number): number {
  return size > 0 && size <= LARGEST_SECRET_FILE ? SECRET_HEAD : 0;
}

/** `tar: ./srv/x: file changed as we read it`, and shrunk files that tar padded with zeros. Folders are not data. */
export function changedPaths(stderr: string): string[] {
  return [...stderr.matchAll(/^tar: (?:\.\/)?(.+?): (?:file changed as we read it|File shrank by .*)$/gm)].map(
    match => `/${unquote(match[1]!)}`,
  );
}

/** `tar: ./srv/x: Cannot stat: No such file or directory`: it was there when the list was made. */
export function vanishedPaths(stderr: string): string[] {
  return [
    ...stderr.matchAll(
      /^tar: (?:\.\/)?(.+?): (?:Warning: )?(?:Cannot (?:stat|open): No such file or directory|File removed before we read it)$/gm,
    ),
  ].map(match => `/${unquote(match[1]!)}`);
}

const ESCAPES: Record<string, string> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v' };

/** GNU tar's --quoting-style=escape, its default in messages: backslash and a letter, or three octal digits for a byte. */
function unquote(name: string): string {
  const bytes = name.replace(/\\([0-7]{3}|.)/g, (_, code: string) =>
    code.length === 3 ? String.fromCharCode(Number.parseInt(code, 8)) : (ESCAPES[code] ?? code),
  );
  return decodeBytes(Buffer.from(bytes, 'latin1'));
}
