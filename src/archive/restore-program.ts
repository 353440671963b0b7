import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { IndexEntry } from '../bag/index-entry.ts';
import type { Manifest } from '../bag/manifest.ts';
import type { BagWriter } from '../bag/write-bag.ts';
import { PerennialError } from '../errors.ts';
import { findRelease, imageOf } from '../knowledge/distribution.ts';
import { readDistributions } from '../knowledge/read-distributions.ts';
import { knowledgeFolder } from '../knowledge/read-rules.ts';
import type { Service } from '../knowledge/service.ts';
import { compileRestoreProgram } from '../plan/compile-restore-program.ts';
import type { OsRelease } from '../system/system-facts.ts';

/**
 * Adds restore.sh, Dockerfile and restore/ to a bag: what brings the service back without Perennial. A system that the program does not
 * know (no dpkg), or a Dockerfile that it cannot put on another base, gets none; the manifest's notes then say so.
 */
export async function addRestoreProgram(
  bag: BagWriter,
  manifest: Manifest,
  index: Iterable<IndexEntry>,
  services: readonly Service[],
): Promise<void> {
  if (manifest.system.packageManager !== 'dpkg') {
    manifest.notes.push('There is no restore.sh: it knows systems with dpkg only');
    return;
  }
  try {
    const { rebuild, system } = manifest;
    const program = compileRestoreProgram({
      manifest,
      index,
      dockerfile: rebuild
        ? await readFile(join(bag.partialDir, 'data/rebuild', rebuild.dockerfile), 'utf8')
        : undefined,
      base: await imageOfRelease(system.os),
      services,
      texts: await readProgramTexts(),
    });
    for (const [path, { content, mode }] of program) await bag.addFile(path, content, { mode });
  } catch (error) {
    if (!(error instanceof PerennialError) || !['bad-input', 'base-unknown'].includes(error.code)) throw error;
    manifest.notes.push(`There is no restore.sh: ${error.message}`);
  }
}

/** The image of a release; a guess for a distribution that is not in the knowledge base. */
async function imageOfRelease(os: OsRelease): Promise<string> {
  const distribution = (await readDistributions()).find(({ id }) => id === os.id);
  const release = distribution && findRelease(distribution, os);
  return release ? imageOf(distribution, release) : `${os.id}:${os.versionId || 'latest'}`;
}

/** The parts of the program that are the same in every bag: program/ beside knowledge/. */
export async function readProgramTexts(): Promise<{
  restore: string;
  apply: string;
  accounts: string;
  languages: string;
  unpack: string;
}> {
  const folder = join(knowledgeFolder(), '../program');
  const [restore, apply, accounts, languages, unpack] = await Promise.all(
    ['restore.sh', 'apply.sh', 'accounts.awk', 'languages.sh', 'unpack.sh'].map(name =>
      readFile(join(folder, name), 'utf8'),
    ),
  );
  return { restore: restore!, apply: apply!, accounts: accounts!, languages: languages!, unpack: unpack! };
}
