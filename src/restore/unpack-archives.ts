import { createHash } from 'node:crypto';
import { archivedFiles, LARGEST_ARCHIVE } from '../bag/archived-files.ts';
import { headerOfEntry } from '../bag/entry-header.ts';
import type { IndexEntry } from '../bag/index-entry.ts';
import { encodeTarMember, endOfTar, memberPadding, readTar } from '../bag/tar-reader.ts';
import { ARCHIVE_RULE, isArchive, isUnpacked } from '../bag/unpacked.ts';
import { tarStream } from '../detect/probe.ts';
import type { CommandStream } from '../engine/engine.ts';
import { useStream } from '../engine/use-stream.ts';
import { PerennialError } from '../errors.ts';
import { printable } from '../system/byte-text.ts';
import type { Journal } from './journal.ts';
import { type Laid, layPayload } from './lay-payload.ts';
import type { NewSystem } from './new-system.ts';
import type { Placement } from './placement.ts';

/**
 * Puts back what the bag left to the archives of packages of npm and gem, which are back already: each file with the content that the
 * index has the digest of, and with the mode, owner and time that it had. No program of the languages and no network is needed. What no
 * archive has is in the journal, and the proof of the state finds it missing.
 * @returns what was laid, as of the payload
 */
export async function unpackArchives(
  system: NewSystem,
  index: ReadonlyMap<string, IndexEntry>,
  placements: ReadonlyMap<string, Placement>,
  journal: Journal,
): Promise<Laid | undefined> {
  const wanted = new Map<string, IndexEntry[]>();
  for (const entry of index.values()) {
    if (!isUnpacked(entry)) continue;
    const { sha256 = '' } = entry;
    wanted.set(sha256, [...(wanted.get(sha256) ?? []), entry]);
  }
  if (wanted.size === 0) return undefined;
  const archives = new Map(
    [...index.values()].flatMap(entry => {
      const placement = isArchive(entry) ? placements.get(entry.path) : undefined;
      return placement?.action === 'lay' ? [[placement.path, entry] as const] : [];
    }),
  );
  const laid = await layPayload(membersOf(system, archives, wanted, journal), index, placements, system);
  for (const { path } of [...wanted.values()].flat())
    journal.look('state', `${printable(path)} is not back`, 'no archive of a package in the bag has it', ARCHIVE_RULE);
  journal.done(
    'state',
    `${laid.paths} files, ${laid.bytes} bytes, unpacked again of ${archives.size} archives of packages of npm and gem`,
    'with the content, mode, owner and time that the index has of each',
    ARCHIVE_RULE,
  );
  return laid;
}

/** A tar of what is wanted, as the payload would have it; takes what was found from `wanted`. */
async function* membersOf(
  system: NewSystem,
  archives: ReadonlyMap<string, IndexEntry>,
  wanted: Map<string, IndexEntry[]>,
  journal: Journal,
): AsyncGenerator<Buffer> {
  for (const [path, entry] of archives) {
    if (wanted.size === 0) break;
    try {
      for await (const { content, sha256 } of archivedFiles(await readArchive(system, path, entry))) {
        for (const one of wanted.get(sha256) ?? []) {
          const { length } = content;
          yield encodeTarMember({ ...headerOfEntry(one), size: length, storedSize: length });
          yield Buffer.from(content); // whoever lays it gives its memory back
          yield Buffer.from(memberPadding(length));
        }
        wanted.delete(sha256);
      }
    } catch (error) {
      if (!(error instanceof PerennialError) || error.code !== 'bag-invalid') throw error;
      journal.look('state', `${printable(path)} could not be unpacked`, error.message, ARCHIVE_RULE);
    }
  }
  yield Buffer.from(endOfTar);
}

async function readArchive(system: NewSystem, path: string, { size, sha256 }: IndexEntry): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const read = async ({ stdout }: CommandStream) => {
    for await (const { header, body } of readTar(stdout as AsyncIterable<Buffer>))
      if (header.kind === 'file' && header.size <= LARGEST_ARCHIVE)
        for await (const chunk of body) chunks.push(Buffer.from(chunk));
  };
  if (size <= LARGEST_ARCHIVE)
    await useStream(tarStream(system.target, [path]), read, 'Reading the archive of a package');
  const archive = Buffer.concat(chunks);
  if (createHash('sha256').update(archive).digest('hex') !== sha256)
    throw new PerennialError('bag-invalid', 'it is not as in the bag');
  return archive;
}
