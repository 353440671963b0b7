import { join } from 'node:path';
import * as core from '@actions/core';
import { checkAttestation, trustedRoots } from '../attestation/check-attestation.ts';
import type { Attestation } from '../attestation/verify-attestation.ts';
import type { Bag } from '../bag/open-bag.ts';
import { readSmokeTests } from '../config/read-config.ts';
import type { DrillRecord } from '../drill/drill-record.ts';
import type { Engine } from '../engine/engine.ts';
import { findEngine } from '../engine/find-engine.ts';
import { PerennialError } from '../errors.ts';
import { interruption } from '../interruption.ts';
import { findingText } from '../proof/finding.ts';
import { failureSummary } from '../report/failure-summary.ts';
import { packageChanges } from '../report/package-changes.ts';
import { planText } from '../report/plan-text.ts';
import { restoreAnnotations, restoreJobSummary } from '../report/restore-job-summary.ts';
import { RestoreRecord } from '../report/restore-record.ts';
import { writeFailedRestoreReport, writeRestoreReport } from '../report/write-report.ts';
import { type RestoreOptions, type RestoreResult, restore } from '../restore/restore.ts';
import { openKeptBag } from '../store/open-kept-bag.ts';
import { formatReference, parseReference, type Reference } from '../store/reference.ts';
import { printable } from '../system/byte-text.ts';
import { actionProgress, printGroup } from './action-progress.ts';
import { actionStores } from './action-stores.ts';
import { givenToRestore, type RestoreInputs } from './inputs.ts';
import { logText } from './log-text.ts';
import { annotate, writeSummary } from './run-action.ts';
import { findAudience, makeRunnerFolder } from './runner.ts';
import { uploadReport } from './upload-report.ts';

/**
 * The restore action: fetches, verifies, restores, tells. The step fails when the service does not answer as before, after
 * its outputs, summary and report are written.
 */
export async function restoreService(inputs: RestoreInputs): Promise<void> {
  const folder = await makeRunnerFolder();
  const record = new RestoreRecord(actionProgress, { paths: true });
  const result = await restoreWith(inputs, folder, record, () => []);
  refuseOtherAnswers(result);
}

/** How a restore ended. */
export type RestoreEnd = { result: RestoreResult } | { error: unknown };

/**
 * Restores, reports and tells; whatever the answers are. `record` has what is known also when this throws.
 * @param folder for what is downloaded and, unless the inputs name another, the report
 * @param history drills of the archive, with the one that ended so, for the page
 */
export async function restoreWith(
  inputs: RestoreInputs,
  folder: string,
  record: RestoreRecord,
  history: (end: RestoreEnd) => DrillRecord[],
): Promise<RestoreResult> {
  const report = inputs.report || join(folder, 'report');
  core.setOutput('restored', false);
  core.setOutput('report', report);
  const engine = await findEngine(inputs.engine);
  const smoke = inputs.smoke ? await readSmokeTests(inputs.smoke) : undefined;
  const roots = await trustedRoots(inputs.trustedRoot, 'The input trusted-root');
  const bag = await openKeptBag(source(inputs), await actionStores(inputs), inputs.keys);
  const attestation = await checkAttestation(bag, { expected: inputs.expected, roots }).catch(async error => {
    await bag.close();
    throw error;
  });
  const result = await restored(
    inputs,
    { report, record, history, bag, attestation },
    {
      engine,
      bag,
      ...givenToRestore(inputs),
      ...(smoke ? { smoke } : {}),
      report,
      progress: record.steps,
      onJournal: record.follow,
      onPrepared: record.prepared,
      onPlan: plan => printGroup('The plan', planText(plan)),
    },
  ).finally(bag.close);
  setOutputs(result);
  await tell(inputs, { engine, bag, attestation, report, record, history }, result);
  return result;
}

function source({ bag, artifact, repository, runId }: RestoreInputs): Reference {
  return bag ? parseReference(bag) : { kind: 'artifact', repository, run: runId, name: artifact };
}

function setOutputs({ container, image, same }: RestoreResult): void {
  core.setOutput('container', container?.name ?? '');
  core.setOutput('address', container?.address ?? '');
  core.setOutput('image', image);
  core.setOutput('restored', same);
}

/** Tells in summary and page, too, why a restore came to no end. */
async function restored(
  inputs: RestoreInputs,
  story: Omit<Story, 'engine'>,
  options: RestoreOptions,
): Promise<RestoreResult> {
  return restore(options).catch(async error => {
    const name = inputs.artifact || inputs.name;
    const page = await failurePage(inputs, story, name, error);
    await writeSummary(failureSummary(name, story.record, error, page));
    throw error;
  });
}

/** Writes the page of a failure and uploads it. A page that cannot be written is told and hides no error. */
async function failurePage(
  inputs: RestoreInputs,
  { report, record, history, bag, attestation }: Omit<Story, 'engine'>,
  name: string,
  error: unknown,
): Promise<string | undefined> {
  const { packedBytes, encrypted } = bag;
  try {
    const known = { ...(packedBytes ? { packedBytes } : {}), attestation };
    await writeFailedRestoreReport(report, {
      name,
      record,
      error,
      history: history({ error }),
      ...known,
    });
    return interruption.signal ? undefined : await shownPage(inputs, report, encrypted);
  } catch (cause) {
    core.warning(logText(`The report of the failure could not be written: ${(cause as Error).message}`));
    return undefined;
  }
}

/** The page names paths: that of an encrypted archive is for those who can read it. */
async function shownPage(inputs: RestoreInputs, report: string, encrypted: boolean): Promise<string | undefined> {
  const shown = inputs.uploadReport && (!encrypted || (await findAudience()) === 'collaborators');
  return shown ? uploadReport(report, inputs.name) : undefined;
}

interface Story {
  engine: Engine;
  bag: Bag;
  attestation: Attestation | undefined;
  /** Folder of the report. */
  report: string;
  record: RestoreRecord;
  history: (end: RestoreEnd) => DrillRecord[];
}

async function tell(inputs: RestoreInputs, story: Story, result: RestoreResult): Promise<void> {
  const image = await story.engine.findImage(result.image);
  const { packedBytes, encrypted } = story.bag;
  const sizes = { ...(image ? { imageBytes: image.size } : {}), ...(packedBytes ? { packedBytes } : {}) };
  const { record, history, attestation } = story;
  await writeRestoreReport(story.report, { result, record, history: history({ result }), attestation, ...sizes });
  const page = await shownPage(inputs, story.report, encrypted);
  const markdown = restoreJobSummary({
    result,
    source: formatReference(source(inputs)),
    changes: packageChanges(result.manifest.system.packages, result.now.packages, result.plan.resolutions),
    ...sizes,
    ...(attestation ? { attestation } : {}),
    ...(page ? { page } : {}),
  });
  await writeSummary(markdown);
  annotate(restoreAnnotations(result, attestation));
}

/** @throws PerennialError `step-failed` naming the smoke tests and what differs in the state */
export function refuseOtherAnswers({ same, comparisons, state }: RestoreResult): void {
  if (same) return;
  const answers = comparisons.filter(each => each.verdict === 'differs' || each.verdict === 'missing');
  const findings = state.findings.filter(each => each.verdict === 'differs');
  const differing = [...answers.map(each => each.name), ...findings.slice(0, 10).map(findingText)];
  throw new PerennialError(
    'step-failed',
    `The service is restored but is not as before: ${printable(differing.join(', ')) || 'it did not start'}`,
    { hint: 'The summary shows the answers side by side; the report has the Dockerfile and what was done.' },
  );
}
