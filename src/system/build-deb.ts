import { gzipSync } from 'node:zlib';
import { EMPTY_FILE } from '../bag/tar-header.ts';
import { encodeTarMember, endOfTar, memberPadding, type TarHeader } from '../bag/tar-reader.ts';
import { encodeBytes } from './byte-text.ts';

/** One file of a package. `header.path` is absolute or relative; content is of plain files only. */
export interface DebMember {
  header: TarHeader;
  content: Buffer;
}

/**
 * A Debian binary package (deb(5)): an ar archive of a version, control.tar.gz and data.tar.gz. dpkg reads ustar and GNU long names but
 * no pax records, so fractions of seconds, attributes and ACLs are left off.
 */
export function buildDeb(control: DebMember[], data: DebMember[]): Buffer {
  return Buffer.concat([
    Buffer.from('!<arch>\n'),
    ...arMember('debian-binary', Buffer.from('2.0\n')),
    ...arMember('control.tar.gz', gzipSync(tarOf(control))),
    ...arMember('data.tar.gz', gzipSync(tarOf(data))),
  ]);
}

/** ar(5): name, time, owner, group, mode, size in blanks-padded text; data is padded to an even length. */
function arMember(name: string, data: Buffer): Buffer[] {
  const header = `${name.padEnd(16)}${'0'.padEnd(12)}${'0'.padEnd(6)}${'0'.padEnd(6)}${'100644'.padEnd(8)}${String(data.length).padEnd(10)}\`\n`;
  return [Buffer.from(header), data, Buffer.alloc(data.length % 2, '\n')];
}

function tarOf(members: DebMember[]): Buffer {
  return Buffer.concat([...members.flatMap(memberBlocks), endOfTar]);
}

/** Longest name of a ustar block. */
const NAME = 100;

function memberBlocks({ header, content }: DebMember): Buffer[] {
  const { aclAccess: _access, aclDefault: _default, sparse: _sparse, ...rest } = header;
  const path = `./${header.path.replace(/^\/+/, '')}`;
  const target = header.kind === 'hardlink' ? `./${header.linkTarget.replace(/^\/+/, '')}` : header.linkTarget;
  const plain: TarHeader = {
    ...rest,
    path: 'name',
    linkTarget: '',
    user: '',
    group: '',
    mtime: String(Math.max(0, Math.floor(Number(header.mtime)))),
    size: content.length,
    storedSize: content.length,
    xattrs: {},
  };
  const name = encodeBytes(header.kind === 'directory' ? `${path}/` : path);
  const link = encodeBytes(target);
  const block = encodeTarMember(plain);
  block.fill(0, 0, NAME);
  name.copy(block, 0, 0, NAME);
  link.copy(block, 157, 0, NAME);
  return [
    ...(link.length > NAME ? longName(link, 'K') : []),
    ...(name.length > NAME ? longName(name, 'L') : []),
    sealed(block),
    content,
    memberPadding(content.length),
  ];
}

/** GNU's member for a name that does not fit in a block. */
function longName(name: Buffer, flag: 'K' | 'L'): Buffer[] {
  const data = Buffer.concat([name, Buffer.alloc(1)]);
  const block = encodeTarMember({ ...EMPTY, storedSize: data.length, size: data.length });
  block.write(flag, 156, 'latin1');
  return [sealed(block), data, memberPadding(data.length)];
}

const EMPTY: TarHeader = { ...EMPTY_FILE, path: '././@LongLink' };

/** A control file: its name, content and whether it is a program. */
export function controlFile(name: string, content: Buffer, mode = 0o644): DebMember {
  return { header: { ...EMPTY, path: name, mode }, content };
}

/** Writes the checksum of a block anew. */
function sealed(block: Buffer): Buffer {
  block.fill(' ', 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}
