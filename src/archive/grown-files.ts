import { contentSha256, readTar, type TarMember } from '../bag/tar-reader.ts';
import { tarStream } from '../detect/probe.ts';
import type { CommandStream } from '../engine/engine.ts';
import { useStream } from '../engine/use-stream.ts';
import type { Target } from '../system/target.ts';
import type { ArchivedMembers } from './archived-members.ts';

/**
 * Of files that changed while they were archived, those that begin with exactly what was archived: logs and journals that went on
 * growing, files that were only touched. What is in the archive was then the whole file at one moment. Each is read again up to the
 * size that it has in the archive; a program that writes in the middle of a file is found out by it.
 * @returns path -> whether it has more content now; other files are not in it
 */
export async function findGrown(
  target: Target,
  changed: readonly string[],
  archived: Pick<ArchivedMembers, 'get'>,
): Promise<Map<string, boolean>> {
  if (changed.length === 0) return new Map();
  const grown = new Map<string, boolean>();
  const read = async ({ stdout }: CommandStream) => {
    for await (const member of readTar(stdout as AsyncIterable<Buffer>)) {
      const path = `/${member.header.path}`;
      const before = archived.get(path);
      if (before?.sha256 !== undefined && (await beginningSha256(member, before.size)) === before.sha256)
        grown.set(path, member.header.size > before.size);
    }
  };
  await useStream(tarStream(target, [...changed]), read, 'Reading changed files again');
  return grown;
}

/** Digest of the first bytes of a member; undefined when it is shorter, or sparse and not of that size (holes move then). */
async function beginningSha256({ header, body }: TarMember, size: number): Promise<string | undefined> {
  if (header.kind !== 'file' || header.size < size) return undefined;
  if (header.sparse) return header.size === size ? contentSha256({ header, body }) : undefined;
  return contentSha256({ header: { ...header, size, storedSize: size }, body: beginning(body, size) });
}

async function* beginning(body: AsyncIterable<Buffer>, size: number): AsyncGenerator<Buffer> {
  let left = size;
  for await (const chunk of body) {
    if (left > 0) yield chunk.subarray(0, left);
    left -= Math.min(left, chunk.length);
  }
}
