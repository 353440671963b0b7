import type { IndexEntry } from '../bag/index-entry.ts';

export interface DeletionContext {
  /** Every path of the new system. */
  existsInNew: ReadonlySet<string>;
  /** Where a path of the old system lies on the new one. */
  mapPath: (path: string) => string;
  /** Symlinks of the new system: nothing is deleted through one. */
  symlinksInNew?: ReadonlySet<string>;
  /** Directories of the new system; what has something below it counts as one anyway. */
  directoriesInNew?: ReadonlySet<string>;
  /** Files of Essential packages of the new system. */
  essential?: ReadonlySet<string>;
  /** Paths (of the new system) that the restore brings: none of them is deleted, nor a directory that holds one. */
  restored?: ReadonlySet<string>;
}

export interface PlannedDeletion {
  path: string;
  /** `rm` or `rmdir`: never a whole tree. */
  action: 'unlink' | 'rmdir';
  why: string;
}

export interface DeletionPlan {
  /** In the order to be carried out: what is in a directory before the directory. */
  deletions: PlannedDeletion[];
  /** What stays although the owner deleted it. `gone`: it is not there anyway, so nobody needs to look. */
  skipped: { path: string; why: string; gone: boolean }[];
}

/** The kernel's and the engine's: they are mounted or made anew with every container. */
const NOT_OURS = /^\/(proc|sys|dev|run)(\/|$)|^\/etc\/(hosts|hostname|resolv\.conf|mtab)$|^\/\.dockerenv$/;

/**
 * Which of the owner's deletions to repeat on the new system. Takes index entries (only those with disposition `delete`
 * count). A deletion never reaches through a symlink, into another tree, or into an Essential package outside
 * /etc, and a directory goes only when nothing is left in it.
 */
export function planDeletions(entries: readonly IndexEntry[], context: DeletionContext): DeletionPlan {
  const plan: DeletionPlan = { deletions: [], skipped: [] };
  const children = countChildren(context.existsInNew);
  const holders = new Set([...(context.restored ?? [])].flatMap(ancestorsOf));
  for (const entry of deepestFirst(entries.filter(each => each.disposition === 'delete'))) {
    const path = context.mapPath(entry.path);
    const objection = findObjection(path, context, dir => (children.get(dir) ?? 0) > 0 || holders.has(dir));
    if (objection) {
      plan.skipped.push({ path: entry.path, ...objection });
      continue;
    }
    const isDirectory = children.has(path) || (context.directoriesInNew?.has(path) ?? entry.kind === 'directory');
    const why = path === entry.path ? entry.why : `${entry.why} (was ${entry.path})`;
    plan.deletions.push({ path, action: isDirectory ? 'rmdir' : 'unlink', why });
    const parent = parentOf(path);
    children.set(parent, (children.get(parent) ?? 1) - 1);
  }
  return plan;
}

function findObjection(
  path: string,
  context: DeletionContext,
  isFilled: (path: string) => boolean,
): { why: string; gone: boolean } | undefined {
  const stays = (why: string) => ({ why, gone: false });
  if (!isPlain(path)) return stays('not a plain absolute path');
  if (path.lastIndexOf('/') === 0) return stays('a directory at the top of the system');
  if (NOT_OURS.test(path)) return stays('made by the kernel or the engine');
  const link = ancestorsOf(path).find(parent => context.symlinksInNew?.has(parent));
  if (link) return stays(`${link} is a symlink on the new system`);
  if (!context.existsInNew.has(path)) return { why: 'not on the new system', gone: true };
  if (context.restored?.has(path)) return stays('the restore brings this path');
  if (context.essential?.has(path) && !path.startsWith('/etc/')) return stays('belongs to an essential package');
  return isFilled(path) ? stays('a directory that is not empty on the new system') : undefined;
}

function isPlain(path: string): boolean {
  return (
    path.startsWith('/') &&
    !path.includes('\0') &&
    path
      .slice(1)
      .split('/')
      .every(part => !['', '.', '..'].includes(part))
  );
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}

function ancestorsOf(path: string): string[] {
  const parts = path.split('/').slice(1, -1);
  return parts.map((_, at) => `/${parts.slice(0, at + 1).join('/')}`);
}

function countChildren(paths: ReadonlySet<string>): Map<string, number> {
  const children = new Map<string, number>();
  for (const path of paths) {
    const parent = parentOf(path);
    if (path !== '/') children.set(parent, (children.get(parent) ?? 0) + 1);
  }
  return children;
}

function deepestFirst(entries: readonly IndexEntry[]): IndexEntry[] {
  const depth = ({ path }: IndexEntry): number => path.split('/').length;
  return entries.toSorted((a, b) => depth(b) - depth(a) || (a.path < b.path ? -1 : 1));
}
