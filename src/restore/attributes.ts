import type { IndexEntry } from '../bag/index-entry.ts';
import { readTar, type TarHeader } from '../bag/tar-reader.ts';
import { TAR_CREATE, tarList } from '../detect/probe.ts';
import { printable } from '../system/byte-text.ts';
import type { Journal } from './journal.ts';
import { layFiles } from './lay-payload.ts';
import type { NewSystem } from './new-system.ts';

/**
 * Gives packaged files of the new system the mode, owner, extended attributes and ACLs that the owner had given the old ones.
 * Each file goes out through tar and comes back with another header: nothing but tar is needed, and owner, setuid bits
 * and capabilities are set in the right order by it.
 */
export async function restoreAttributes(
  system: NewSystem,
  entries: IndexEntry[],
  place: (path: string) => string,
  journal: Journal,
): Promise<void> {
  const wanted = new Map(entries.map(entry => [place(entry.path), entry]));
  const present = [...wanted.keys()].filter(path => system.kindOf(path) === wanted.get(path)!.kind);
  for (const [path, entry] of wanted) {
    if (!present.includes(path))
      journal.look(
        'attributes',
        `${printable(entry.path)} had attributes of its own`,
        system.leavesOut(path)
          ? 'dpkg of this base was told to leave it out'
          : 'there is no such path on the new system',
        'package/attributes',
      );
  }
  if (present.length === 0) return;
  const stream = system.target.execStream([...TAR_CREATE.slice(0, -1), '--directory=/', '--files-from=-'], {
    allowFailure: true,
  });
  stream.stdin.end(tarList(present));
  const files: { header: TarHeader; content: Buffer }[] = [];
  for await (const member of readTar(stream.stdout as AsyncIterable<Buffer>)) {
    const entry = wanted.get(`/${member.header.path}`);
    const chunks: Buffer[] = [];
    for await (const chunk of member.body) chunks.push(chunk);
    if (entry) files.push({ header: withAttributes(member.header, entry), content: Buffer.concat(chunks) });
  }
  await stream.done;
  await layFiles(system, files);
  for (const path of present)
    journal.done(
      'attributes',
      `${printable(path)}: mode, owner and attributes`,
      wanted.get(path)!.why,
      'package/attributes',
    );
}

function withAttributes(header: TarHeader, entry: IndexEntry): TarHeader {
  const { aclAccess: _a, aclDefault: _d, ...rest } = header;
  return {
    ...rest,
    mode: Number.parseInt(entry.mode, 8),
    uid: entry.uid,
    gid: entry.gid,
    user: entry.user,
    group: entry.group,
    xattrs: entry.xattrs ?? {},
    ...(entry.aclAccess === undefined ? {} : { aclAccess: entry.aclAccess }),
    ...(entry.aclDefault === undefined ? {} : { aclDefault: entry.aclDefault }),
  };
}
