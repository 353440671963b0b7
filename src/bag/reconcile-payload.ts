import { type BagProblem, show } from './fixity.ts';
import type { IndexEntry } from './index-entry.ts';
import { comparePaths } from './index-file.ts';
import { contentSha256 } from './tar-content.ts';
import { readTar, type TarMember } from './tar-reader.ts';

/** What the payload says of a path. */
interface Found {
  kind: TarMember['header']['kind'];
  size: number;
  linkTarget: string;
  sha256: string | undefined;
}

/**
 * Holds the payload against the index: every kept path is in the payload with its kind, link target and sha256, and
 * nothing else is. Both are read once, side by side; only paths that come in another order are held in memory.
 */
export async function reconcilePayload(
  index: AsyncIterable<IndexEntry>,
  payload: AsyncIterable<Buffer>,
): Promise<BagProblem[]> {
  const problems: BagProblem[] = [];
  const entries = new IndexCursor(index);
  const early = new Map<string, Found>();
  for await (const member of readTar(payload, 'data/payload.tar.zst')) {
    const path = `/${member.header.path}`;
    const found = await foundOf(member);
    const entry = await entries.find(path);
    if (entry) problems.push(...compareOne(entry, found));
    else if (early.has(path)) problems.push(problem(`${show(path)} is in the payload twice`));
    else early.set(path, found);
  }
  for await (const entry of entries.rest()) {
    const found = early.get(entry.path);
    early.delete(entry.path);
    if (found) problems.push(...compareOne(entry, found));
    else if (isInPayload(entry))
      problems.push(problem(`${show(entry.path)} is kept by the index, but not in the payload`));
  }
  for (const path of early.keys()) problems.push(problem(`${show(path)} is in the payload, but not in the index`));
  return problems;
}

/** Sockets cannot be archived; a listening program makes them again. */
function isInPayload({ disposition, kind }: IndexEntry): boolean {
  return (disposition === 'keep' || disposition === 'record') && kind !== 'socket';
}

async function foundOf(member: TarMember): Promise<Found> {
  const { kind, size, linkTarget } = member.header;
  return { kind, size, linkTarget, sha256: kind === 'file' ? await contentSha256(member) : undefined };
}

function compareOne(entry: IndexEntry, found: Found): BagProblem[] {
  const path = show(entry.path);
  if (entry.disposition === 'delete' || entry.disposition === 'leave') {
    return [problem(`${path} is in the payload, but the index says "${entry.disposition}"`)];
  }
  if (found.kind === 'hardlink' || entry.hardlink !== undefined) {
    const same = found.kind === 'hardlink' && entry.hardlink === `/${found.linkTarget}`;
    return same ? [] : [problem(`${path} is not the same hard link in payload and index`)];
  }
  if (found.kind !== entry.kind)
    return [problem(`${path} is a ${found.kind} in the payload, a ${entry.kind} in the index`)];
  if (entry.kind === 'symlink' && entry.target !== found.linkTarget) {
    return [problem(`${path} leads elsewhere in the payload than in the index`)];
  }
  if (found.sha256 !== undefined && found.sha256 !== entry.sha256) {
    return [{ code: 'digest-mismatch', text: `${path}: the content in the payload has not the sha256 of the index` }];
  }
  return [];
}

function problem(text: string): BagProblem {
  return { code: 'bag-invalid', text };
}

/** The index, read as far as the payload needs it. Entries that were passed over wait until they are asked for. */
class IndexCursor {
  readonly #entries: AsyncIterator<IndexEntry>;
  readonly #waiting = new Map<string, IndexEntry>();
  #next: IndexEntry | undefined;
  #done = false;

  constructor(index: AsyncIterable<IndexEntry>) {
    this.#entries = index[Symbol.asyncIterator]();
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
      if (entry.disposition !== 'leave') this.#waiting.set(entry.path, entry);
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
    else this.#next = value;
  }
}
