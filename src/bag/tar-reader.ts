import { decodeBytes } from '../system/byte-text.ts';
import { ByteSource } from './byte-source.ts';
import { encodeTarMember } from './tar-encode.ts';
import {
  BLOCK,
  checkHeaderBlock,
  dataSize,
  invalid,
  parseHeaderBlock,
  type TarHeader,
  trimPath,
  typeFlag,
} from './tar-header.ts';
import { applyPaxRecords, type PaxRecord, parsePaxRecords } from './tar-pax.ts';

export { contentDigest, contentSha256 } from './tar-content.ts';
export { encodeTarMember, endOfTar, memberPadding, rewriteMember } from './tar-encode.ts';
export type { TarHeader } from './tar-header.ts';

/** A member of a tar stream. `body` can be read once, before the next member is asked for. */
export interface TarMember {
  header: TarHeader;
  /** Raw header blocks, extended headers included: they stand on their own in another archive. */
  headerBlocks: Buffer;
  /** Bytes of the archive before the stored data. */
  offset: number;
  /** The stored data without padding: `header.storedSize` bytes. */
  body: AsyncIterable<Buffer>;
  /** Extended records that TarHeader has no field for (`atime`, `comment`, ...): a rewrite keeps them. */
  otherRecords: PaxRecord[];
}

/** The extended headers of one member are kept in memory: 64 MiB hold the map of a file with a million holes. */
const LONGEST_EXTENSION = 64 * 1024 * 1024;
/** Extended headers before one member; GNU tar writes at most three. */
const MOST_EXTENSIONS = 16;

interface Extensions {
  records: PaxRecord[];
  longName: string | undefined;
  longLink: string | undefined;
  raw: Buffer[];
}

/**
 * Reads a tar stream as GNU tar, Go (docker cp) and pax write it: ustar, pax records, GNU long names, base-256
 * numbers, sparse 0.0. Data that the consumer does not read is skipped; memory is constant. The stream is read to its end, also
 * past the end-of-archive mark, so that its writer can finish.
 * `name` is used in error messages. Throws `bag-truncated` on an early end and `bag-invalid` on a broken archive.
 */
export async function* readTar(source: AsyncIterable<Buffer>, name = 'the tar stream'): AsyncGenerator<TarMember> {
  const bytes = new ByteSource(source, name);
  const globals = new Map<string, PaxRecord>();
  try {
    for (;;) {
      const block = await bytes.take(BLOCK);
      if (isZero(block)) break;
      const { member, left } = await readMember(bytes, block, globals);
      yield member;
      await bytes.skip(left.count);
      await bytes.skip(padding(member.header.storedSize));
    }
    if (!isZero(await bytes.take(BLOCK))) throw invalid('the end mark is one block instead of two');
    await bytes.drain();
  } finally {
    await bytes.close();
  }
}

async function readMember(
  bytes: ByteSource,
  first: Buffer,
  globals: Map<string, PaxRecord>,
): Promise<{ member: TarMember; left: { count: number } }> {
  const { extensions, block } = await readExtensions(bytes, first, globals);
  const base = parseHeaderBlock(block);
  if (extensions.longName !== undefined) base.path = trimPath(extensions.longName);
  if (extensions.longLink !== undefined) base.linkTarget = extensions.longLink;
  const { header, other } = applyPaxRecords(base, [...globals.values(), ...extensions.records]);
  const left = { count: header.storedSize };
  // Global records reach past their own member, so blocks that must stand alone are written anew.
  const headerBlocks = globals.size > 0 ? encodeTarMember(header, other) : Buffer.concat([...extensions.raw, block]);
  return {
    member: { header, headerBlocks, offset: bytes.position, body: readBody(bytes, left), otherRecords: other },
    left,
  };
}

/** Reads the extended headers that come before a member's own block. */
async function readExtensions(
  bytes: ByteSource,
  first: Buffer,
  globals: Map<string, PaxRecord>,
): Promise<{ extensions: Extensions; block: Buffer }> {
  const extensions: Extensions = { records: [], longName: undefined, longLink: undefined, raw: [] };
  let block = first;
  let left = LONGEST_EXTENSION;
  for (let seen = 0; ; seen++) {
    checkHeaderBlock(block);
    const flag = typeFlag(block);
    if (!'xgLK'.includes(flag)) return { extensions, block };
    if (seen === MOST_EXTENSIONS) throw invalid('a member has too many extended headers');
    const size = dataSize(block);
    if (size > left) throw invalid('an extended header is too long');
    left -= size;
    const data = await bytes.take(size + padding(size));
    addExtension(extensions, globals, flag, data.subarray(0, size));
    if (flag !== 'g') extensions.raw.push(block, data);
    block = await bytes.take(BLOCK);
  }
}

function addExtension(into: Extensions, globals: Map<string, PaxRecord>, flag: string, data: Buffer): void {
  if (flag === 'x') into.records = into.records.concat(parsePaxRecords(data));
  else if (flag === 'g') for (const record of parsePaxRecords(data)) globals.set(record.key, record);
  else if (flag === 'L') into.longName = untilNul(data);
  else into.longLink = untilNul(data);
}

async function* readBody(bytes: ByteSource, left: { count: number }): AsyncGenerator<Buffer> {
  while (left.count > 0) {
    const piece = await bytes.some(left.count);
    left.count -= piece.length;
    yield piece;
  }
}

function untilNul(data: Buffer): string {
  const end = data.indexOf(0);
  return decodeBytes(end === -1 ? data : data.subarray(0, end));
}

function padding(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}

function isZero(block: Buffer): boolean {
  return block[0] === 0 && block.every(byte => byte === 0);
}
