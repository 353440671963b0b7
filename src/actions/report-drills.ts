import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DefaultArtifactClient } from '@actions/artifact';
import { decideIssue, LABEL } from '../drill/drill-issue.ts';
import type { DrillTarget } from '../drill/drill-list.ts';
import { type DrillRecord, parseRecord } from '../drill/drill-record.ts';
import { addDrills, formatHistory, parseHistory } from '../drill/history.ts';
import { recordOfLoss } from '../drill/record-of.ts';
import { PerennialError } from '../errors.ts';
import { drillSummary } from '../report/drill-summary.ts';
import { actionProgress } from './action-progress.ts';
import type { ReportInputs } from './drill-inputs.ts';
import { GithubApi } from './github-api.ts';
import { writeSummary } from './run-action.ts';
import { HISTORY, recordName } from './run-drill.ts';
import { makeRunnerFolder, runAddress } from './runner.ts';

/**
 * The end of a drill: takes the records of all its jobs, adds them to the history, and opens, updates or closes the one issue of
 * each archive. A job that left no record counts as a drill that was lost.
 */
export async function reportDrills(inputs: ReportInputs): Promise<void> {
  const targets = parseTargets(inputs.archives);
  const folder = await makeRunnerFolder();
  const drills = await Promise.all(targets.map(each => recordOf(each, folder)));
  const api = new GithubApi(inputs.githubToken, inputs.repository);
  let history: DrillRecord[] = [];
  actionProgress.step(`Adding ${drills.length} drills to ${HISTORY} on the branch ${inputs.branch}`);
  const good = drills.filter(each => each.outcome === 'good').length;
  const message = `Drill of ${drills.length} archives: ${good} restore`;
  const add = (content: string) => {
    history = addDrills(parseHistory(content), drills);
    return formatHistory(history);
  };
  await api.changeFile(inputs.branch, HISTORY, add, message);
  await writeSummary(drillSummary(drills, history));
  if (inputs.issues) await settleIssues(api, history, targets);
}

async function settleIssues(api: GithubApi, history: DrillRecord[], targets: DrillTarget[]): Promise<void> {
  const open = await api.openIssues(LABEL);
  for (const { archive } of targets) {
    const deed = decideIssue(history, archive, open);
    if (deed.do === 'open') {
      const number = await api.openIssue(deed.title, deed.body, LABEL);
      actionProgress.step(`Opened issue ${number}: ${archive} does not come back`);
    } else if (deed.do === 'update') {
      await api.updateIssue(deed.number, { body: deed.body });
      if (deed.comment) await api.comment(deed.number, deed.comment);
      actionProgress.step(`Updated issue ${deed.number} of ${archive}`);
    } else if (deed.do === 'close') {
      await api.comment(deed.number, deed.comment);
      await api.updateIssue(deed.number, { state: 'closed' });
      actionProgress.step(`Closed issue ${deed.number}: ${archive} comes back again`);
    }
  }
}

/** The record that the drill's job uploaded; a job without one was lost. */
async function recordOf(target: DrillTarget, folder: string): Promise<DrillRecord> {
  const client = new DefaultArtifactClient();
  const name = recordName(target.id);
  const found = await client.getArtifact(name).catch(() => undefined);
  if (!found)
    return recordOfLoss({ archive: target.archive, at: new Date().toISOString(), seconds: 0, run: runAddress() });
  await client.downloadArtifact(found.artifact.id, { path: folder });
  const record = parseRecord(JSON.parse(await readFile(join(folder, name), 'utf8')));
  return { ...record, archive: target.archive };
}

function parseTargets(text: string): DrillTarget[] {
  try {
    const targets = JSON.parse(text) as DrillTarget[];
    if (Array.isArray(targets) && targets.every(each => /^[a-z0-9-]+$/.test(each.id))) return targets;
  } catch {
    // Said below.
  }
  throw new PerennialError('bad-input', 'The input archives is not the output of drill/find', {
    hint: 'Pass `needs.find.outputs.archives`.',
  });
}
