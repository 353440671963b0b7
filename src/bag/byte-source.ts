import { PerennialError } from '../errors.ts';

const EMPTY = Buffer.alloc(0);

/** Takes exact byte counts out of a stream of chunks. A chunk is not used any more when the next one is asked for. */
export class ByteSource {
  readonly #chunks: AsyncIterator<Buffer>;
  readonly #name: string;
  #rest: Buffer = EMPTY;
  #position = 0;

  /** `name` says in error messages what was being read. */
  constructor(source: AsyncIterable<Buffer>, name: string) {
    this.#chunks = source[Symbol.asyncIterator]();
    this.#name = name;
  }

  /** Bytes that were taken so far. */
  get position(): number {
    return this.#position;
  }

  /** Exactly `count` bytes; undefined when the stream was already at its end. Throws `bag-truncated` in between. */
  async find(count: number): Promise<Buffer | undefined> {
    if (this.#rest.length === 0 && count > 0 && !(await this.#fill())) return undefined;
    return this.take(count);
  }

  /** Exactly `count` bytes, a copy. Throws `bag-truncated` when the stream ends before. */
  async take(count: number): Promise<Buffer> {
    if (this.#rest.length >= count) return Buffer.from(this.#cut(count));
    const parts: Buffer[] = [];
    for (let missing = count; missing > 0; ) {
      const piece = Buffer.from(await this.some(missing));
      parts.push(piece);
      missing -= piece.length;
    }
    return Buffer.concat(parts, count);
  }

  /** The next piece, at least one and at most `max` bytes, not copied: it is good until the next call. Throws `bag-truncated` at the end of the stream. */
  async some(max: number): Promise<Buffer> {
    if (this.#rest.length === 0 && !(await this.#fill())) throw truncated(this.#name);
    return this.#cut(Math.min(max, this.#rest.length));
  }

  /** Passes over `count` bytes. Throws `bag-truncated` when there are fewer. */
  async skip(count: number): Promise<void> {
    for (let missing = count; missing > 0; ) missing -= (await this.some(missing)).length;
  }

  /** Reads to the end, so that the program that writes the stream can finish. */
  async drain(): Promise<void> {
    do this.#rest = EMPTY;
    while (await this.#fill());
  }

  /** Gives the stream up. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  #cut(count: number): Buffer {
    const piece = this.#rest.subarray(0, count);
    this.#rest = this.#rest.subarray(count);
    this.#position += piece.length;
    return piece;
  }

  async #fill(): Promise<boolean> {
    while (this.#rest.length === 0) {
      const next = await this.#chunks.next();
      if (next.done) return false;
      this.#rest = next.value;
    }
    return true;
  }
}

function truncated(name: string): PerennialError {
  return new PerennialError('bag-truncated', `${name} ends early`, {
    hint: 'It was cut while it was written or copied: fetch it again from where it is kept.',
  });
}
