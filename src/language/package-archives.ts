import { createHash } from 'node:crypto';
import { archivedFiles, LARGEST_ARCHIVE } from '../bag/archived-files.ts';
import { readTar, type TarMember } from '../bag/tar-reader.ts';
import type { Paths } from '../detect/path-table.ts';
import { tarStream } from '../detect/probe.ts';
import type { CommandStream } from '../engine/engine.ts';
import { useStream } from '../engine/use-stream.ts';
import { PerennialError } from '../errors.ts';
import type { Target } from '../system/target.ts';
import type { LanguagePackage, VouchedPath } from './language-package.ts';

/** A package and the archive that it was unpacked of. */
export interface ArchivedPackage {
  package: LanguagePackage;
  /** Folder of its files. */
  home: string;
  /** Path of the archive. */
  archive: string;
  /** Hex digest of the archive, where a record has one. */
  sha512?: string;
}

/** Paths that can stand in a list of lines with tabs. What is below /etc is merged with today's, never unpacked. */
const PLAIN_HOME = /^\/(?!etc\/)[\x20-\x5b\x5d-\x7e]+$/;

/**
 * Reads the archives of packages, one at a time, and says for which files of the target each vouches. An archive that cannot be read, or
 * is not the one of the record, vouches for nothing; the package says why.
 * @returns path -> what vouches for it, and archive -> hex sha256 of it
 */
export async function readArchives(
  target: Target,
  packages: readonly ArchivedPackage[],
  entries: Paths,
): Promise<{ vouched: Map<string, VouchedPath>; digests: Map<string, string> }> {
  const digests = new Map<string, string>();
  const vouched = new Map<string, VouchedPath>();
  const byArchive = new Map<string, ArchivedPackage[]>();
  for (const each of packages) {
    if (!PLAIN_HOME.test(each.home) || !PLAIN_HOME.test(each.archive))
      each.package.why = 'its folder has an unusual name';
    else if ((entries.get(each.archive)?.size ?? 0) > LARGEST_ARCHIVE) each.package.why = 'its archive is too large';
    else byArchive.set(each.archive, [...(byArchive.get(each.archive) ?? []), each]);
  }
  if (byArchive.size === 0) return { vouched, digests };
  const read = async ({ stdout }: CommandStream) => {
    for await (const member of readTar(stdout as AsyncIterable<Buffer>)) {
      const all = byArchive.get(`/${member.header.path}`);
      byArchive.delete(`/${member.header.path}`);
      if (!all || member.header.kind !== 'file' || member.header.size > LARGEST_ARCHIVE) continue;
      const archive = await contentOf(member);
      digests.set(all[0]!.archive, createHash('sha256').update(archive).digest('hex'));
      await addFiles(vouched, all, archive, entries);
    }
  };
  await useStream(tarStream(target, [...byArchive.keys()]), read, 'Reading archives of packages');
  for (const each of [...byArchive.values()].flat()) each.package.why = 'its archive could not be read';
  return { vouched, digests };
}

async function addFiles(
  vouched: Map<string, VouchedPath>,
  packages: ArchivedPackage[],
  archive: Buffer,
  entries: Paths,
): Promise<void> {
  const sound = packages.filter(each => isTheOne(each, archive));
  if (sound.length === 0) return;
  try {
    const found: [string, string][] = [];
    for await (const { path, sha256 } of archivedFiles(archive)) found.push([path, sha256]);
    for (const each of sound)
      for (const [path, sha256] of found) {
        const place = `${each.home}/${path}`;
        const one: VouchedPath = { package: each.package, kind: 'file', sha256, archive: each.archive };
        if (entries.get(place)?.kind === 'file') vouched.set(place, one);
      }
  } catch (error) {
    if (!(error instanceof PerennialError)) throw error;
    for (const each of sound) each.package.why = `its archive cannot be unpacked: ${error.message}`;
  }
}

function isTheOne(one: ArchivedPackage, archive: Buffer): boolean {
  if (one.sha512 === undefined || createHash('sha512').update(archive).digest('hex') === one.sha512) return true;
  one.package.why = 'its archive in the cache is not the one of its lock file';
  return false;
}

async function contentOf({ body }: TarMember): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
