import { expect, test } from '@jest/globals';
import { PerennialError } from '../../../src/errors.ts';
import { silentProgress } from '../../../src/progress.ts';
import { Journal, STAGES } from '../../../src/restore/journal.ts';
import { stoppedError } from '../../../src/restore/stopped.ts';

const failure = new PerennialError('step-failed', 'No space left', { hint: 'Make room.' });

async function stopped(): Promise<Journal> {
  const journal = new Journal(silentProgress);
  for (const stage of ['build', 'packages', 'accounts'] as const)
    await journal.stage(stage, STAGES[stage], async () => {});
  await journal.stage('state', STAGES.state, async () => Promise.reject(failure)).catch(() => {});
  return journal;
}

test('says where it stopped, what is done, what is not, and how to go on', async () => {
  const error = stoppedError(failure, await stopped(), 'The container lab') as PerennialError;
  expect(error.message).toBe('The restore stopped at "Putting the Mutable data back". No space left');
  expect(error.hint!.split('\n')).toEqual([
    'Make room.',
    'Done: Building the image; Installing what the service had beside its image; Merging accounts.',
    expect.stringMatching(
      /^Not done: Putting the Mutable data back; Repeating deletions; .*; Asking the smoke tests\.$/,
    ),
    expect.stringMatching(/^The container lab is kept\..*--resume/),
  ]);
  expect(error.code).toBe('step-failed');
});

test('bad input and interruptions are passed on as they are', async () => {
  for (const error of [
    new PerennialError('bag-invalid', 'x'),
    new PerennialError('interrupted', 'x'),
    new TypeError('x'),
  ])
    expect(stoppedError(error, await stopped(), undefined)).toBe(error);
  expect(stoppedError(failure, new Journal(silentProgress), undefined)).toBe(failure); // nothing had begun
});

test('a journal is taken up where another run left it', async () => {
  const earlier = await stopped();
  earlier.done('build', 'built', 'x', 'build');
  const later = new Journal(silentProgress);
  later.done('build', 'noted before the checkpoint was read', 'x', 'build');
  later.goOn(JSON.parse(JSON.stringify(earlier.record())));
  expect(later.entries.map(each => each.what)).toEqual(['built']);
  expect(later.progress().done).toEqual([STAGES.build, STAGES.packages, STAGES.accounts]);
  expect(later.startOver()).toBe('');
  expect(later.entries).toEqual([]);
});
