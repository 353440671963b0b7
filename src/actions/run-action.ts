import * as core from '@actions/core';
import { sweepLeftovers } from '../engine/sweep.ts';
import { PerennialError } from '../errors.ts';
import { interruption, interruptOnSignals, signalExitCode } from '../interruption.ts';
import { type Annotation, fewAnnotations } from '../report/annotation.ts';
import { actionProgress } from './action-progress.ts';
import { logText } from './log-text.ts';

/** The one place where errors of an action end: an annotation with the way out, and a failed step. */
export async function runAction(run: () => Promise<void>): Promise<void> {
  interruptOnSignals(signal => core.info(`${signal}: ending; what was made is removed`));
  try {
    await sweepLeftovers(actionProgress);
    await run();
  } catch (error) {
    if (interruption.signal) await endCancelled(interruption.signal);
    else if (error instanceof PerennialError) core.setFailed(logText(error.toText()));
    else core.setFailed(logText(`${describe(error)}\nThis is a defect of perennial; please report it.`));
  }
}

/** A cancelled run: the runner gives a step ten seconds between its first signal and the last. */
async function endCancelled(signal: NodeJS.Signals): Promise<void> {
  await interruption.settled();
  core.setFailed('The run was cancelled; nothing half done is left');
  process.exitCode = signalExitCode(signal);
}

/** Shows what a person should look at, beside the run. */
export function annotate(annotations: Annotation[]): void {
  const show = { error: core.error, warning: core.warning, notice: core.notice };
  for (const { level, title, message } of fewAnnotations(annotations)) show[level](logText(message), { title });
}

/** Appends Markdown to the job summary; a summary that cannot be written (no such file, too large) fails nothing. */
export async function writeSummary(markdown: string): Promise<void> {
  await core.summary
    .addRaw(markdown, true)
    .write()
    .catch(error => core.warning(logText(`The job summary could not be written: ${describe(error)}`)));
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
