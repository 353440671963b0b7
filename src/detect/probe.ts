import { Readable } from 'node:stream';
import { usedUp } from '../bag/release-bytes.ts';
import { contentDigest, readTar, type TarHeader } from '../bag/tar-reader.ts';
import type { Probe } from '../classify/classify.ts';
import { chunksOf } from '../engine/chunks-of.ts';
import type { CommandStream } from '../engine/engine.ts';
import { useStream } from '../engine/use-stream.ts';
import { encodeBytes } from '../system/byte-text.ts';
import type { PackageFile } from '../system/package-files.ts';
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
  return Buffer.concat([...tarListChunks(paths)]);
}

/** Characters of a list that are handed on at once. */
const LIST_CHUNK = 64 * 1024;

/** The same in pieces: of a million paths there is never the whole list. */
function* tarListChunks(paths: Iterable<string>): Generator<Buffer> {
  let text = '';
  for (const path of paths) {
    text += `${path.replace(/^\//, './')}\0`;
    if (text.length < LIST_CHUNK) continue;
    yield encodeBytes(text);
    text = '';
  }
  yield encodeBytes(text);
}

/** A tar of paths of a target, by its own tar or without (see FileReader). Nothing is to be written to it. */
export function tarStream(target: Target, paths: Iterable<string>, flags: string[] = []): CommandStream {
  if (target.files) return target.files.tar([...paths]);
  const argv = [...TAR_CREATE.slice(0, -1), ...flags, `--directory=${target.root}/`, '--files-from=-'];
  const stream = target.execStream(argv, { allowFailure: true, env: { LC_ALL: 'C' } });
  Readable.from(tarListChunks(paths)).pipe(stream.stdin);
  return stream;
}

/**
 * Reads digests and extended attributes of files and directories through the target's tar, in one stream.
 * @param shipped what a path is to be compared with: its digest may be another than md5 and sha256
 */
export async function probeFiles(
  target: Target,
  paths: string[],
  shipped: (path: string) => PackageFile | undefined = () => undefined,
): Promise<Map<string, Probe>> {
  if (paths.length === 0) return new Map();
  if (target.files) return probeExported(target.files, paths, shipped);
  const probes = new Map<string, Probe>();
  const read = async ({ stdout }: CommandStream) => {
    for await (const member of readTar(usedUp(chunksOf(stdout)))) {
      const path = `/${member.header.path}`;
      const digest =
        member.header.kind === 'file' ? await contentDigest(member, shipped(path)?.algorithm) : { md5: '', sha256: '' };
      probes.set(path, { ...digest, ...extendedAttributes(member.header) });
    }
  };
  await useStream(tarStream(target, paths, ['--hard-dereference']), read, 'Reading changed files');
  return probes;
}

async function probeExported(
  files: FileReader,
  paths: string[],
  shipped: (path: string) => PackageFile | undefined,
): Promise<Map<string, Probe>> {
  const found = await files.probe(paths);
  const others = await readOthers(files, paths, shipped);
  return new Map(
    [...found].map(([path, each]) => [
      path,
      { ...each, other: others.get(path) ?? '', extended: Object.keys(each.xattrs).length > 0 },
    ]),
  );
}

/** Digests that were not taken when the files were looked at: of another algorithm than md5 and sha256. */
async function readOthers(
  files: FileReader,
  paths: string[],
  shipped: (path: string) => PackageFile | undefined,
): Promise<Map<string, string>> {
  const others = new Map<string, string>();
  const wanted = paths.filter(path => !/^(md5|sha256.*)$/.test(shipped(path)?.algorithm ?? 'md5'));
  if (wanted.length === 0) return others;
  const read = async ({ stdout }: CommandStream) => {
    for await (const member of readTar(stdout as AsyncIterable<Buffer>)) {
      const path = `/${member.header.path}`;
      if (member.header.kind !== 'file') continue;
      others.set(path, (await contentDigest(member, shipped(path)?.algorithm)).other ?? '');
    }
  };
  await useStream(files.tar(wanted), read, 'Reading changed files');
  return others;
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
