import { posix } from 'node:path';

/** Directory -> name -> target, as readlink gives it. */
export type LinkSets = ReadonlyMap<string, ReadonlyMap<string, string>>;

export interface LinkSetOptions {
  /** The links of the image that the old container was started from: what differs from it is the owner's. */
  oldImage?: LinkSets | undefined;
  /** Where a path of the old system lies on the new one. */
  mapPath?: (path: string) => string;
  /** Whether a path will be there in the end (the new system with what the restore brings); default: everything is. */
  existsInNew?: (path: string) => boolean;
  /** The old package that owned a path of the old system. */
  packageOf?: (path: string) => string | undefined;
}

export interface LinkChange {
  dir: string;
  name: string;
  target: string;
  why: string;
}

export interface DanglingLink {
  dir: string;
  name: string;
  target: string;
  /** The package that is most likely missing; undefined when nothing owned the old target. */
  package: string | undefined;
}

export interface LinkPlan {
  remove: LinkChange[];
  add: LinkChange[];
  dangling: DanglingLink[];
  notes: string[];
}

const LINK_SET = /(-enabled|\.wants|\.requires)$|^\/etc\/rc[0-6S]\.d$|^\/etc\/php\/[^/]+\/[^/]+\/conf\.d$/;

/** Whether the links of a directory are a set that switches things on: Apache's and nginx's, rcN.d, systemd's, PHP's. */
export function isLinkSet(dir: string): boolean {
  return LINK_SET.test(dir);
}

/**
 * What the owner switched on and off, repeated on the new system: links that the old image lacks are added, links that it had and the
 * owner removed are removed; everything else is the new system's business. Without `oldImage` nothing is removed, since
 * a link that only the new system has may be new: it is noted. Links that lead nowhere afterwards are named.
 */
export function makeLinkSetsEqual(old: LinkSets, fresh: LinkSets, options: LinkSetOptions = {}): LinkPlan {
  const plan: LinkPlan = { remove: [], add: [], dangling: [], notes: [] };
  for (const dir of new Set([...old.keys(), ...(options.oldImage?.keys() ?? [])])) {
    if (isLinkSet(dir)) planDirectory(dir, old, fresh, options, plan);
  }
  return plan;
}

function planDirectory(dir: string, old: LinkSets, fresh: LinkSets, options: LinkSetOptions, plan: LinkPlan): void {
  const { mapPath = path => path, oldImage } = options;
  const was = byKey(dir, old.get(dir), mapPath);
  const before = oldImage && byKey(dir, oldImage.get(dir), mapPath);
  const now = byKey(mapPath(dir), fresh.get(mapPath(dir)), path => path);
  for (const [key, link] of was) {
    const isOwners = before?.get(key)?.link.target !== link.link.target;
    const present = now.get(key);
    if (isOwners && present?.link.target !== link.link.target) {
      if (present) plan.remove.push({ ...present.link, why: 'the owner let it lead elsewhere' });
      plan.add.push({ ...link.link, why: before ? 'switched on by the owner' : 'it was there on the old system' });
      reportDangling(link, options, plan);
    }
  }
  for (const [key, { link }] of now) {
    if (was.has(key)) continue;
    if (before?.has(key)) plan.remove.push({ ...link, why: 'switched off by the owner' });
    else if (!oldImage && was.size > 0)
      plan.notes.push(`${link.dir}/${link.name} is new; whether the old system had it off is unknown`);
  }
}

interface KnownLink {
  /** As it has to be on the new system. */
  link: { dir: string; name: string; target: string };
  /** Absolute target on the old system. */
  source: string;
}

/** Links as they read on the new system, by what they switch: the number that only orders them left out. */
function byKey(
  dir: string,
  links: ReadonlyMap<string, string> | undefined,
  mapPath: (path: string) => string,
): Map<string, KnownLink> {
  const newDir = mapPath(dir);
  const known = new Map<string, KnownLink>();
  for (const [name, target] of links ?? []) {
    if (name === '' || name === '.' || name === '..' || /[/\0]/.test(name)) continue;
    const source = posix.resolve(dir, target);
    const newName = posix.basename(mapPath(`${dir}/${name}`));
    const absolute = mapPath(source);
    const newTarget = target.startsWith('/') ? absolute : posix.relative(newDir, absolute);
    known.set(switchName(newDir, newName), { link: { dir: newDir, name: newName, target: newTarget }, source });
  }
  return known;
}

/** rcN.d and PHP number their links, and the number may differ between releases (insserv(8), phpenmod(8)). */
function switchName(dir: string, name: string): string {
  if (/\/rc[0-6S]\.d$/.test(dir)) return name.replace(/^([SK])\d\d/, '$1');
  return /\/conf\.d$/.test(dir) ? name.replace(/^\d+-/, '') : name;
}

function reportDangling({ link, source }: KnownLink, { existsInNew, packageOf }: LinkSetOptions, plan: LinkPlan): void {
  if (!existsInNew || link.target === '/dev/null' || existsInNew(posix.resolve(link.dir, link.target))) return;
  plan.dangling.push({ ...link, package: packageOf?.(source) });
}
