import type { ExitCode } from '../errors.ts';
import type { Progress } from '../progress.ts';
import { archiveCommand } from './archive-command.ts';
import { baselineCommand } from './baseline-command.ts';
import { checkCommand } from './check-command.ts';
import { copyCommand } from './copy-command.ts';
import { explainCommand } from './explain-command.ts';
import { listCommand } from './list-command.ts';
import type { ArgumentSpec, Arguments } from './parse-arguments.ts';
import { planCommand } from './plan-command.ts';
import { restoreCommand } from './restore-command.ts';
import { verifyCommand } from './verify-command.ts';

/** One word after `perennial`. */
export interface Command extends ArgumentSpec {
  summary: string;
  run(args: Arguments, progress: Progress): Promise<ExitCode>;
}

export const commands: Record<string, Command> = {
  baseline: baselineCommand,
  archive: archiveCommand,
  explain: explainCommand,
  verify: verifyCommand,
  plan: planCommand,
  restore: restoreCommand,
  check: checkCommand,
  copy: copyCommand,
  list: listCommand,
};
