import { PerennialError } from '../errors.ts';
import { type BagProblem, invalid, show } from './fixity.ts';
import type { IndexEntry } from './index-entry.ts';
import { comparePaths } from './index-file.ts';
import { IndexTally } from './index-tally.ts';
import type { Counts } from './manifest.ts';
import { usedUp } from './release-bytes.ts';
import { contentSha256 } from './tar-content.ts';
import { readTar, type TarMember } from './tar-reader.ts';
import { UnpackProof } from './unpack-proof.ts';

/** What the payload says of a path. `sha256` is computed when it is asked for, before the next member is. */
export interface Found {
  kind: TarMember['header']['kind'];
  size: number;
  linkTarget: string;
  sha256?: string | undefined;
}

/** A bag of which so much is wrong is not compared to its end: problems are kept in memory. */
export const MOST_PROBLEMS = 1000;
/** The payload is written in the order of the index, so that nothing has to wait for its partner. */
const MOST_WAITING = 100_000;

/**
 * Holds the payload against the index: every kept path is in the payload with its kind, link target, size and sha256, nothing else is,
 * nothing lies below a path that is no directory, archives of packages have what was left to them, and the manifest's counts are those of
 * the index. Both are read once, side by side; only paths that come in another order are held in memory, and of those not many.
 */
export async function reconcilePayload(
  index: AsyncIterable<IndexEntry>,
  payload: AsyncIterable<Buffer>,
  counts?: Counts,
): Promise<BagProblem[]> {
  const problems: BagProblem[] = [];
  const tally = new IndexTally(problems);
  const unpack = new UnpackProof();
  const entries = new IndexCursor(tally.over(index), entry => unpack.want(entry));
  const early = new Map<string, Found>();
  for await (const member of readTar(usedUp(payload), 'data/payload.tar.zst')) {
    if (problems.length > MOST_PROBLEMS) return problems;
    const path = `/${member.header.path}`;
    const entry = await entries.find(path);
    if (entry) problems.push(...(await compareMember(entry, member, unpack)));
    else if (early.has(path)) problems.push(invalid(`${show(path)} is in the payload twice`));
    else early.set(path, await foundOf(member));
    if (early.size > MOST_WAITING) return [...problems, invalid(OTHER_ORDER)];
  }
  for await (const entry of entries.rest()) {
    if (problems.length > MOST_PROBLEMS) return problems;
    const found = early.get(entry.path);
    early.delete(entry.path);
    if (found) problems.push(...compareWithEntry(entry, found));
    else if (isInPayload(entry))
      problems.push(invalid(`${show(entry.path)} is kept by the index, but not in the payload`));
  }
  for (const path of early.keys()) problems.push(invalid(`${show(path)} is in the payload, but not in the index`));
  problems.push(...unpack.problems());
  return [...problems, ...(counts ? tally.compare(counts) : [])];
}

const OTHER_ORDER = 'payload and index are not in the same order';

/** Sockets cannot be archived; a listening program makes them again. */
export function isInPayload({ disposition, kind }: IndexEntry): boolean {
  return (disposition === 'keep' || disposition === 'record') && kind !== 'socket';
}

async function foundOf(member: TarMember): Promise<Found> {
  const { kind, size, linkTarget } = member.header;
  return { kind, size, linkTarget, sha256: kind === 'file' ? await contentSha256(member) : undefined };
}

/** What is wrong already needs no digest: a hole of a petabyte would take days. */
async function compareMember(entry: IndexEntry, member: TarMember, unpack: UnpackProof): Promise<BagProblem[]> {
  const { kind, size, linkTarget } = member.header;
  const problems = compareWithEntry(entry, { kind, size, linkTarget, sha256: undefined });
  if (problems.length > 0 || kind !== 'file') return problems;
  if (!unpack.isArchive(entry)) return compareWithEntry(entry, await foundOf(member));
  const sha256 = await unpack.read(member, problems);
  return [...problems, ...compareWithEntry(entry, { kind, size, linkTarget, sha256 })];
}

/** What a member of the payload has otherwise than its entry says. */
export function compareWithEntry(entry: IndexEntry, found: Found): BagProblem[] {
  const path = show(entry.path);
  if (entry.disposition === 'delete' || entry.disposition === 'leave') {
    return [invalid(`${path} is in the payload, but the index says "${entry.disposition}"`)];
  }
  if (found.kind === 'hardlink' || entry.hardlink !== undefined) {
    const same = found.kind === 'hardlink' && entry.hardlink === `/${found.linkTarget}`;
    return same ? [] : [invalid(`${path} is not the same hard link in payload and index`)];
  }
  if (found.kind !== entry.kind)
    return [invalid(`${path} is a ${found.kind} in the payload, a ${entry.kind} in the index`)];
  if (entry.kind === 'symlink' && entry.target !== found.linkTarget) {
    return [invalid(`${path} leads elsewhere in the payload than in the index`)];
  }
  if (entry.kind === 'file' && found.size !== entry.size) {
    return [invalid(`${path} has ${found.size} bytes in the payload, ${entry.size} in the index`)];
  }
  if (found.sha256 !== undefined && found.sha256 !== entry.sha256) {
    return [{ code: 'digest-mismatch', text: `${path}: the content in the payload has not the sha256 of the index` }];
  }
  return [];
}

/** The index, read as far as the payload needs it. Entries that were passed over wait until they are asked for. */
class IndexCursor {
  readonly #entries: AsyncIterator<IndexEntry>;
  readonly #waiting = new Map<string, IndexEntry>();
  readonly #onEntry: (entry: IndexEntry) => void;
  #next: IndexEntry | undefined;
  #done = false;

  /** @param onEntry sees each entry, in order */
  constructor(index: AsyncIterable<IndexEntry>, onEntry: (entry: IndexEntry) => void) {
    this.#entries = index[Symbol.asyncIterator]();
    this.#onEntry = onEntry;
  }

  /** The entry of `path`, once; undefined when the index has none up to its place in the order. */
  async find(path: string): Promise<IndexEntry | undefined> {
    const waiting = this.#waiting.get(path);
    if (waiting) {
      this.#waiting.delete(path);
      return waiting;
    }
    for (;;) {
      await this.#advance();
      if (!this.#next || comparePaths(this.#next.path, path) > 0) return undefined;
      const entry = this.#next;
      this.#next = undefined;
      if (entry.path === path) return entry;
      // Most of an index is what was left: it would only fill the memory.
      if (!isInPayload(entry)) continue;
      this.#waiting.set(entry.path, entry);
      if (this.#waiting.size > MOST_WAITING) throw new PerennialError('bag-invalid', OTHER_ORDER);
    }
  }

  /** Everything that was not found. */
  async *rest(): AsyncGenerator<IndexEntry> {
    yield* this.#waiting.values();
    for (await this.#advance(); this.#next; await this.#advance()) {
      yield this.#next;
      this.#next = undefined;
    }
  }

  async #advance(): Promise<void> {
    if (this.#next || this.#done) return;
    const { value, done } = await this.#entries.next();
    if (done) this.#done = true;
    else {
      this.#next = value;
      this.#onEntry(value);
    }
  }
}
