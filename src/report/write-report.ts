import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RestoreResult } from '../restore/restore.ts';
import { restoreSummary } from './restore-summary.ts';

/** Writes the report of a restore beside the Dockerfile and the program that the restore left there. */
export async function writeRestoreReport(folder: string, result: RestoreResult): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'summary.txt'), `${restoreSummary(result)}\n`);
}
