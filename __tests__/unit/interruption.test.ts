import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { Interruption, signalExitCode } from '../../src/interruption.ts';

test('what is under way is stopped once, and what was over is not', async () => {
  const interruption = new Interruption();
  const stopped: string[] = [];
  interruption.onInterrupt(() => stopped.push('a'));
  const over = interruption.onInterrupt(() => stopped.push('b'));
  over();
  interruption.check();
  interruption.interrupt('SIGTERM');
  interruption.interrupt('SIGINT');
  expect(stopped).toEqual(['a']);
  expect(interruption.signal).toBe('SIGTERM');
  expect(() => interruption.check()).toThrow(
    expect.objectContaining({ code: 'interrupted', message: 'Interrupted by SIGTERM' }),
  );
});

test('settled waits for every stop, also for one that fails', async () => {
  const interruption = new Interruption();
  let done = false;
  interruption.onInterrupt(async () => {
    await sleep(20);
    done = true;
  });
  interruption.onInterrupt(() => Promise.reject(new Error('gone')));
  interruption.interrupt('SIGINT');
  expect(done).toBe(false);
  await interruption.settled();
  expect(done).toBe(true);
});

test.each([
  ['SIGHUP', 129],
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s ends with %i', (signal, code) => {
  expect(signalExitCode(signal)).toBe(code);
});
