import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { PerennialError } from '../errors.ts';
import { readTar, type TarMember } from './tar-reader.ts';

/** A larger archive of a package is not opened: it would be held in memory. */
export const LARGEST_ARCHIVE = 64 * 1024 * 1024;
/** Larger files of one are passed over. */
const LARGEST_FILE = 64 * 1024 * 1024;
const MOST_BYTES = 1024 * 1024 * 1024;
const MOST_FILES = 100_000;

/** A file in the archive of a package. */
export interface ArchivedFile {
  /** As the package manager lays it below the package's own folder. */
  path: string;
  content: Buffer;
  /** Hex. */
  sha256: string;
}

/** Of other names nothing is said: they would have to be quoted in lists. */
const PLAIN = /^[\x20-\x5b\x5d-\x7e]+$/;

/**
 * The plain files of an archive of npm or RubyGems, in its order. npm's is a gzipped tar, whose first folder is left away
 * (https://docs.npmjs.com/cli/commands/npm-pack); a .gem is a tar with data.tar.gz in it (rubygems/package.rb).
 * @throws PerennialError `bag-invalid`, also for an archive that is larger than any package
 */
export async function* archivedFiles(archive: Buffer): AsyncGenerator<ArchivedFile> {
  const isGzip = archive[0] === 0x1f && archive[1] === 0x8b;
  const data = isGzip ? archive : await dataOfGem(archive);
  let files = 0;
  for await (const member of readTar(unzipped(data), 'the archive of a package')) {
    const { kind, size, storedSize, path: named } = member.header;
    if (++files > MOST_FILES) throw tooLarge();
    const path = isGzip ? named.replace(/^[^/]*\//, '') : named;
    if (kind !== 'file' || size > LARGEST_FILE || storedSize !== size || !isBelow(path)) continue;
    const content = await contentOf(member);
    yield { path, content, sha256: createHash('sha256').update(content).digest('hex') };
  }
}

function isBelow(path: string): boolean {
  return PLAIN.test(path) && path.split('/').every(part => part !== '' && part !== '.' && part !== '..');
}

async function dataOfGem(gem: Buffer): Promise<Buffer> {
  let data: Buffer | undefined;
  for await (const member of readTar(Readable.from([gem]), 'a .gem'))
    if (member.header.path === 'data.tar.gz') data = await contentOf(member);
  if (!data) throw new PerennialError('bag-invalid', 'not a sound .gem: there is no data.tar.gz in it');
  return data;
}

async function* unzipped(data: Buffer): AsyncGenerator<Buffer> {
  let bytes = 0;
  try {
    for await (const chunk of Readable.from([data]).pipe(createGunzip()) as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > MOST_BYTES) throw tooLarge();
      yield chunk;
    }
  } catch (error) {
    if (error instanceof PerennialError) throw error;
    throw new PerennialError('bag-invalid', `not a sound archive of a package: ${(error as Error).message}`);
  }
}

async function contentOf({ body }: TarMember): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

function tooLarge(): PerennialError {
  return new PerennialError('bag-invalid', 'the archive of a package is larger than any package', {
    hint: 'Do not use it: it may have been made to fill the memory.',
  });
}
