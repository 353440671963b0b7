/**
 * The xattr form of a POSIX ACL in words, e.g. `user::rw- user:alice:r-- mask::rw-`. Format: a little-endian u32 version
 * 2, then entries of u16 tag, u16 permissions, u32 id (linux/posix_acl_xattr.h).
 */
export function aclText(bytes: Buffer, names: { user(id: number): string; group(id: number): string }): string {
  const entries: string[] = [];
  for (let at = 4; at + 8 <= bytes.length; at += 8) {
    const tag = bytes.readUInt16LE(at);
    const id = bytes.readUInt32LE(at + 4);
    entries.push(`${tagText(tag, id, names)}:${permissions(bytes.readUInt16LE(at + 2))}`);
  }
  return entries.sort().join(' ');
}

function tagText(tag: number, id: number, names: { user(id: number): string; group(id: number): string }): string {
  if (tag === 0x02) return `user:${names.user(id)}`;
  if (tag === 0x08) return `group:${names.group(id)}`;
  return { 1: 'user:', 4: 'group:', 16: 'mask:', 32: 'other:' }[tag] ?? `tag${tag}:`;
}

function permissions(bits: number): string {
  return `${bits & 4 ? 'r' : '-'}${bits & 2 ? 'w' : '-'}${bits & 1 ? 'x' : '-'}`;
}
