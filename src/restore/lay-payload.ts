import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { IndexEntry } from '../bag/index-entry.ts';
import {
  encodeTarMember,
  endOfTar,
  memberPadding,
  readTar,
  rewriteMember,
  type TarHeader,
  type TarMember,
} from '../bag/tar-reader.ts';
import { PerennialError } from '../errors.ts';
import type { NewSystem } from './new-system.ts';
import type { Placement } from './placement.ts';

/** A file of the payload that is not laid as it is: an account database, or one side of a merge. */
export interface Captured {
  entry: IndexEntry;
  header: TarHeader;
  content: Buffer;
  placement: Placement;
}

export interface Laid {
  captured: Captured[];
  /** Directory members as laid, for setting their times at the very end. */
  directories: TarHeader[];
  paths: number;
  bytes: number;
}

/** Extraction by the new system's GNU tar: owners by name, everything that the payload recorded. */
export const TAR_EXTRACT = [
  'tar',
  '--extract',
  '--file=-',
  '--directory=/',
  '--preserve-permissions',
  '--same-owner',
  '--xattrs',
  '--xattrs-include=*',
  '--acls',
  '--keep-directory-symlink',
  '--warning=no-timestamp',
];

/** Larger files are data, never merged. */
const LARGEST_MERGE = 4 * 1024 * 1024;

/**
 * Streams the payload into the new system: members that are laid go through untouched or renamed, the others are
 * handed back. Constant memory apart from those.
 */
export async function layPayload(
  payload: AsyncIterable<Buffer>,
  index: ReadonlyMap<string, IndexEntry>,
  placements: ReadonlyMap<string, Placement>,
  system: NewSystem,
): Promise<Laid> {
  const stream = system.target.execStream(TAR_EXTRACT, { env: { LC_ALL: 'C.UTF-8' } });
  stream.stdout.resume();
  const laid: Laid = { captured: [], directories: [], paths: 0, bytes: 0 };
  for await (const member of readTar(payload)) {
    const path = `/${member.header.path}`;
    const entry = index.get(path);
    const placement = placements.get(path);
    if (!entry || !placement) throw new PerennialError('bag-invalid', `The payload has ${path}, the index has not`);
    if (placement.action === 'skip') continue;
    if (
      placement.action !== 'lay' &&
      member.header.kind === 'file' &&
      member.header.size <= LARGEST_MERGE &&
      !member.header.sparse
    ) {
      laid.captured.push({ entry, header: member.header, content: await collect(member.body), placement });
      continue;
    }
    await passOn(member, placement.path, placements, stream.stdin);
    if (member.header.kind === 'directory') laid.directories.push({ ...member.header, path: placement.path.slice(1) });
    laid.paths++;
    laid.bytes += member.header.size;
  }
  stream.stdin.end(endOfTar);
  await stream.done;
  return laid;
}

async function passOn(
  member: TarMember,
  path: string,
  placements: ReadonlyMap<string, Placement>,
  out: Writable,
): Promise<void> {
  const { header } = member;
  const linkTarget = header.kind === 'hardlink' ? newName(header.linkTarget, placements) : header.linkTarget;
  const moved = path !== `/${header.path}` || linkTarget !== header.linkTarget;
  await write(out, moved ? rewriteMember(member, { path: path.slice(1), linkTarget }) : member.headerBlocks);
  for await (const chunk of member.body) await write(out, chunk);
  await write(out, memberPadding(header.storedSize));
}

function newName(target: string, placements: ReadonlyMap<string, Placement>): string {
  const placement = placements.get(`/${target}`);
  return placement && placement.action !== 'skip' ? placement.path.slice(1) : target;
}

/** Puts single files into the new system by tar, with all their attributes; `content` replaces what the header had. */
export async function layFiles(system: NewSystem, files: { header: TarHeader; content: Buffer }[]): Promise<void> {
  if (files.length === 0) return;
  const stream = system.target.execStream(TAR_EXTRACT, { env: { LC_ALL: 'C.UTF-8' } });
  stream.stdout.resume();
  for (const { header, content } of files) {
    const size = header.kind === 'file' ? content.length : 0;
    await write(stream.stdin, encodeTarMember({ ...header, size, storedSize: size }));
    await write(stream.stdin, content);
    await write(stream.stdin, memberPadding(size));
  }
  stream.stdin.end(endOfTar);
  await stream.done;
}

async function write(out: Writable, chunk: Buffer): Promise<void> {
  if (chunk.length > 0 && !out.write(chunk)) await Promise.race([once(out, 'drain'), once(out, 'close')]);
}

async function collect(body: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}
