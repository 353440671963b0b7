import { createHash } from 'node:crypto';
import { PerennialError } from '../errors.ts';
import { archivedFiles, LARGEST_ARCHIVE } from './archived-files.ts';
import { type BagProblem, invalid, show } from './fixity.ts';
import type { IndexEntry } from './index-entry.ts';
import type { TarMember } from './tar-reader.ts';
import { isArchive, isUnpacked } from './unpacked.ts';

/** Problems of one kind that are told. */
const MOST = 100;

/** Holds what was left to archives of packages against those archives: every such file has to be in one of them, byte for byte. */
export class UnpackProof {
  readonly #wanted = new Map<string, string[]>();
  readonly #found = new Set<string>();

  /** Takes a line of the index. */
  want(entry: IndexEntry): void {
    if (!isUnpacked(entry)) return;
    const { path, sha256 = '' } = entry;
    this.#wanted.set(sha256, [...(this.#wanted.get(sha256) ?? []), path]);
  }

  /** Whether the content of a path is to be given to `read`. */
  isArchive(entry: IndexEntry): boolean {
    return isArchive(entry) && entry.size <= LARGEST_ARCHIVE;
  }

  /** Reads an archive of the payload. @returns its sha256 */
  async read({ body }: TarMember, problems: BagProblem[]): Promise<string> {
    const chunks: Buffer[] = [];
    for await (const chunk of body) chunks.push(Buffer.from(chunk));
    const archive = Buffer.concat(chunks);
    try {
      for await (const { sha256 } of archivedFiles(archive)) this.#found.add(sha256);
    } catch (error) {
      if (!(error instanceof PerennialError)) throw error;
      problems.push(invalid(error.message));
    }
    return createHash('sha256').update(archive).digest('hex');
  }

  /** What no archive has, once index and payload were read. */
  problems(): BagProblem[] {
    const missing = [...this.#wanted].filter(([sha256]) => !this.#found.has(sha256)).flatMap(([, paths]) => paths);
    return missing
      .slice(0, MOST)
      .map(path =>
        invalid(`${show(path)} is left to the archive of its package, and no archive in the payload has it`),
      );
  }
}
