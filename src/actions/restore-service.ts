import { join } from 'node:path';
import * as core from '@actions/core';
import { readSmokeTests } from '../config/read-config.ts';
import type { Engine } from '../engine/engine.ts';
import { findEngine } from '../engine/find-engine.ts';
import { PerennialError } from '../errors.ts';
import { findingText } from '../proof/finding.ts';
import { type PackageChange, packageChanges } from '../report/package-changes.ts';
import { planText } from '../report/plan-text.ts';
import { restoreAnnotations, restoreJobSummary } from '../report/restore-job-summary.ts';
import { writeRestoreReport } from '../report/write-report.ts';
import { type RestoreResult, restore } from '../restore/restore.ts';
import { printable } from '../system/byte-text.ts';
import { readSystem } from '../system/read-system.ts';
import { containerTarget, imageTarget } from '../system/target.ts';
import { actionProgress, printGroup } from './action-progress.ts';
import { downloadBag } from './download-bag.ts';
import type { RestoreInputs } from './inputs.ts';
import { annotate, writeSummary } from './run-action.ts';
import { makeRunnerFolder } from './runner.ts';

/**
 * The restore action: fetches, verifies, restores, tells. The step fails when the service does not answer as before, after
 * its outputs, summary and report are written.
 */
export async function restoreService(inputs: RestoreInputs): Promise<void> {
  const folder = await makeRunnerFolder();
  const report = inputs.report || join(folder, 'report');
  core.setOutput('restored', false);
  core.setOutput('report', report);
  const engine = await findEngine(inputs.engine);
  const smoke = inputs.smoke ? await readSmokeTests(inputs.smoke) : undefined;
  const bag = inputs.bag || (await downloadBag(inputs, join(folder, 'artifact')));
  const result = await restore({
    engine,
    bag,
    name: inputs.name,
    ...(inputs.base ? { base: inputs.base } : {}),
    ...(smoke ? { smoke } : {}),
    keep: inputs.keep,
    report,
    progress: actionProgress,
    onPlan: plan => printGroup('The plan', planText(plan)),
  });
  await writeRestoreReport(report, result);
  setOutputs(result);
  await tell(inputs, engine, result);
  refuseOtherAnswers(result);
}

function setOutputs({ container, image, same }: RestoreResult): void {
  core.setOutput('container', container?.name ?? '');
  core.setOutput('address', container?.address ?? '');
  core.setOutput('image', image);
  core.setOutput('restored', same);
}

async function tell(inputs: RestoreInputs, engine: Engine, result: RestoreResult): Promise<void> {
  const image = await engine.findImage(result.image);
  const markdown = restoreJobSummary({
    result,
    source: inputs.bag ? 'a bag on the runner' : `the artifact ${inputs.artifact}`,
    changes: await changes(engine, result),
    ...(image ? { imageBytes: image.size } : {}),
  });
  await writeSummary(markdown);
  annotate(restoreAnnotations(result));
}

/** What is installed now; nothing can be said when neither container nor image was kept. */
async function changes(engine: Engine, { container, image, manifest, plan }: RestoreResult): Promise<PackageChange[]> {
  if (!container && !(await engine.findImage(image))) return [];
  const target = container ? containerTarget(engine, container.id) : imageTarget(engine, image);
  const now = await readSystem(target);
  return packageChanges(manifest.system.packages, now.facts.packages, plan.resolutions);
}

function refuseOtherAnswers({ same, comparisons, state }: RestoreResult): void {
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
