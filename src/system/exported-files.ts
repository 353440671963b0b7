import { Readable, Writable } from 'node:stream';
import { contentDigest, endOfTar, memberPadding, readTar, rewriteMember, type TarMember } from '../bag/tar-reader.ts';
import type { CommandStream } from '../engine/engine.ts';
import { endedEarly } from '../engine/use-stream.ts';
import { parseAccounts } from './accounts.ts';
import { encodeBytes } from './byte-text.ts';
import type { FileContent, FileReader } from './target.ts';

/** One tar of the engine, opened when its turn comes, and where its members lie in the system. */
export interface ExportPart {
  open(): CommandStream;
  /** Absolute path of a member by its name in the tar; undefined when another part has it. */
  place(name: string): string | undefined;
}

/** What the engine's tar says of a path. */
export interface ExportedEntry extends FileContent {
  kind: TarMember['header']['kind'];
  mode: number;
  uid: number;
  gid: number;
  size: number;
  /** Whole seconds since 1970. */
  mtime: string;
  /** Of a symbolic link as written; of a hard link the absolute path of the member that has the content. */
  target: string;
  device: string;
  mounted: boolean;
}

export interface ExportedFilesOptions {
  /** The engine's streams, anew for each call: root first, then each mount. */
  parts(mounts: string[]): ExportPart[];
  /** Times of a path. The engine tells none of the status change, so whoever knows another source has to say what changed. */
  times(path: string, entry: ExportedEntry): { mtime: string; ctime: string };
  /** Is awaited before the first path. */
  before?: () => Promise<void>;
}

const KIND_LETTERS = {
  file: 'f',
  hardlink: 'f',
  directory: 'd',
  symlink: 'l',
  fifo: 'p',
  socket: 's',
  char: 'c',
  block: 'b',
};
const SEPARATOR = Buffer.alloc(2);
const ACCOUNTS = ['/etc/passwd', '/etc/group'];
/** System files are small; what is larger is none of them. */
const LARGEST = 64 * 1024 * 1024;

/** Files of a container or image by the engine's own tar streams: whole seconds, no ACLs, no attributes but capabilities, no holes. */
export class ExportedFiles implements FileReader {
  readonly #options: ExportedFilesOptions;
  #mounts: string[] = [];
  #entries = new Map<string, ExportedEntry>();
  #users = new Map<number, string>();
  #groups = new Map<number, string>();

  constructor(options: ExportedFilesOptions) {
    this.#options = options;
  }

  /** Every path that `look` has seen. */
  get entries(): ReadonlyMap<string, ExportedEntry> {
    return this.#entries;
  }

  look(mounts: string[], paths: string[]): CommandStream {
    return generated(this.#look(mounts, paths));
  }

  below(paths: string[]): string[] {
    return [...this.#entries.keys()].filter(systemPaths(paths));
  }

  async probe(paths: string[]): Promise<Map<string, FileContent>> {
    const found = new Map<string, FileContent>();
    for (const path of paths) {
      const entry = this.#entries.get(path);
      const content = entry?.kind === 'hardlink' ? this.#entries.get(entry.target) : entry;
      if (content) found.set(path, { md5: content.md5, sha256: content.sha256, xattrs: content.xattrs });
    }
    return found;
  }

  tar(paths: string[]): CommandStream {
    return generated(this.#tar(paths));
  }

  async *#look(mounts: string[], paths: string[]): AsyncGenerator<Buffer> {
    await this.#options.before?.();
    this.#mounts = mounts;
    this.#entries = new Map();
    const wanted = systemPaths([...paths, ...ACCOUNTS.map(path => path.slice(1))]);
    const system = new Map<string, Buffer>();
    const bodies: Buffer[] = [];
    for await (const { path, member, place, mounted } of this.#members()) {
      const isSystem = wanted(path) && member.header.kind === 'file' && member.header.storedSize < LARGEST;
      const body = isSystem ? await collect(member.body) : undefined;
      const entry = await entryOf(member, body, place, mounted);
      this.#entries.set(path, entry);
      if (body) system.set(path, body);
      if (isSystem) bodies.push(...wholeMember(member, path, body!));
    }
    const accounts = parseAccounts(
      Object.fromEntries(ACCOUNTS.map(path => [path.slice(5), system.get(path) ?? Buffer.alloc(0)])),
    );
    this.#users = new Map([...accounts.passwd].reverse().map(each => [each.uid, each.name]));
    this.#groups = new Map([...accounts.group].reverse().map(each => [each.gid, each.name]));
    yield* this.#records();
    yield SEPARATOR;
    yield* bodies;
    yield endOfTar;
  }

  /** Lines as walkArguments (src/detect/walk.ts) has find print them. */
  *#records(): Generator<Buffer> {
    const links = new Map<string, number>();
    for (const [path, entry] of this.#entries) {
      const first = entry.kind === 'hardlink' ? entry.target : path;
      links.set(first, (links.get(first) ?? 0) + 1);
    }
    for (const [path, entry] of this.#entries) {
      const content = entry.kind === 'hardlink' ? (this.#entries.get(entry.target) ?? entry) : entry;
      const count =
        content.kind === 'directory' ? 1 : (links.get(entry.kind === 'hardlink' ? entry.target : path) ?? 1);
      const facts = `${KIND_LETTERS[content.kind]}${content.mode.toString(8)} ${entry.uid} ${entry.gid} ${content.size} ${count}`;
      const { mtime, ctime } = this.#options.times(path, content);
      const target = content.kind === 'symlink' ? [Buffer.from(' '), encodeBytes(content.target)] : [];
      yield Buffer.concat([
        Buffer.from(`${ctime} `),
        encodeBytes(path),
        ZERO,
        Buffer.from(`${facts} ${mtime}`),
        ...target,
        ZERO,
      ]);
    }
  }

  async *#tar(paths: string[]): AsyncGenerator<Buffer> {
    const names = namesByContent(paths, this.#entries);
    const done = new Set<string>();
    for await (const { path, member } of this.#members()) {
      const aliases = member.header.kind === 'hardlink' ? undefined : names.get(path);
      if (!aliases || done.has(path)) continue;
      done.add(path);
      const [first, ...others] = aliases;
      yield rewriteMember(member, { ...this.#named(member), path: `.${first}` });
      for await (const chunk of member.body) yield Buffer.from(chunk); // a copy: who writes it gives its memory back (releaseBytes)
      yield memberPadding(member.header.storedSize);
      for (const alias of others) yield hardLink(member, alias, first!, this.#named(member));
    }
    yield endOfTar;
  }

  /** The engine looks ids up on its own machine, where they mean other people. */
  #named(member: TarMember): { user: string; group: string } {
    const { uid, gid } = member.header;
    return { user: this.#users.get(uid) ?? '', group: this.#groups.get(gid) ?? '' };
  }

  async *#members(): AsyncGenerator<{ path: string; member: TarMember; mounted: boolean; place: ExportPart['place'] }> {
    for (const [n, { open, place }] of this.#options.parts(this.#mounts).entries()) {
      const stream = open();
      try {
        for await (const member of readTar(stream.stdout as AsyncIterable<Buffer>, "the engine's export")) {
          const path = place(member.header.path);
          if (path !== undefined) yield { path, member, mounted: n > 0, place };
        }
      } catch (error) {
        stream.kill();
        const { code, stderr } = await stream.done.catch(() => ({ code: 0, stderr: '' }));
        throw code === 0 ? error : endedEarly("Reading the engine's export", code, stderr);
      }
      const { code, stderr } = await stream.done;
      if (code !== 0) throw endedEarly("Reading the engine's export", code, stderr);
    }
  }
}

const ZERO = Buffer.alloc(1);

async function entryOf(
  member: TarMember,
  body: Buffer | undefined,
  place: ExportPart['place'],
  mounted: boolean,
): Promise<ExportedEntry> {
  const { kind, mode, uid, gid, size, mtime, linkTarget, xattrs, devMajor, devMinor } = member.header;
  const source = body === undefined ? member : { ...member, body: Readable.from([body]) as AsyncIterable<Buffer> };
  const digest = kind === 'file' ? await contentDigest(source) : { md5: '', sha256: '' };
  const target = kind === 'hardlink' ? (place(linkTarget) ?? '') : linkTarget;
  return { kind, mode, uid, gid, size, mtime, target, xattrs, device: `${devMajor}:${devMinor}`, mounted, ...digest };
}

async function collect(body: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function wholeMember(member: TarMember, path: string, body: Buffer): Buffer[] {
  return [rewriteMember(member, { path: `.${path}` }), body, memberPadding(body.length)];
}

function hardLink(member: TarMember, path: string, target: string, owner: { user: string; group: string }): Buffer {
  const header = { ...member.header, kind: 'hardlink' as const, storedSize: 0, size: 0, xattrs: {} };
  return rewriteMember({ header, otherRecords: [] }, { ...owner, path: `.${path}`, linkTarget: `.${target}` });
}

/** Wanted paths by the member that has their content: of a hard-linked file the first wanted name carries it. */
function namesByContent(paths: string[], entries: ReadonlyMap<string, ExportedEntry>): Map<string, string[]> {
  const names = new Map<string, string[]>();
  for (const path of paths) {
    const entry = entries.get(path);
    if (!entry) continue;
    const content = entry.kind === 'hardlink' ? entry.target : path;
    const known = names.get(content);
    if (known) known.push(path);
    else names.set(content, [path]);
  }
  return names;
}

/** A test whether a path is one of some files and folders, named relative to the root. */
function systemPaths(paths: string[]): (path: string) => boolean {
  const files = new Set(paths.map(path => `/${path}`));
  const folders = paths.map(path => `/${path}/`);
  return path => files.has(path) || folders.some(folder => path.startsWith(folder));
}

/** What a generator gives, as a command whose input nobody reads. */
function generated(chunks: AsyncGenerator<Buffer>): CommandStream {
  const stdout = Readable.from(chunks, { objectMode: false });
  const done = new Promise<{ code: number; stderr: string }>(resolve => {
    stdout.once('close', () => resolve({ code: 0, stderr: '' }));
  });
  const stdin = new Writable({ write: (_chunk, _encoding, next) => next() });
  return { stdin, stdout, done, kill: () => void stdout.destroy() };
}
