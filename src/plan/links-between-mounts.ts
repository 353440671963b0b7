import type { Mount } from '../engine/engine.ts';

/**
 * What becomes of a hard link: made as it is; nothing, since its file is there by another mount of the same volume; or a copy, since
 * link(2) does not go from one mount to another.
 */
export type LinkFate = 'link' | 'there' | 'copy';

/** The mount in which a path lies; none is the root. */
export function mountAround<M extends { destination: string }>(path: string, mounts: readonly M[]): M | undefined {
  let inner: M | undefined;
  for (const mount of mounts) {
    const isAround = path === mount.destination || path.startsWith(`${mount.destination}/`);
    if (isAround && mount.destination.length >= (inner?.destination.length ?? 0)) inner = mount;
  }
  return inner;
}

/**
 * A service that had one folder at two mount points has the names of one file in both, which tar writes down as hard links. Pure.
 * @param has whether a path is put back by a name of its own
 */
export function linkFate(
  path: string,
  target: string,
  mounts: readonly Mount[],
  has: (path: string) => boolean,
): LinkFate {
  const own = mountAround(path, mounts);
  const other = mountAround(target, mounts);
  if (own === other) return 'link';
  if (!own || !other || own.source === '' || own.source !== other.source) return 'copy';
  const twin = other.destination + path.slice(own.destination.length);
  return mountAround(twin, mounts) === other && has(twin) ? 'there' : 'copy';
}
