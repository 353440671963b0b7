import type { CommandStream } from '../engine/engine.ts';
import { endedEarly, useStream } from '../engine/use-stream.ts';
import { readSystemFiles, readTarFiles, SYSTEM_TAR, type SystemFiles } from '../system/system-files.ts';
import type { Target } from '../system/target.ts';
import type { KnownRecords } from './known-records.ts';
import type { RecordRows } from './record-rows.ts';
import {
  describePaths,
  FULL_RECORDS,
  parseRecords,
  recordsSince,
  unreadablePaths,
  type WalkEntry,
  walk,
} from './walk.ts';

/** What one look at a target gives, beside the entries that were handed out. */
export interface Look {
  files: SystemFiles;
  /** Paths that find could not read, as it named them. */
  unreadable: string[];
}

export interface LookOptions {
  /** Further file systems that are walked. */
  mounts: string[];
  /** Files and folders whose contents are read; relative to the root. */
  paths: string[];
  onEntry: (entry: WalkEntry) => void;
  /** Takes records that need no entry (parseRecords). */
  takeBytes?: RecordRows['take'] | undefined;
  known?: KnownRecords | undefined;
  /** Seconds since 1970, as text: what is known is not described again when its inode has not changed since. */
  since?: string | undefined;
}

/** Stands between find's records and tar's stream. No record begins with NUL. */
export const MARK_BYTES = 2;

const quoted = (word: string) => `'${word}'`; // words of ours

/** The two file systems of a walk that `lookArguments` takes. */
export interface LookPlaces {
  root: string;
  /** Further file systems, whose inodes say nothing about an image. */
  mounts: string[];
  /** Files and folders whose contents are read; relative to the root. */
  paths: string[];
  since?: string | undefined;
}

/** One command that walks a target and then reads files of it: an engine starts programs in a container one after the other. */
export function lookArguments({ root, mounts, paths, since }: LookPlaces): string[] {
  const expression = (words: string[]) => words.map(quoted).join(' ');
  const tar = [...SYSTEM_TAR, ...paths.map(path => `./${path}`)].map(quoted);
  tar.splice(1, 0, '--directory="$0"');
  const script = [
    `find "$0" -xdev ${expression(since === undefined ? FULL_RECORDS : recordsSince(since))}; code=$?`,
    // find ends with 1 when it could not read a path; the worse of two codes counts.
    `[ $# = 0 ] || { find "$@" -xdev ${expression(FULL_RECORDS)}; more=$?; [ $more -le $code ] || code=$more; }`,
    `printf '\\000\\000'; ${tar.join(' ')}; [ $? -lt 126 ] || code=127`, // 126 and 127: there is no such program. Files that are missing make tar end with 2, which is fine.
    'exit $code',
  ];
  return ['sh', '-c', script.join('; '), `${root}/`, ...mounts.map(mount => root + mount)];
}

/** Walks a target and reads files of it, by its own programs or without (see FileReader). */
export function lookStream(target: Target, places: Omit<LookPlaces, 'root'>): CommandStream {
  if (target.files) return target.files.look(places.mounts, places.paths);
  const argv = lookArguments({ root: target.root, ...places });
  return target.execStream(argv, { allowFailure: true, env: { LC_ALL: 'C' } });
}

/**
 * Walks a target and reads files of it in one go.
 * @throws PerennialError `image-unsuitable` when the target has no GNU find and tar, `engine-failed` when it was cut off
 */
export async function look(target: Target, options: LookOptions): Promise<Look> {
  const { mounts, paths, onEntry, known, takeBytes = () => false } = options;
  const again: string[] = [];
  const stream = lookStream(target, { mounts, paths, since: known && options.since });
  let count = 0;
  const read = async ({ stdout }: CommandStream) => {
    known?.rewind();
    const take = (entry: WalkEntry) => {
      count++;
      onEntry(entry);
    };
    const takeRow: RecordRows['take'] = (buffer, start, headEnd, end) => {
      const taken = takeBytes(buffer, start, headEnd, end);
      if (taken) count++;
      return taken;
    };
    return readBoth(stdout as AsyncIterable<Buffer>, rest =>
      parseRecords(rest, target.root.length, take, known, path => again.push(path), takeRow),
    );
  };
  const { result, code, stderr } = await useStream(stream, read, 'Listing the files');
  if (code >= 126 && count === 0) return lookWithoutShell(target, options);
  // find itself ends with 1 when it could not read a path; everything else is a walk that is not whole.
  if (count === 0 || result === undefined || code > 1) throw endedEarly('Listing the files', code, stderr);
  // Clocks go wrong, and a mount may be older than the container: what is neither known nor new is looked at again.
  await describePaths(
    target,
    again.filter(path => !mounts.includes(path)),
    onEntry,
  );
  return { files: result, unreadable: code === 0 ? [] : unreadablePaths(stderr, target.root) };
}

/** The same in two commands. */
async function lookWithoutShell(target: Target, { mounts, paths, onEntry }: LookOptions): Promise<Look> {
  const unreadable = await walk(target, mounts, onEntry);
  return { files: await readSystemFiles(target, paths), unreadable };
}

/** Records up to the mark, then a tar. Undefined when there is no mark. */
async function readBoth(
  source: AsyncIterable<Buffer>,
  parse: (buffer: Buffer) => number,
): Promise<SystemFiles | undefined> {
  const chunks = source[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
    const buffer = rest.length === 0 ? next.value : Buffer.concat([rest, next.value]);
    rest = buffer.subarray(parse(buffer));
    if (rest.length >= MARK_BYTES && rest[0] === 0) return readTarFiles(following(rest.subarray(MARK_BYTES), chunks));
  }
  return undefined;
}

async function* following(first: Buffer, chunks: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  if (first.length > 0) yield first;
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
}
