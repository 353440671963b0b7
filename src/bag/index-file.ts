import * as v from 'valibot';
import { PerennialError } from '../errors.ts';
import { encodeBytes, printable } from '../system/byte-text.ts';
import { type IndexEntry, SECRET_KINDS } from './index-entry.ts';
import type { SameShape } from './same-shape.ts';
import { FrameWriter } from './zstd-frames.ts';
import { decompressFrames } from './zstd-reader.ts';

/** One line: a path of 4096 bytes, its attributes and a reason, with room for large xattrs and capabilities. */
const LONGEST_LINE = 4 * 1024 * 1024;
/** Lines are gathered into chunks of about this many characters before they are compressed. */
const CHUNK = 64 * 1024;

const naturalNumber = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const absolutePath = v.pipe(
  v.string(),
  v.check(path => isPlainAbsolute(path), 'is not a plain absolute path'),
);

const schema = v.object({
  path: absolutePath,
  kind: v.picklist(['file', 'directory', 'symlink', 'fifo', 'socket', 'char', 'block']),
  mode: v.pipe(v.string(), v.regex(/^[0-7]{3,6}$/)),
  uid: naturalNumber,
  gid: naturalNumber,
  user: v.string(),
  group: v.string(),
  size: naturalNumber,
  mtime: v.pipe(v.string(), v.regex(/^(-?\d+(\.\d*)?)?$/)),
  sha256: v.exactOptional(v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))),
  target: v.exactOptional(v.string()),
  dangling: v.exactOptional(v.literal(true)),
  hardlink: v.exactOptional(absolutePath),
  xattrs: v.exactOptional(v.record(v.string(), v.string())),
  aclAccess: v.exactOptional(v.string()),
  aclDefault: v.exactOptional(v.string()),
  secret: v.exactOptional(v.picklist(SECRET_KINDS)),
  disposition: v.picklist(['keep', 'attributes', 'record', 'delete', 'leave', 'parent']),
  rule: v.string(),
  why: v.string(),
  package: v.exactOptional(v.string()),
  origin: v.picklist(['image', 'operation']),
  seenBy: v.exactOptional(v.array(v.string())),
});

true satisfies SameShape<v.InferOutput<typeof schema>, IndexEntry>;

/** Order of the bytes of two paths (byte-text.ts): what `LC_ALL=C sort` gives. Negative, zero or positive. */
export function comparePaths(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const x = a.charCodeAt(at);
    const y = b.charCodeAt(at);
    if (x === y) continue;
    // Below the surrogates the order of UTF-16 units is the order of UTF-8 bytes.
    return x < 0xd800 && y < 0xd800 ? x - y : Buffer.compare(encodeBytes(a), encodeBytes(b));
  }
  return a.length - b.length;
}

/** A copy in the order that writeIndex wants. */
export function sortEntries(entries: readonly IndexEntry[]): IndexEntry[] {
  return entries.toSorted((a, b) => comparePaths(a.path, b.path));
}

/**
 * files.ndjson.zst: one entry a line, in frames. `sink` gets the compressed bytes. Returns the number of entries.
 * Entries that are not strictly ascending by comparePaths are a TypeError: a reader relies on the order.
 */
export async function writeIndex(
  entries: Iterable<IndexEntry> | AsyncIterable<IndexEntry>,
  sink: (bytes: Buffer) => Promise<void>,
): Promise<number> {
  const frames = new FrameWriter(sink);
  let count = 0;
  let lines = '';
  let last: string | undefined;
  for await (const entry of entries) {
    if (last !== undefined && comparePaths(last, entry.path) >= 0) {
      throw new TypeError(
        `index entries are out of order: ${JSON.stringify(entry.path)} after ${JSON.stringify(last)}`,
      );
    }
    last = entry.path;
    lines += `${JSON.stringify(entry)}\n`;
    count++;
    if (lines.length < CHUNK) continue;
    await frames.write(Buffer.from(lines));
    lines = '';
  }
  await frames.write(Buffer.from(lines));
  await frames.end();
  return count;
}

/** The inverse of writeIndex, one entry at a time. Throws `bag-invalid` with the line's number, `bag-truncated`. */
export async function* readIndex(source: AsyncIterable<Buffer>, name: string): AsyncGenerator<IndexEntry> {
  let line = 0;
  for await (const text of readLines(decompressFrames(source, name), name))
    yield parseEntry(text, `${name}, line ${++line}`);
}

async function* readLines(chunks: AsyncIterable<Buffer>, name: string): AsyncGenerator<string> {
  let rest: Buffer[] = [];
  let held = 0;
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, from)) {
      const piece = chunk.subarray(from, end);
      yield (rest.length > 0 ? Buffer.concat([...rest, piece]) : piece).toString('utf8');
      rest = [];
      held = 0;
      from = end + 1;
    }
    if (from < chunk.length) rest.push(chunk.subarray(from));
    held += chunk.length - from;
    if (held > LONGEST_LINE) throw invalidEntry(name, 'a line is longer than any entry');
  }
  if (held > 0) throw new PerennialError('bag-truncated', `${name} ends in the middle of a line`);
}

function parseEntry(line: string, where: string): IndexEntry {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw invalidEntry(where, 'not JSON');
  }
  const result = v.safeParse(schema, value);
  if (!result.success) {
    const issue = result.issues[0];
    throw invalidEntry(where, printable(`${v.getDotPath(issue) ?? 'the entry'}: ${issue.message}`));
  }
  return result.output;
}

function invalidEntry(where: string, what: string): PerennialError {
  return new PerennialError('bag-invalid', `${where}: ${what}`, {
    hint: 'The index of the bag is damaged; `perennial verify` checks the whole bag.',
  });
}

/** Absolute, without NUL, empty, `.` or `..` parts: safe to lay over a root directory. */
function isPlainAbsolute(path: string): boolean {
  return path === '/' || (/^(\/[^/\0]+)+$/.test(path) && !/\/\.\.?(\/|$)/.test(path));
}
