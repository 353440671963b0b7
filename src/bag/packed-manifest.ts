import { createReadStream } from 'node:fs';
import { PerennialError } from '../errors.ts';
import type { Manifest } from './manifest.ts';
import { parseManifest } from './manifest-file.ts';
import { readTar } from './tar-reader.ts';
import { MANIFEST } from './write-bag.ts';
import { decompressFrames } from './zstd-reader.ts';

/** Content that is read at most: the manifest lies after the exports, and a list of a hundred bags shall not read them all. */
const MOST_READ = 512 * 1024 * 1024;
const LARGEST_MANIFEST = 64 * 1024 * 1024;

/**
 * The manifest of a packed bag that is not encrypted, read without unpacking or verifying it.
 * @param path a `.tar.zst` file
 * @returns undefined when it is no such bag, is damaged before its manifest, or the manifest lies far behind exports
 */
export async function findPackedManifest(path: string): Promise<Manifest | undefined> {
  const content = decompressFrames(createReadStream(path, { highWaterMark: 256 * 1024 }), path);
  try {
    for await (const { header, body, offset } of readTar(content, path)) {
      if (header.path.replace(/^[^/]+\//, '') !== MANIFEST) {
        if (offset + header.storedSize > MOST_READ) return undefined;
        continue;
      }
      if (header.size > LARGEST_MANIFEST) return undefined;
      const chunks: Buffer[] = [];
      for await (const chunk of body) chunks.push(chunk);
      return parseManifest(Buffer.concat(chunks).toString(), path);
    }
  } catch (error) {
    if (!(error instanceof PerennialError)) throw error;
  }
  return undefined;
}
