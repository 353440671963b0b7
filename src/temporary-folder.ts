import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PerennialError } from './errors.ts';
import { runRecord } from './run-record.ts';

/** A folder for as long as it is used. */
export interface TemporaryFolder {
  path: string;
  remove(): Promise<void>;
}

/**
 * Makes a folder that only this user can read, below `parent` (the machine's temporary folder), and puts it on record.
 * @param name what it is for, a part of its name
 * @throws PerennialError `store-failed`
 */
export async function temporaryFolder(name: string, parent: string = tmpdir()): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(parent, `perennial-${name}-`)).catch(cause => {
    throw new PerennialError('store-failed', `Cannot make a temporary folder in ${parent}: ${cause.message}`, {
      hint: 'Free space there, or set TMPDIR to a folder that has some.',
      cause,
    });
  });
  const gone = runRecord.add({ kind: 'folder', path });
  return {
    path,
    async remove() {
      await rm(path, { recursive: true, force: true });
      gone();
    },
  };
}
