import { expect, test } from '@jest/globals';
import { type ErrorCode, ExitCode, PerennialError } from '../../src/errors.ts';

test('exit codes are those of the design', () => {
  expect(ExitCode).toEqual({ done: 0, failed: 1, badInput: 2, answersDiffer: 3, incompleteArchive: 4 });
});

test.each<[ErrorCode, number]>([
  ['bad-input', 2],
  ['config-invalid', 2],
  ['engine-missing', 2],
  ['no-such-container', 2],
  ['no-such-image', 2],
  ['image-unsuitable', 2],
  ['bag-invalid', 2],
  ['bag-newer', 2],
  ['bag-truncated', 2],
  ['digest-mismatch', 2],
  ['output-exists', 2],
  ['base-unknown', 2],
  ['artifact-missing', 2],
  ['engine-failed', 1],
  ['command-failed', 1],
  ['unreadable', 1],
  ['changed-while-read', 1],
  ['package-unresolved', 1],
  ['step-failed', 1],
  ['not-ready', 1],
  ['store-failed', 1],
  ['interrupted', 1],
])('%s ends with %i', (code, exit) => {
  expect(new PerennialError(code, 'x').exitCode).toBe(exit);
});

test('text has the way out in a line of its own', () => {
  const cause = new Error('below');
  const error = new PerennialError('bad-input', 'It is wrong', { hint: 'Do this.', cause });
  expect(error.toText()).toBe('It is wrong\nDo this.');
  expect(error.cause).toBe(cause);
  expect(new PerennialError('bad-input', 'It is wrong').toText()).toBe('It is wrong');
});
