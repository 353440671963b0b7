import { contentDigest, readTar, type TarHeader } from '../bag/tar-reader.ts';
import type { Probe } from '../classify/classify.ts';
import type { CommandStream } from '../engine/engine.ts';
import { useStream } from '../engine/use-stream.ts';
import { encodeBytes } from '../system/byte-text.ts';
import type { FileReader, Target } from '../system/target.ts';

/** Flags of GNU tar that keep everything a file has (docs/design.md, "Payload"). */
export const TAR_CREATE = [
  'tar',
  '--create',
  '--file=-',
  '--format=posix',
  '--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime',
  '--xattrs',
  '--xattrs-include=*',
  '--xattrs-exclude=system.posix_acl_*', // by number; --acls records them by name
  '--xattrs-exclude=security.selinux', // the machine's policy, not the owner's
  '--acls',
  '--sparse',
  '--sparse-version=0.0',
  '--no-recursion',
  '--ignore-failed-read',
  '--null',
  '--verbatim-files-from',
  '--files-from=-',
];

/** A NUL-separated list of paths relative to the root, as `tar --null --files-from=-` reads it. */
export function tarList(paths: Iterable<string>): Buffer {
  return Buffer.concat([...paths].flatMap(path => [encodeBytes(path.replace(/^\//, './')), Buffer.from([0])]));
}

/** A tar of paths of a target, by its own tar or without (see FileReader). Nothing is to be written to it. */
export function tarStream(target: Target, paths: string[], flags: string[] = []): CommandStream {
  if (target.files) return target.files.tar(paths);
  const argv = [...TAR_CREATE.slice(0, -1), ...flags, `--directory=${target.root}/`, '--files-from=-'];
  const stream = target.execStream(argv, { allowFailure: true, env: { LC_ALL: 'C' } });
  stream.stdin.end(tarList(paths));
  return stream;
}

/** Reads digests and extended attributes of files and directories through the target's tar, in one stream. */
export async function probeFiles(target: Target, paths: string[]): Promise<Map<string, Probe>> {
  if (paths.length === 0) return new Map();
  if (target.files) return probeExported(target.files, paths);
  const probes = new Map<string, Probe>();
  const read = async ({ stdout }: CommandStream) => {
    for await (const member of readTar(stdout as AsyncIterable<Buffer>)) {
      const digest = member.header.kind === 'file' ? await contentDigest(member) : { md5: '', sha256: '' };
      probes.set(`/${member.header.path}`, { ...digest, ...extendedAttributes(member.header) });
    }
  };
  await useStream(tarStream(target, paths, ['--hard-dereference']), read, 'Reading changed files');
  return probes;
}

async function probeExported(files: FileReader, paths: string[]): Promise<Map<string, Probe>> {
  const found = await files.probe(paths);
  return new Map([...found].map(([path, each]) => [path, { ...each, extended: Object.keys(each.xattrs).length > 0 }]));
}

/** Attributes less those that TAR_CREATE leaves out, for archives that were written without it. */
export function extendedAttributes(header: TarHeader): Pick<Probe, 'extended' | 'xattrs' | 'aclAccess' | 'aclDefault'> {
  const xattrs = Object.fromEntries(
    Object.entries(header.xattrs).filter(
      ([name]) => name !== 'security.selinux' && !name.startsWith('system.posix_acl_'),
    ),
  );
  const { aclAccess, aclDefault } = header;
  return {
    extended: Object.keys(xattrs).length > 0 || aclAccess !== undefined || aclDefault !== undefined,
    xattrs,
    ...(aclAccess === undefined ? {} : { aclAccess }),
    ...(aclDefault === undefined ? {} : { aclDefault }),
  };
}
