import { createHash, type Hash } from 'node:crypto';
import { interruption } from '../interruption.ts';
import type { DigestAlgorithm } from '../system/package-files.ts';
import type { TarMember } from './tar-reader.ts';

/** What is taken anyway. */
const BOTH: ReadonlySet<DigestAlgorithm> = new Set(['md5', 'sha256', 'sha256-160']);
const ZEROS = Buffer.alloc(1024 * 1024);

/**
 * Hex digests of a member's content as a reader of the file sees it: the holes of a sparse file are zeros. Reads the
 * body. sha256 is what the bag records, md5 what dpkg does; `other` is of the algorithm that another package manager chose.
 */
export async function contentDigest(
  member: Pick<TarMember, 'header' | 'body'>,
  algorithm: DigestAlgorithm = 'md5',
): Promise<{ sha256: string; md5: string; other?: string }> {
  const hashes = { sha256: createHash('sha256'), md5: createHash('md5') };
  const other = BOTH.has(algorithm) ? undefined : createHash(algorithm);
  await digestInto(member, [hashes.sha256, hashes.md5, ...(other ? [other] : [])]);
  return {
    sha256: hashes.sha256.digest('hex'),
    md5: hashes.md5.digest('hex'),
    ...(other ? { other: other.digest('hex') } : {}),
  };
}

/** contentDigest without the md5. */
export async function contentSha256(member: Pick<TarMember, 'header' | 'body'>): Promise<string> {
  return (await contentHead(member, 0)).sha256;
}

/**
 * Digest of a member's content, and how it begins.
 * @param headBytes so many bytes of the beginning are handed out, too, or less, a copy
 */
export async function contentHead(
  member: Pick<TarMember, 'header' | 'body'>,
  headBytes: number,
): Promise<{ sha256: string; head: Buffer }> {
  const sha256 = createHash('sha256');
  const pieces: Buffer[] = [];
  let left = headBytes;
  await digestInto(member, [sha256], piece => {
    if (left <= 0) return;
    pieces.push(Buffer.from(piece.subarray(0, left)));
    left -= piece.length;
  });
  return { sha256: sha256.digest('hex'), head: pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces) };
}

async function digestInto(
  { header, body }: Pick<TarMember, 'header' | 'body'>,
  hashes: Hash[],
  onPiece?: (piece: Buffer) => void,
): Promise<void> {
  const areas = header.sparse ?? [{ offset: 0, length: header.storedSize }];
  let position = 0; // in the file
  let area = 0;
  for await (const chunk of body) {
    for (let at = 0; at < chunk.length; ) {
      while (position >= areas[area]!.offset + areas[area]!.length) area++;
      const { offset, length } = areas[area]!;
      if (position < offset) position = addZeros(hashes, position, offset);
      const piece = chunk.subarray(at, at + offset + length - position);
      for (const hash of hashes) hash.update(piece);
      onPiece?.(piece);
      at += piece.length;
      position += piece.length;
    }
  }
  addZeros(hashes, position, header.size);
}

function addZeros(hashes: Hash[], from: number, to: number): number {
  for (let at = from; at < to; at += ZEROS.length) {
    interruption.check();
    for (const hash of hashes) hash.update(ZEROS.subarray(0, Math.min(ZEROS.length, to - at)));
  }
  return Math.max(from, to);
}
