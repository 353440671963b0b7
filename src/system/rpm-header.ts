import { decodeBytes } from './byte-text.ts';

/*
 * A package header as rpm keeps it in its database: the number of index entries and the length of the data, big-endian; the
 * entries (tag, type, offset, count); the data. Written down in rpm's docs/manual/format_header.md and format_v4.md
 * (https://rpm-software-management.github.io/rpm/manual/format_header.html), tags in include/rpm/rpmtag.h.
 */

const NAMES = {
  sigPgp: 259,
  sigGpg: 262,
  dsaHeader: 267,
  rsaHeader: 268,
  openPgp: 278,
  name: 1000,
  version: 1001,
  release: 1002,
  epoch: 1003,
  summary: 1004,
  installTime: 1008,
  arch: 1022,
  oldFileNames: 1027,
  fileStates: 1029,
  fileModes: 1030,
  fileDigests: 1035,
  fileLinkTos: 1036,
  fileFlags: 1037,
  fileUserNames: 1039,
  fileGroupNames: 1040,
  sourceRpm: 1044,
  provides: 1047,
  requires: 1049,
  dirIndexes: 1116,
  baseNames: 1117,
  dirNames: 1118,
  fileCaps: 5010,
  fileDigestAlgo: 5011,
} as const;

export type RpmTag = keyof typeof NAMES;

const TAGS = new Map<number, RpmTag>(Object.entries(NAMES).map(([name, tag]) => [tag, name as RpmTag]));

/** Sizes of the number types CHAR, INT8, INT16, INT32, INT64. */
const NUMBER_BYTES: Record<number, number> = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8 };
const TEXT_TYPES = new Set([6, 8, 9]);
/** rpm's own limits (lib/header.c): nothing larger is a header. */
const MOST_ENTRIES = 0xffff;
const MOST_BYTES = 0x0fffffff;

/** What a header says, of the tags above. */
export class RpmHeader {
  readonly #numbers = new Map<RpmTag, number[]>();
  readonly #texts = new Map<RpmTag, string[]>();
  readonly #present = new Set<RpmTag>();

  /** @throws RangeError when the bytes are no header */
  constructor(blob: Buffer) {
    const entries = blob.readUInt32BE(0);
    const length = blob.readUInt32BE(4);
    const start = 8 + entries * 16;
    if (entries > MOST_ENTRIES || length > MOST_BYTES || start + length > blob.length)
      throw new RangeError('it is longer than its bytes');
    const data = blob.subarray(start, start + length);
    for (let n = 0; n < entries; n++) this.#read(blob, 8 + n * 16, data);
  }

  /** An entry that comes twice was changed after the package was built: the later one counts. */
  #read(blob: Buffer, at: number, data: Buffer): void {
    const tag = TAGS.get(blob.readUInt32BE(at));
    if (tag === undefined) return;
    this.#present.add(tag);
    const [type, offset, count] = [blob.readUInt32BE(at + 4), blob.readUInt32BE(at + 8), blob.readUInt32BE(at + 12)];
    if (count > data.length) throw new RangeError(`${tag} has too many values`);
    const size = NUMBER_BYTES[type];
    if (size !== undefined) this.#numbers.set(tag, readNumbers(data, offset, count, size));
    else if (TEXT_TYPES.has(type)) this.#texts.set(tag, readTexts(data, offset, count));
  }

  /** Whether there is such an entry, of any type. */
  has(tag: RpmTag): boolean {
    return this.#present.has(tag);
  }

  text(tag: RpmTag): string {
    return this.#texts.get(tag)?.[0] ?? '';
  }

  texts(tag: RpmTag): string[] {
    return this.#texts.get(tag) ?? [];
  }

  number(tag: RpmTag): number | undefined {
    return this.#numbers.get(tag)?.[0];
  }

  numbers(tag: RpmTag): number[] {
    return this.#numbers.get(tag) ?? [];
  }

  /** Absolute paths of the package's files, in the order of the other file tags. */
  paths(): string[] {
    const names = this.texts('baseNames');
    if (names.length === 0) return this.texts('oldFileNames');
    const folders = this.texts('dirNames');
    const indexes = this.numbers('dirIndexes');
    return names.map((name, n) => (folders[indexes[n] ?? -1] ?? '') + name);
  }
}

function readNumbers(data: Buffer, offset: number, count: number, size: number): number[] {
  return Array.from({ length: count }, (_, n) =>
    size === 8 ? Number(data.readBigUInt64BE(offset + n * 8)) : data.readUIntBE(offset + n * size, size),
  );
}

function readTexts(data: Buffer, offset: number, count: number): string[] {
  const texts: string[] = [];
  for (let at = offset; texts.length < count; ) {
    const end = data.indexOf(0, at);
    if (end < 0) throw new RangeError('a text has no end');
    texts.push(decodeBytes(data.subarray(at, end)));
    at = end + 1;
  }
  return texts;
}
