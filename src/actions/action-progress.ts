import * as core from '@actions/core';
import type { Progress } from '../progress.ts';
import { logText } from './log-text.ts';

/** Progress in a workflow's log. Details are debug lines: they show when the run has debug logging enabled. */
export const actionProgress: Progress = {
  step: message => core.info(logText(message)),
  detail: message => core.debug(logText(message)),
  // Annotations come at the end, from the report: here a warning is in its place in the story.
  warn: message => core.info(`! ${logText(message)}`),
};

/** Runs something that prints a lot (a build) in a folded group of the log; gives it the function that prints. */
export async function inGroup<T>(title: string, run: (line: (text: string) => void) => Promise<T>): Promise<T> {
  return core.group(logText(title), () => run(text => core.info(logText(text))));
}

/** Text that is there already, folded in the log. */
export function printGroup(title: string, text: string): void {
  core.startGroup(logText(title));
  core.info(logText(text));
  core.endGroup();
}
