import { encodeBytes } from '../system/byte-text.ts';
import { BLOCK, checksum, type TarHeader } from './tar-header.ts';
import { encodePaxRecords, type PaxRecord } from './tar-pax.ts';
import { paxRecordsOf } from './tar-pax-records.ts';
import type { TarMember } from './tar-reader.ts';

/** The end-of-archive mark. */
export const endOfTar: Buffer = Buffer.alloc(2 * BLOCK);

const FLAGS: Record<TarHeader['kind'], string | undefined> = {
  file: '0',
  hardlink: '1',
  symlink: '2',
  char: '3',
  block: '4',
  directory: '5',
  fifo: '6',
  socket: undefined,
};

/** The zero bytes that follow `storedSize` bytes of data. */
export function memberPadding(storedSize: number): Buffer {
  return endOfTar.subarray(0, (BLOCK - (storedSize % BLOCK)) % BLOCK);
}

/**
 * New header blocks for a member that gets another name, link target, owner or mode; every other record is kept. The
 * body is copied as it is, followed by memberPadding.
 */
export function rewriteMember(
  member: Pick<TarMember, 'header' | 'otherRecords'>,
  changes: Partial<Pick<TarHeader, 'path' | 'linkTarget' | 'uid' | 'gid' | 'user' | 'group' | 'mode'>>,
): Buffer {
  return encodeTarMember({ ...member.header, ...changes }, member.otherRecords);
}

/**
 * Header blocks (ustar, after a pax extended header where ustar is too small) for one member. Sparse areas are written
 * in GNU format 0.0. A socket, which tar cannot hold, is a TypeError.
 */
export function encodeTarMember(header: TarHeader, otherRecords: PaxRecord[] = []): Buffer {
  const flag = FLAGS[header.kind];
  if (!flag) throw new TypeError(`tar cannot hold a ${header.kind}`);
  const name = memberName(header);
  const records = [...paxRecordsOf(header, name), ...otherRecords];
  const block = headerBlock(header, name, flag, header.storedSize);
  if (records.length === 0) return block;
  const data = encodePaxRecords(records);
  const extension = headerBlock({ ...header, linkTarget: '' }, paxName(name), 'x', data.length);
  return Buffer.concat([extension, data, memberPadding(data.length), block]);
}

function memberName(header: TarHeader): Buffer {
  return encodeBytes(header.kind === 'directory' ? `${header.path || '.'}/` : header.path);
}

/** The name of an extended header, seen only by programs that know no pax. */
function paxName(name: Buffer): Buffer {
  const bare = name.at(-1) === 47 ? name.subarray(0, -1) : name;
  return Buffer.concat([Buffer.from('PaxHeaders/'), bare.subarray(bare.lastIndexOf(47) + 1)]).subarray(0, 100);
}

function headerBlock(header: TarHeader, name: Buffer, flag: string, size: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  name.copy(block, 0, 0, 100);
  octal(block, 100, 8, header.mode);
  octal(block, 108, 8, header.uid);
  octal(block, 116, 8, header.gid);
  octal(block, 124, 12, size);
  octal(block, 136, 12, Math.max(0, Math.floor(Number(header.mtime))));
  block.write(flag, 156, 'latin1');
  encodeBytes(header.linkTarget).copy(block, 157, 0, 100);
  block.write('ustar\x0000', 257, 'latin1');
  encodeBytes(header.user).copy(block, 265, 0, 31);
  encodeBytes(header.group).copy(block, 297, 0, 31);
  if (header.kind === 'char' || header.kind === 'block') {
    octal(block, 329, 8, header.devMajor);
    octal(block, 337, 8, header.devMinor);
  }
  block.write(`${checksum(block).toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

/** A value that does not fit is written as 0: its pax record has the last word. */
function octal(block: Buffer, at: number, length: number, value: number): void {
  const digits = value.toString(8).padStart(length - 1, '0');
  block.write(digits.length < length ? digits : '0'.repeat(length - 1), at, 'latin1');
}
