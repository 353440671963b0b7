import type { IndexEntry } from '../bag/index-entry.ts';
import { isRuntimeFolder } from '../bag/runtime-folder.ts';
import { RAW_DATA } from '../classify/classify.ts';
import type { Mount } from '../engine/engine.ts';
import { encodeBytes } from '../system/byte-text.ts';
import { linkFate, mountAround } from './links-between-mounts.ts';

/** Made by packages, their scripts or the build: right again only on the release that it was made on. */
const MADE_BY_PACKAGES: ReadonlySet<string> = new Set(['image/unowned', 'package/modified']);

const DELETED_FOLDERS = 'deleted-folders0';
const ACCOUNT_FILE = /^\/etc\/(passwd|group|shadow|gshadow|subuid|subgid)$/;

/** Names that the kernel takes (xattr(7)); what tar recorded of another file system has no place here. */
const XATTR_NAME = /^(user|trusted|security|system)\.[^\s=]+$/;

/**
 * What restore/apply.sh reads beside its text, in a container whose volumes lie at `mounts`: file name -> content, for the lists that are not empty. `records`, `accounts` and
 * `made-by-packages` are always there. Lists whose names end in 0 hold values that each end in a NUL; the others are for GNU tar's options, lines.
 */
export function payloadLists(index: Iterable<IndexEntry>, mounts: readonly Mount[]): Map<string, Buffer> {
  const lists = new Lists();
  const kept = keptInShared(index, mounts);
  for (const entry of index) {
    addEntry(lists, entry);
    if (entry.disposition === 'keep' && entry.hardlink !== undefined) {
      const fate = linkFate(entry.path, entry.hardlink, mounts, path => kept.has(path));
      if (fate !== 'link') lists.add('links-across', `${excludePattern(entry.path)}\n`);
      if (fate === 'copy') lists.add('copies0', `${entry.hardlink}\0${entry.path}\0`);
    }
  }
  return lists.files();
}

/** Kept paths below mount points that show the same. */
function keptInShared(index: Iterable<IndexEntry>, mounts: readonly Mount[]): Set<string> {
  const shared = mounts.filter(mount => mounts.some(other => other !== mount && other.source === mount.source));
  const kept = new Set<string>();
  if (shared.length === 0) return kept;
  for (const { path, disposition } of index) if (disposition === 'keep' && mountAround(path, shared)) kept.add(path);
  return kept;
}

function addEntry(lists: Lists, entry: IndexEntry): void {
  const { path, disposition } = entry;
  if (disposition === 'record') {
    lists.add('records', `${excludePattern(path)}\n`);
    if (ACCOUNT_FILE.test(path) && entry.kind === 'file') lists.add('accounts', `.${path}\n`);
  } else if (disposition === 'keep' && entry.rule === RAW_DATA) {
    lists.add('records', `${excludePattern(path)}\n`); // never unpacked: its export is loaded
  } else if (disposition === 'keep' && MADE_BY_PACKAGES.has(entry.rule)) {
    lists.add('made-by-packages', `${excludePattern(path)}\n`);
  } else if (disposition === 'delete') {
    lists.add(entry.kind === 'directory' ? DELETED_FOLDERS : 'deleted-files0', `${path}\0`);
  } else if (disposition === 'attributes') addAttributes(lists, entry);
  else if (isRuntimeFolder(entry)) lists.add('folders0', `${path}\0${ownerOf(entry)}\0${modeOf(entry)}\0`);
}

function ownerOf(entry: IndexEntry): string {
  return `${entry.user || entry.uid}:${entry.group || entry.gid}`;
}

/** Five digits: with four, chmod leaves the setgid bit of a directory that had it. */
function modeOf(entry: IndexEntry): string {
  return entry.mode.padStart(5, '0');
}

function addAttributes(lists: Lists, entry: IndexEntry): void {
  const { path, xattrs = {}, aclAccess = '', aclDefault = '' } = entry;
  lists.add('attributes0', `${path}\0${ownerOf(entry)}\0${modeOf(entry)}\0`);
  if (aclAccess || aclDefault) lists.add('acls0', `${path}\0${aclLines(aclAccess)}\0${aclLines(aclDefault)}\0`);
  for (const [name, value] of Object.entries(xattrs))
    if (XATTR_NAME.test(name) && name !== 'security.selinux') lists.add('xattrs0', `${path}\0${name}\x000s${value}\0`);
}

/** tar separates the entries of a list by commas or line breaks, setfacl reads one a line. */
function aclLines(text: string): string {
  return text.replaceAll(',', '\n').trim();
}

/**
 * A member's name as a pattern of `tar --anchored --exclude-from`, whose file has a pattern a line and loses blanks at the end: such
 * characters can only be said as "any character".
 */
export function excludePattern(path: string): string {
  return `.${path}`
    .replace(/[\\*?[\]]/g, '\\$&')
    .replaceAll('\n', '?')
    .replace(/\s+$/, blanks => '?'.repeat(blanks.length));
}

class Lists {
  readonly #parts = new Map<string, string[]>([
    ['records', []],
    ['made-by-packages', []],
    ['accounts', []],
  ]);

  add(name: string, text: string): void {
    const parts = this.#parts.get(name) ?? [];
    parts.push(text);
    this.#parts.set(name, parts);
  }

  files(): Map<string, Buffer> {
    // The index is sorted: what is below a folder has to go before it.
    this.#parts.get(DELETED_FOLDERS)?.reverse();
    return new Map([...this.#parts].map(([name, parts]) => [name, encodeBytes(parts.join(''))]));
  }
}
