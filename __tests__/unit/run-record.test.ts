import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from '@jest/globals';
import { isAlive, isRunning, startTime } from '../../src/run-record.ts';

test('a process that was killed and that nobody waited for does not run any more', async () => {
  // The shell becomes a program that waits for nobody's end.
  const parent = spawn('sh', ['-c', 'sleep 600 & echo $!; exec sleep 600'], { stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    const [said] = await once(parent.stdout, 'data');
    const child = Number(`${said}`);
    const started = startTime(child);
    expect([started === '', isAlive(child, started), isRunning(child, started)]).toEqual([false, true, true]);
    expect(isRunning(child, `${started}1`)).toBe(false); // another one with its id
    await once(spawn('sleep', ['0.2']), 'exit');
    process.kill(child, 'SIGKILL');
    await once(spawn('sleep', ['0.2']), 'exit');
    expect([isAlive(child, started), isRunning(child, started)]).toEqual([true, false]);
  } finally {
    parent.kill('SIGKILL');
  }
});
