import { encodeBytes } from '../system/byte-text.ts';
import type { TarHeader } from './tar-header.ts';
import type { PaxRecord } from './tar-pax.ts';

/**
 * The pax records that a header needs because a ustar block cannot say it: long or non-ASCII names, large numbers,
 * fractions of seconds, extended attributes, ACLs, sparse areas. `name` is the member's name in bytes.
 */
export function paxRecordsOf(header: TarHeader, name: Buffer): PaxRecord[] {
  return [
    ...nameRecords(header, name),
    ...numberRecords(header),
    ...attributeRecords(header),
    ...sparseRecords(header),
  ];
}

function nameRecords(header: TarHeader, name: Buffer): PaxRecord[] {
  const names: [key: string, value: Buffer, longest: number][] = [
    ['path', name, 100],
    ['linkpath', encodeBytes(header.linkTarget), 100],
    ['uname', encodeBytes(header.user), 31],
    ['gname', encodeBytes(header.group), 31],
  ];
  return names.filter(([, value, longest]) => !fits(value, longest)).map(([key, value]) => ({ key, value }));
}

/** Short enough and ASCII: other bytes have no stated encoding in a ustar block. */
function fits(bytes: Buffer, longest: number): boolean {
  return bytes.length <= longest && bytes.every(byte => byte < 0x80);
}

function numberRecords(header: TarHeader): PaxRecord[] {
  const records: PaxRecord[] = [];
  if (header.uid > 0o7777777) records.push(textRecord('uid', header.uid));
  if (header.gid > 0o7777777) records.push(textRecord('gid', header.gid));
  if (header.storedSize > 0o77777777777) records.push(textRecord('size', header.storedSize));
  if (!/^\d+$/.test(header.mtime) || Number(header.mtime) > 0o77777777777) {
    records.push(textRecord('mtime', header.mtime));
  }
  return records;
}

function attributeRecords(header: TarHeader): PaxRecord[] {
  const records: PaxRecord[] = [];
  for (const [name, value] of Object.entries(header.xattrs)) {
    const escaped = name.replace(/[%=]/g, char => (char === '=' ? '%3D' : '%25'));
    records.push({ key: `SCHILY.xattr.${escaped}`, value: Buffer.from(value, 'base64') });
  }
  if (header.aclAccess !== undefined) records.push(textRecord('SCHILY.acl.access', header.aclAccess));
  if (header.aclDefault !== undefined) records.push(textRecord('SCHILY.acl.default', header.aclDefault));
  return records;
}

/** Format 0.0: the size and the number of areas come before the areas. */
function sparseRecords({ sparse, size }: TarHeader): PaxRecord[] {
  if (!sparse) return [];
  const records = [textRecord('GNU.sparse.size', size), textRecord('GNU.sparse.numblocks', sparse.length)];
  for (const { offset, length } of sparse) {
    records.push(textRecord('GNU.sparse.offset', offset), textRecord('GNU.sparse.numbytes', length));
  }
  return records;
}

function textRecord(key: string, value: string | number): PaxRecord {
  return { key, value: encodeBytes(String(value)) };
}
