import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DefaultArtifactClient } from '@actions/artifact';
import * as core from '@actions/core';
import type { DrillRecord } from '../drill/drill-record.ts';
import { ofArchive, parseHistory } from '../drill/history.ts';
import { type DrillPlace, recordOfError, recordOfResult } from '../drill/record-of.ts';
import { RestoreRecord } from '../report/restore-record.ts';
import { actionProgress } from './action-progress.ts';
import type { DrillInputs } from './drill-inputs.ts';
import { GithubApi } from './github-api.ts';
import { logText } from './log-text.ts';
import { type RestoreEnd, refuseOtherAnswers, restoreWith } from './restore-service.ts';
import { makeRunnerFolder, runAddress } from './runner.ts';

/** File with the records of all drills, on a branch of its own. */
export const HISTORY = 'drills.ndjson';

/** Artifact with the record of one drill, for the job that reports. */
export function recordName(id: string): string {
  return `perennial-drill-${id}.json`;
}

/**
 * One drill: a restore that leaves nothing, and the record of it as an artifact, also when it fails. The step fails when the
 * archive does not come back as it was.
 */
export async function runDrill(inputs: DrillInputs): Promise<void> {
  const folder = await makeRunnerFolder();
  const started = performance.now();
  const place = (): DrillPlace => ({
    archive: inputs.archive,
    at: new Date().toISOString(),
    seconds: Math.round(performance.now() - started) / 1000,
    run: runAddress(),
  });
  const record = new RestoreRecord(actionProgress, { paths: true });
  const drillOf = (end: RestoreEnd): DrillRecord =>
    'result' in end ? recordOfResult(place(), record, end.result) : recordOfError(place(), record, end.error);
  const earlier = await historyOf(inputs);
  const history = (end: RestoreEnd) => [...earlier, drillOf(end)];
  const result = await restoreWith(inputs.restore, folder, record, history).catch(async error => {
    await upload(folder, inputs.id, drillOf({ error }));
    throw error;
  });
  await upload(folder, inputs.id, drillOf({ result }));
  refuseOtherAnswers(result);
}

/** Earlier drills for the chart of the page; a drill does not fail for want of them. */
async function historyOf({ archive, branch, restore }: DrillInputs): Promise<DrillRecord[]> {
  if (branch === '' || restore.githubToken === '') return [];
  try {
    const api = new GithubApi(restore.githubToken, process.env.GITHUB_REPOSITORY ?? '');
    return ofArchive(parseHistory(await api.readFile(branch, HISTORY)), archive);
  } catch (error) {
    core.info(logText(`The history of drills cannot be read: ${(error as Error).message}`));
    return [];
  }
}

async function upload(folder: string, id: string, record: DrillRecord): Promise<void> {
  core.setOutput('outcome', record.outcome);
  const file = join(folder, recordName(id));
  await writeFile(file, `${JSON.stringify(record)}\n`);
  await new DefaultArtifactClient().uploadArtifact(recordName(id), [file], folder, {
    skipArchive: true,
    retentionDays: 7,
  });
}
