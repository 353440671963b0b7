import type { ContainerFacts, DiffKind, Engine, ExecOptions } from '../engine/engine.ts';
import { type ExportedEntry, ExportedFiles, type ExportPart } from './exported-files.ts';
import type { Target } from './target.ts';

/** A container that has no programs to read its files with, and its image. */
export interface ExportedContainer {
  target: Target;
  image: Target;
  /** Paths outside mounts about which the engine's diff and the contents disagree, after the target was looked at. */
  disagreements(): string[];
  close(): Promise<void>;
}

/**
 * Reads a container through the engine: its export, its copies of mounts, its diff. Status-change times are not to be had, so
 * a path counts as unchanged only where the diff is silent *and* kind, mode, owner, size, time and content are the image's.
 */
export async function openExported(engine: Engine, container: ContainerFacts): Promise<ExportedContainer> {
  const sample = await engine.create(container.imageId);
  const image = new ExportedFiles({
    parts: mounts => partsOf(engine, sample, mounts),
    times: (_path, { mtime }) => ({ mtime, ctime: mtime }),
  });
  const disagreeing = new Set<string>();
  const now = String(Math.floor(Date.now() / 1000));
  let diff = new Map<string, DiffKind>();
  const files = new ExportedFiles({
    parts: mounts => partsOf(engine, container.id, mounts),
    before: async () => {
      if (image.entries.size === 0) await drain(image.look([], []));
      diff = await engine.diff(container.id);
    },
    times: (path, entry) => {
      const { mtime } = entry;
      if (entry.mounted) return { mtime, ctime: mtime };
      const before = resolved(image.entries, path);
      const inDiff = diff.has(path) || diff.has(path.replace(/[\udc80-\udcff]/g, '\ufffd')); // see parseDiff
      const same = isSame(entry, before, inDiff);
      if (same === inDiff && entry.kind !== 'directory') disagreeing.add(path);
      if (!before || !same || (inDiff && entry.kind !== 'directory')) return { mtime, ctime: now };
      return { mtime: before.mtime, ctime: before.mtime };
    },
  });
  const { name } = container;
  return {
    target: {
      kind: 'container',
      root: '',
      files,
      exec: (argv, options) => engine.exec(container.id, argv, { user: '0', ...options }),
      execStream: (argv, options?: ExecOptions) => engine.execStream(container.id, argv, { user: '0', ...options }),
    },
    image: { ...noPrograms(name), files: image },
    disagreements: () => [...disagreeing].sort(),
    close: () => engine.removeContainer(sample),
  };
}

/** An image whose containers have no programs that could be started. */
function noPrograms(name: string): Pick<Target, 'kind' | 'root' | 'exec' | 'execStream'> {
  const refuse = () => {
    throw new Error(`no program can be run in the image of ${name}`);
  };
  return { kind: 'container', root: '', exec: refuse, execStream: refuse };
}

async function drain(stream: { stdout: AsyncIterable<unknown> }): Promise<void> {
  for await (const _ of stream.stdout);
}

/** The entry with the content of a path. */
function resolved(entries: ReadonlyMap<string, ExportedEntry>, path: string): ExportedEntry | undefined {
  const entry = entries.get(path);
  return entry?.kind === 'hardlink' ? entries.get(entry.target) : entry;
}

/**
 * Whether a path is the image's by all that the engine's tar tells. The time of a folder says something only when the diff has it
 * too: the engine itself makes places for its mounts and its /etc/hosts.
 */
function isSame(a: ExportedEntry, b: ExportedEntry | undefined, inDiff: boolean): boolean {
  if (!b || a.kind !== b.kind || a.mode !== b.mode || a.uid !== b.uid || a.gid !== b.gid) return false;
  if (a.kind === 'directory') return !inDiff || a.mtime === b.mtime;
  const attributes = (entry: ExportedEntry) => JSON.stringify(Object.entries(entry.xattrs).sort());
  return (
    a.size === b.size &&
    a.mtime === b.mtime &&
    a.sha256 === b.sha256 &&
    a.device === b.device &&
    (a.kind !== 'symlink' || a.target === b.target) &&
    attributes(a) === attributes(b)
  );
}

/** The streams of the root and of each mount that lies in no other one. */
function partsOf(engine: Engine, container: string, mounts: string[]): ExportPart[] {
  const outer = mounts.filter(mount => !mounts.some(other => other !== mount && `${mount}/`.startsWith(`${other}/`)));
  const below = (path: string) => outer.some(mount => path === mount || path.startsWith(`${mount}/`));
  const root: ExportPart = {
    open: () => engine.exportStream(container),
    place: name => (below(`/${name}`) ? undefined : `/${name}`),
  };
  const copies = outer.map(mount => ({ open: () => engine.copyStream(container, mount), place: underMount(mount) }));
  return [root, ...copies];
}

/** Names in the copy of a path begin with its last part. */
function underMount(mount: string): (name: string) => string {
  return name => {
    const slash = name.indexOf('/');
    return slash < 0 ? mount : mount + name.slice(slash);
  };
}
