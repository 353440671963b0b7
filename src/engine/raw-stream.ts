const HEADER_BYTES = 8;
const STDERR = 2;

/**
 * Takes the two outputs of a command apart that docker sends as one stream: before each piece a byte that says which output it is of,
 * three zeros, and the piece's length, big-endian (Docker Engine API, ContainerAttach, "Stream format").
 */
export class RawStream {
  readonly #onStderr: (bytes: Buffer) => void;
  readonly #header = Buffer.alloc(HEADER_BYTES);
  #headerBytes = 0;
  #left = 0;

  constructor(onStderr: (bytes: Buffer) => void) {
    this.#onStderr = onStderr;
  }

  /** Whether the stream may end here: no header and no piece is under way. */
  get isBetweenPieces(): boolean {
    return this.#left === 0 && this.#headerBytes === 0;
  }

  /** What a chunk has of stdout, moved together at its beginning: nothing is copied to new memory. The chunk is used up. */
  take(chunk: Buffer): Buffer {
    let kept = 0;
    for (let at = 0; at < chunk.length; ) {
      if (this.#left === 0) {
        const copied = chunk.copy(this.#header, this.#headerBytes, at);
        at += copied;
        this.#headerBytes += copied;
        if (this.#headerBytes < HEADER_BYTES) break;
        this.#headerBytes = 0;
        this.#left = this.#header.readUInt32BE(4);
        continue;
      }
      const end = Math.min(at + this.#left, chunk.length);
      if (this.#header[0] === STDERR) this.#onStderr(chunk.subarray(at, end));
      else {
        chunk.copyWithin(kept, at, end);
        kept += end - at;
      }
      this.#left -= end - at;
      at = end;
    }
    return chunk.subarray(0, kept);
  }
}
