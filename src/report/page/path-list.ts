import { createGzip } from 'node:zlib';
import type { IndexEntry } from '../../bag/index-entry.ts';
import { printable } from '../../system/byte-text.ts';

/** Every path of a bag with its reason, as a page carries it. */
export interface PathList {
  /** By their number in the rows. */
  reasons: { rule: string; kept: boolean; words: string }[];
  /** base64 of gzip of the rows: lines of `reason TAB size TAB mode TAB owner TAB path`, paths printable. */
  packed: string;
  /** Rows that are shown where no script runs. */
  first: PathRow[];
  /** Paths of the bag's index, without mere parents of others. */
  paths: number;
  /** Of them, in the list: fewer when a page would become too large. */
  listed: number;
}

export interface PathRow {
  reason: number;
  size: string;
  mode: string;
  owner: string;
  path: string;
}

/** Bytes of compressed rows that a page carries; base64 makes a third more of them. Paths compress to 5 to 12 bytes each. */
const LARGEST = 6_000_000;
const FIRST = 100;
/** Rows that are compressed at once: more of them grow old together, and with them the memory for old objects. */
const BLOCK = 500;
/** Blocks between two looks at the size. */
const LOOK = 20;

/**
 * Packs the index of a bag for a page. The rows stay in order, are compressed as they come, and end where `largest` bytes are
 * reached; half a million paths take a few megabytes.
 * @param words reasons of rules, for people; a rule without any has its first path's
 */
export async function packPaths(
  index: AsyncIterable<IndexEntry> | Iterable<IndexEntry>,
  words: (rules: { rule: string; why: string }[]) => Record<string, string>,
  largest = LARGEST,
): Promise<PathList> {
  const rows = new PackedRows(largest);
  for await (const entry of index) if (entry.disposition !== 'parent') await rows.add(entry);
  const packed = await rows.end();
  const said = words(rows.reasons);
  const reasons = rows.reasons.map(({ rule, kept, why }) => ({ rule, kept, words: said[rule] || why || rule }));
  return { reasons, packed, first: rows.first, paths: rows.paths, listed: rows.listed };
}

class PackedRows {
  readonly reasons: { rule: string; kept: boolean; why: string }[] = [];
  readonly first: PathRow[] = [];
  paths = 0;
  listed = 0;
  readonly #numbers = new Map<string, number>();
  readonly #gzip = createGzip({ level: 7 });
  readonly #chunks: Buffer[] = [];
  readonly #largest: number;
  #bytes = 0;
  #block: string[] = [];
  #blocks = 0;

  constructor(largest: number) {
    this.#largest = largest;
    this.#gzip.on('data', (chunk: Buffer) => {
      this.#chunks.push(chunk);
      this.#bytes += chunk.length;
    });
  }

  async add(entry: IndexEntry): Promise<void> {
    this.paths++;
    if (this.#bytes >= this.#largest) return;
    const row = this.rowOf(entry);
    if (this.first.length < FIRST) this.first.push(row);
    this.listed++;
    this.#block.push(`${row.reason}\t${row.size}\t${row.mode}\t${row.owner}\t${row.path}\n`);
    if (this.#block.length >= BLOCK) await this.flush();
  }

  async end(): Promise<string> {
    await this.flush();
    await new Promise<void>((done, failed) => this.#gzip.on('error', failed).on('end', done).end());
    return Buffer.concat(this.#chunks).toString('base64');
  }

  private rowOf(entry: IndexEntry): PathRow {
    return {
      reason: this.numberOf(entry),
      size: entry.kind === 'file' && entry.disposition !== 'delete' ? String(entry.size) : '',
      mode: entry.disposition === 'delete' ? '' : entry.mode,
      owner: entry.disposition === 'delete' ? '' : printable(`${entry.user || entry.uid}:${entry.group || entry.gid}`),
      path: printable(entry.path),
    };
  }

  private numberOf({ rule, why, disposition }: IndexEntry): number {
    const known = this.#numbers.get(rule);
    if (known !== undefined) return known;
    this.#numbers.set(rule, this.reasons.length);
    return this.reasons.push({ rule, why, kept: disposition !== 'leave' }) - 1;
  }

  private async flush(): Promise<void> {
    const text = this.#block.join('');
    this.#block = [];
    await new Promise<void>(done => this.#gzip.write(text, () => done()));
    if (++this.#blocks % LOOK === 0) await new Promise<void>(done => this.#gzip.flush(() => done()));
  }
}
