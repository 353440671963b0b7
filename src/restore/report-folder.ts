import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PerennialError } from '../errors.ts';
import type { MovedPrefix } from '../plan/moved-prefixes.ts';
import type { Plan } from '../plan/plan.ts';
import { planProgram } from '../plan/plan-program.ts';
import type { Journal } from './journal.ts';

/** @throws PerennialError `bad-input` when there can be no such folder */
export async function makeReportFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch(cause => {
    throw new PerennialError('bad-input', `The report cannot be written to ${folder}: ${cause.message}`, {
      cause,
      hint: 'Name a folder that exists or can be made with --report.',
    });
  });
}

/** For the owner only: a start command, a variable or a build step may have a password in it, and these have to work as they are. */
export const RUNNABLE = { mode: 0o600 };

/** Writes what is to be read of a restore: the Dockerfile, the plan as a program, the program of what was done, the journal. */
export async function writeProgram(
  folder: string,
  plan: Plan,
  moves: readonly MovedPrefix[],
  journal: Journal,
): Promise<void> {
  await writeFile(join(folder, 'Dockerfile'), plan.dockerfile.text, RUNNABLE);
  await writeFile(join(folder, 'plan.sh'), planProgram(plan, moves), RUNNABLE);
  await writeFile(join(folder, 'restore-program.sh'), journal.program());
  await writeJournal(folder, journal);
}

/** Written after each stage, so that it is there whatever ends the restore. `at`: the stage that was not finished. */
export async function writeJournal(folder: string, journal: Journal): Promise<void> {
  const { at, done, left } = journal.progress();
  const { entries, seconds, state, news } = journal;
  const text = JSON.stringify({ entries, seconds, state, news, done, at: at ?? null, left }, null, 1);
  await writeFile(join(folder, 'journal.json.new'), `${text}\n`);
  await rename(join(folder, 'journal.json.new'), join(folder, 'journal.json'));
}
