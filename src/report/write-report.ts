import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PerennialError } from '../errors.ts';
import type { RestoreResult } from '../restore/restore.ts';
import { withoutSecrets } from '../system/without-secrets.ts';
import { type ArchivePage, archivePage } from './page/archive-page.ts';
import { type FailedRestorePage, failedRestorePage } from './page/failed-restore-page.ts';
import type { PageModel } from './page/page-model.ts';
import { readPageTexts, reportPage } from './page/report-page.ts';
import { type RestorePage, restorePage } from './page/restore-page.ts';
import { restoreSummary } from './restore-summary.ts';

/** Name of the page in a report's folder. */
export const PAGE = 'index.html';

/** Writes the report of a restore beside the Dockerfile and the program that the restore left there. */
export async function writeRestoreReport(
  folder: string,
  page: Omit<RestorePage, 'at'> & { result: RestoreResult },
): Promise<void> {
  await makeFolder(folder);
  await writeFile(join(folder, 'summary.txt'), `${restoreSummary(page.result, page.attestation)}\n`);
  await writePage(folder, restorePage({ ...page, at: new Date().toISOString() }));
}

/** Writes the report of a restore that failed: the page, and the error with what was done and how to go on. */
export async function writeFailedRestoreReport(folder: string, page: Omit<FailedRestorePage, 'at'>): Promise<void> {
  const { error } = page;
  const text = error instanceof PerennialError ? error.toText() : String(error);
  await makeFolder(folder);
  await writeFile(join(folder, 'summary.txt'), `Not restored. ${withoutSecrets(text)}\n`);
  await writePage(folder, failedRestorePage({ ...page, at: new Date().toISOString() }));
}

/** Writes the report of a decommission. */
export async function writeArchiveReport(folder: string, page: ArchivePage): Promise<void> {
  await makeFolder(folder);
  await writePage(folder, archivePage(page));
}

async function writePage(folder: string, model: PageModel): Promise<void> {
  await writeFile(join(folder, PAGE), reportPage(model, await readPageTexts()));
}

async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch(cause => {
    throw new PerennialError('bad-input', `The report cannot be written to ${folder}: ${cause.message}`, {
      cause,
      hint: 'Name a folder that exists or can be made with --report.',
    });
  });
}
