import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Runs something with a new folder that nobody else can read, and removes it with all that is in it, whatever happens. It is below TMPDIR: what
 * shall be encrypted never lies in plain text where it is kept.
 */
export async function withWorkFolder<T>(run: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'perennial-work-')); // mode 0700
  try {
    return await run(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
