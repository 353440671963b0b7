import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeBytes } from '../../src/system/byte-text.ts';
import { aclText } from './acl-text.ts';

/** Everything that is compared of one path, already in words. Keys are what the report calls the attribute. */
export interface TreeEntry {
  type: string;
  mode: string;
  owner: string;
  group: string;
  /** Bytes; empty for anything but files. */
  size: string;
  /** Seconds with nine digits. */
  mtime: string;
  xattrs: string;
  acl: string;
  defaultAcl: string;
  target: string;
  /** The other names of the same inode inside the tree. */
  hardLinks: string;
  /** sha256 */
  content: string;
  /** Bytes on disk; empty for anything but files. Compared within reason. */
  allocated: string;
  /** major,minor */
  device: string;
}

interface Line {
  path: string;
  kind: string;
  mode: number;
  uid: number;
  gid: number;
  size: number;
  mtime: string;
  blocks: number;
  links: number;
  inode: string;
  device: string;
  target: string;
  xattrs: Record<string, string>;
  sha256: string;
}

/** Turns ids into names: as the accounts of a root file system say, or numbers when there is none. */
interface Names {
  user(id: number): string;
  group(id: number): string;
}

/**
 * Reads a tree with python3. Paths are absolute within it ("/" is the tree itself), odd bytes as in byte-text.ts.
 * `accounts` is a root file system whose etc/passwd and etc/group name the owners; without it owners are numbers.
 * Throws when a path cannot be read: run it as root for other people's files.
 */
export function readTree(root: string, accounts?: string): Map<string, TreeEntry> {
  const script = join(import.meta.dirname, 'read-tree.py');
  const output = execFileSync('python3', [script, root], { maxBuffer: 1 << 30, encoding: 'utf8' });
  const lines = output
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as Line);
  const names = accountNames(accounts);
  const linked = hardLinkNames(lines);
  return new Map(lines.map(line => [hexText(line.path), describe(line, names, linked)]));
}

function describe(line: Line, names: Names, linked: Map<string, string[]>): TreeEntry {
  const { 'system.posix_acl_access': access, 'system.posix_acl_default': defaults, ...xattrs } = line.xattrs;
  const isFile = line.kind === 'file';
  const path = hexText(line.path);
  return {
    type: line.kind,
    mode: line.mode.toString(8).padStart(4, '0'),
    owner: names.user(line.uid),
    group: names.group(line.gid),
    size: isFile ? String(line.size) : '',
    mtime: line.mtime.replace(/(\d{9})$/, '.$1'),
    xattrs: xattrText(xattrs),
    acl: access ? aclText(Buffer.from(access, 'hex'), names) : '',
    defaultAcl: defaults ? aclText(Buffer.from(defaults, 'hex'), names) : '',
    target: hexText(line.target),
    hardLinks: (linked.get(line.inode) ?? []).filter(name => name !== path).join(' '),
    content: line.sha256,
    allocated: isFile ? String(line.blocks * 512) : '',
    device: line.device,
  };
}

function hexText(hex: string): string {
  return decodeBytes(Buffer.from(hex, 'hex'));
}

function xattrText(xattrs: Record<string, string>): string {
  const entries = Object.entries(xattrs).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([name, hex]) => `${name}=0x${hex}`).join(' ');
}

function hardLinkNames(lines: Line[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const line of lines) {
    if (line.kind === 'directory' || line.links < 2) continue;
    groups.set(line.inode, [...(groups.get(line.inode) ?? []), hexText(line.path)]);
  }
  return groups;
}

function accountNames(accounts?: string): Names {
  const users = accounts ? idNames(join(accounts, 'etc/passwd')) : undefined;
  const groups = accounts ? idNames(join(accounts, 'etc/group')) : undefined;
  const name = (table: Map<number, string> | undefined, id: number) =>
    table ? (table.get(id) ?? `#${id}`) : String(id);
  return { user: id => name(users, id), group: id => name(groups, id) };
}

/** Third field to first field, for passwd(5) and group(5); the first line of an id wins, as getpwuid does. */
function idNames(file: string): Map<number, string> {
  const names = new Map<number, string>();
  if (!existsSync(file)) return names;
  for (const line of readFileSync(file, 'latin1').split('\n')) {
    const [name, , id] = line.split(':');
    if (name && id && !names.has(Number(id))) names.set(Number(id), name);
  }
  return names;
}
