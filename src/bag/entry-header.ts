import type { IndexEntry } from './index-entry.ts';
import { EMPTY_FILE, type TarHeader } from './tar-header.ts';

/** The header of a tar's member as the index has a path: with its mode, owner and time, and without a content. */
export function headerOfEntry(entry: IndexEntry): TarHeader {
  const { path, mode, uid, gid, user, group, mtime } = entry;
  return {
    ...{ ...EMPTY_FILE, path: path.slice(1), mode: Number.parseInt(mode, 8) & 0o7777 },
    ...{ uid, gid, user, group, mtime: mtime === '' ? '0' : mtime },
  };
}
