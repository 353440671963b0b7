import { copyFile, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DefaultArtifactClient } from '@actions/artifact';
import * as core from '@actions/core';
import { bagFolderName } from '../bag/bag-file-name.ts';
import { PAGE } from '../report/write-report.ts';
import { logText } from './log-text.ts';
import { runAddress } from './runner.ts';

/** Jobs of a matrix restore under one name: the second page gets a number. */
const TRIES = 9;

/**
 * Uploads the page of a report as a workflow artifact of one plain file, which a browser shows without unpacking anything.
 * A page that cannot be uploaded fails nothing: it is told in the log, and the folder still has it.
 * @param folder of the report
 * @param name of the service; the artifact is `NAME-report.html`
 * @returns address of the page for people; undefined when there is none
 */
export async function uploadReport(folder: string, name: string, retentionDays = 0): Promise<string | undefined> {
  try {
    return linkTo(await upload(join(folder, PAGE), `${bagFolderName(name)}-report`, retentionDays));
  } catch (error) {
    core.info(logText(`The report page is not uploaded: ${(error as Error).message}. It is in ${folder}`));
    return undefined;
  }
}

async function upload(page: string, stem: string, retentionDays: number): Promise<number | undefined> {
  const folder = await mkdtemp(join(process.env.RUNNER_TEMP || tmpdir(), 'perennial-page-'));
  const options = { skipArchive: true, ...(retentionDays > 0 ? { retentionDays } : {}) };
  for (let number = 1; ; number++) {
    const name = `${stem}${number === 1 ? '' : `-${number}`}.html`; // an artifact of one file is named after it
    await copyFile(page, join(folder, name));
    try {
      return (await new DefaultArtifactClient().uploadArtifact(name, [join(folder, name)], folder, options)).id;
    } catch (error) {
      if (number === TRIES || !/already exists|409|conflict/i.test((error as Error).message)) throw error;
    }
  }
}

function linkTo(id: number | undefined): string | undefined {
  const run = runAddress();
  return id === undefined || run === '' ? undefined : `${run}/artifacts/${id}`;
}
