import type { IndexEntry } from '../bag/index-entry.ts';
import { isArchive, isUnpacked } from '../bag/unpacked.ts';

/** What can stand in a line with tabs; archives vouch for no other path. */
const PLAIN = /^\/[\x20-\x5b\x5d-\x7e]+$/;
const OWNER = /^[\w.][\w.@$-]*$/;

/**
 * Lines for program/unpack.sh: archives of packages of npm and gem, and the files that are unpacked of them. Pure; '' where there are none.
 * Whatever is no plain name is left out, and so is missing there.
 */
export function unpackLists(index: Iterable<IndexEntry>): { archives: string; unpacked: string } {
  const lists = { archives: '', unpacked: '' };
  for (const entry of index) {
    const { path, mode, mtime, sha256 } = entry;
    if (!PLAIN.test(path)) continue;
    if (isArchive(entry)) lists.archives += `${path}\n`;
    else if (isUnpacked(entry) && sha256)
      lists.unpacked += `${[sha256, mode, ownerOf(entry), mtime || '0', path].join('\t')}\n`;
  }
  return lists;
}

function ownerOf({ user, group, uid, gid }: IndexEntry): string {
  const one = (name: string, id: number) => (OWNER.test(name) ? name : String(id));
  return `${one(user, uid)}:${one(group, gid)}`;
}
