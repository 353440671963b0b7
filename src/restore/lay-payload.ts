import type { Writable } from 'node:stream';
import type { IndexEntry } from '../bag/index-entry.ts';
import { usedUp } from '../bag/release-bytes.ts';
import {
  encodeTarMember,
  endOfTar,
  memberPadding,
  readTar,
  rewriteMember,
  type TarHeader,
  type TarMember,
} from '../bag/tar-reader.ts';
import type { CommandStream, Mount } from '../engine/engine.ts';
import { useStream } from '../engine/use-stream.ts';
import { PerennialError } from '../errors.ts';
import { linkFate, mountAround } from '../plan/links-between-mounts.ts';
import { encodeBytes } from '../system/byte-text.ts';
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
  capturedBytes: number;
  /** Hard links to make once what was captured has its place. */
  links: TarHeader[];
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
  '--xattrs-exclude=system.posix_acl_*',
  '--acls',
  '--keep-directory-symlink',
  '--warning=no-timestamp',
];

/** Larger files are data, never merged. */
export const LARGEST_MERGE = 4 * 1024 * 1024;

/** What the owner's file is called where the package's has the name. */
export const BESIDE = '.perennial-old';

/** Bytes of all files that are merged, which are kept in memory. */
const MOST_CAPTURED = 256 * 1024 * 1024;

/** Sees every small file that is laid, for names that are not there any more. */
export type Watch = (path: string, content: Buffer) => void;
const LARGEST_WATCHED = 1024 * 1024;

/**
 * Streams the payload into the new system: members that are laid go through untouched or renamed, the others are
 * handed back. Constant memory apart from those.
 */
export async function layPayload(
  payload: AsyncIterable<Buffer>,
  index: ReadonlyMap<string, IndexEntry>,
  placements: ReadonlyMap<string, Placement>,
  system: NewSystem,
  watch?: Watch,
): Promise<Laid> {
  const across = new LinksAcross(system.mounts, path => {
    const placement = placements.get(path);
    return placement?.action === 'lay' && placement.path === path;
  });
  const laid: Laid = { captured: [], capturedBytes: 0, links: [], directories: [], paths: 0, bytes: 0 };
  await useStream(extract(system), async stream => {
    for await (const member of readTar(usedUp(payload)))
      await layMember(member, index, placements, stream.stdin, watch, laid, across);
    stream.stdin.end(endOfTar);
  });
  await across.lay(system);
  return laid;
}

const EXTRACT_OPTIONS = { env: { LC_ALL: 'C.UTF-8' } };

function extract(system: NewSystem): CommandStream {
  const stream = system.target.execStream(TAR_EXTRACT, EXTRACT_OPTIONS);
  stream.stdout.resume();
  return stream;
}

async function layMember(
  member: TarMember,
  index: ReadonlyMap<string, IndexEntry>,
  placements: ReadonlyMap<string, Placement>,
  out: Writable,
  watch: Watch | undefined,
  laid: Laid,
  across: LinksAcross,
): Promise<void> {
  const path = `/${member.header.path}`;
  const entry = index.get(path);
  const placement = placements.get(path);
  if (!entry || !placement) throw new PerennialError('bag-invalid', `The payload has ${path}, the index has not`);
  if (placement.action === 'skip') return;
  if (placement.action !== 'lay' && isMergeable(member.header)) {
    laid.capturedBytes += member.header.size;
    if (laid.capturedBytes > MOST_CAPTURED)
      throw new PerennialError(
        'bag-invalid',
        `The bag has more than ${MOST_CAPTURED} bytes of configuration to merge`,
        {
          hint: 'No service has so much: do not use this bag.',
        },
      );
    laid.captured.push({ entry, header: member.header, content: await collect(member.body), placement });
    return;
  }
  if (placement.action !== 'lay' && member.header.kind === 'hardlink') {
    const linkTarget = newName(member.header.linkTarget, placements);
    laid.links.push({ ...member.header, path: placedName(placement), linkTarget });
    return;
  }
  if (member.header.kind === 'hardlink') {
    const linkTarget = newName(member.header.linkTarget, placements);
    if (across.takes({ ...member.header, path: placedName(placement), linkTarget })) {
      laid.paths++;
      return;
    }
  }
  await passOn(member, placement, placements, out, watch);
  if (member.header.kind === 'directory') laid.directories.push({ ...member.header, path: placement.path.slice(1) });
  laid.paths++;
  laid.bytes += member.header.size;
}

/** Hard links from one mount to another: the first name in a mount is a copy, further ones are links to that. */
class LinksAcross {
  readonly #copies = new Map<string, TarHeader>();
  readonly #links: TarHeader[] = [];
  readonly #mounts: readonly Mount[];
  readonly #has: (path: string) => boolean;

  constructor(mounts: readonly Mount[], has: (path: string) => boolean) {
    this.#mounts = mounts;
    this.#has = has;
  }

  /** Whether this link is none that tar can make. */
  takes(header: TarHeader): boolean {
    const { path, linkTarget } = header;
    const fate = linkFate(`/${path}`, `/${linkTarget}`, this.#mounts, this.#has);
    if (fate === 'copy') {
      const key = `${mountAround(`/${path}`, this.#mounts)?.destination ?? ''}\0${linkTarget}`;
      const first = this.#copies.get(key);
      if (first) this.#links.push({ ...header, linkTarget: first.path });
      else this.#copies.set(key, header);
    }
    return fate !== 'link';
  }

  async lay(system: NewSystem): Promise<void> {
    if (this.#copies.size === 0) return;
    const pairs = [...this.#copies.values()].map(({ path, linkTarget }) => `/${linkTarget}\0/${path}\0`).join('');
    await system.target.exec(COPY, { ...EXTRACT_OPTIONS, input: encodeBytes(pairs) });
    await layFiles(
      system,
      this.#links.map(header => ({ header, content: Buffer.alloc(0) })),
    );
  }
}

/** Copies with all attributes, source and destination in turn on stdin. */
const COPY = ['xargs', '-0', '-r', '-n', '2', 'cp', '--archive', '--remove-destination', '--no-target-directory', '--'];

function isMergeable(header: TarHeader): boolean {
  return header.kind === 'file' && header.size <= LARGEST_MERGE && !header.sparse;
}

async function passOn(
  member: TarMember,
  placement: Exclude<Placement, { action: 'skip' }>,
  placements: ReadonlyMap<string, Placement>,
  out: Writable,
  watch: Watch | undefined,
): Promise<void> {
  const { header } = member;
  const { path } = placement;
  const target = placement.action === 'lay' ? placement.target : undefined;
  const linkTarget =
    header.kind === 'hardlink' ? newName(header.linkTarget, placements) : (target ?? header.linkTarget);
  const moved = path !== `/${header.path}` || linkTarget !== header.linkTarget;
  await write(out, moved ? rewriteMember(member, { path: path.slice(1), linkTarget }) : member.headerBlocks);
  const isWatched = watch && header.kind === 'file' && header.size <= LARGEST_WATCHED;
  const watched: Buffer[] | undefined = isWatched ? [] : undefined;
  for await (const chunk of member.body) {
    watched?.push(Buffer.from(chunk));
    await write(out, chunk);
  }
  await write(out, memberPadding(header.storedSize));
  if (watched) watch?.(path, Buffer.concat(watched));
}

function newName(target: string, placements: ReadonlyMap<string, Placement>): string {
  const placement = placements.get(`/${target}`);
  return placement && placement.action !== 'skip' ? placedName(placement) : target;
}

/** Name of a member, without the slash. */
function placedName({ action, path }: Exclude<Placement, { action: 'skip' }>): string {
  return `${path.slice(1)}${action === 'beside' ? BESIDE : ''}`;
}

/** Puts single files into the new system by tar, with all their attributes; `content` replaces what the header had. */
export async function layFiles(system: NewSystem, files: { header: TarHeader; content: Buffer }[]): Promise<void> {
  if (files.length === 0) return;
  const parts = files.flatMap(({ header, content }) => {
    const size = header.kind === 'file' ? content.length : 0;
    return [encodeTarMember({ ...header, size, storedSize: size }), content, memberPadding(size)];
  });
  await system.target.exec(TAR_EXTRACT, { ...EXTRACT_OPTIONS, input: Buffer.concat([...parts, endOfTar]) });
}

/** Longer chunks are not copied, but waited for. */
const COPIED = 64 * 1024;

/** Resolves when nobody reads the chunk's memory any more. */
async function write(out: Writable, chunk: Buffer): Promise<void> {
  if (chunk.length === 0 || out.destroyed) return;
  await new Promise<void>(resolve => {
    const go = () => {
      out.off('drain', go).off('close', go);
      resolve();
    };
    out.once('close', go); // a command that ended tells by its exit code
    if (chunk.length > COPIED) out.write(chunk, go);
    else if (out.write(Buffer.from(chunk))) go();
    else out.once('drain', go);
  });
}

async function collect(body: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
