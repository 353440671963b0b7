import { PerennialError } from '../errors.ts';
import { withoutSecrets } from '../system/without-secrets.ts';
import type { Journal } from './journal.ts';

/**
 * The error of a step that failed, with what was done, what was not, and how to go on. Bad input and interruptions are passed as they
 * are: nothing of theirs is to be mended in a container.
 * @param kept name of the container or image that stays
 */
export function stoppedError(error: unknown, journal: Journal, kept: string | undefined): unknown {
  if (!(error instanceof PerennialError) || error.exitCode !== 1 || error.code === 'interrupted') return error;
  const { at, done, left } = journal.progress();
  if (!at && done.length === 0) return error;
  const goOn = kept
    ? `${kept} is kept. Mend the cause, then give the same command with --resume: it goes on where this one stopped.`
    : 'What was made is removed again; with --keep it stays, and --resume goes on where the restore stopped.';
  const where = at ? `at "${at}"` : `before "${left[0]}"`;
  const hint = [
    ...(error.hint ? [error.hint] : []),
    `Done: ${done.join('; ') || 'nothing'}.`,
    `Not done: ${[...(at ? [at] : []), ...left].join('; ')}.`,
    goOn,
  ].join('\n');
  return new PerennialError(error.code, `The restore stopped ${where}. ${withoutSecrets(error.message)}`, {
    hint,
    cause: error,
  });
}
