import { releaseBytes } from './release-bytes.ts';
import { contentHead } from './tar-content.ts';
import { readTar, type TarHeader } from './tar-reader.ts';
import { FrameWriter } from './zstd-frames.ts';

/** What the payload holds of one path. */
export interface PayloadMember {
  /** Without the map of a sparse file, which can be long. */
  header: Omit<TarHeader, 'sparse'>;
  /** Hex digest of the content as a reader sees it; of regular files only. */
  sha256?: string;
  /** How the content of a regular file begins: at most the bytes that were asked for. Valid until the receiver returns. */
  head?: Buffer;
}

/**
 * Compresses a tar stream byte for byte into `sink`, which must not keep what it gets, reading its members on the way. The chunks of `tar` are
 * used up: nobody else may read them. Throws `bag-truncated` when the
 * stream ends early and `bag-invalid` when it is no tar.
 * @param headBytes of a file of a size: how much of its beginning `onMember` wants to see
 */
export async function writePayload(
  tar: AsyncIterable<Buffer>,
  sink: (bytes: Buffer) => Promise<void>,
  onMember: (member: PayloadMember) => void | Promise<void>,
  headBytes: (size: number) => number = () => 0,
): Promise<void> {
  const frames = new FrameWriter(sink);
  for await (const member of readTar(tee(tar, frames), 'the payload’s tar stream')) {
    const { sparse: _, ...header } = member.header;
    await onMember(
      header.kind === 'file' ? { header, ...(await contentHead(member, headBytes(header.size))) } : { header },
    );
  }
  await frames.end();
}

async function* tee(source: AsyncIterable<Buffer>, frames: FrameWriter): AsyncGenerator<Buffer> {
  for await (const chunk of source) {
    await frames.write(chunk);
    yield chunk;
    releaseBytes(chunk);
  }
}
