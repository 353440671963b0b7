import { expect, jest, test } from '@jest/globals';
import { CommandLineEngine } from '../../../src/engine/command-line-engine.ts';
import { interruption } from '../../../src/interruption.ts';
import { runRecord } from '../../../src/run-record.ts';
import { containerTarget } from '../../../src/system/target.ts';

test('what is refused because the process is to end never goes on the record of the run', async () => {
  const recorded = jest.spyOn(runRecord, 'add');
  interruption.interrupt('SIGINT');
  const engine = new CommandLineEngine('docker');
  const begun: [string, () => unknown][] = [
    ['command', async () => containerTarget(engine, 'lab').execStream(['find', '/'])],
    ['container', () => engine.run({ image: 'lab' })],
    ['container once', () => engine.runOnce({ image: 'lab' })],
    ['stream', async () => engine.runOnceStream({ image: 'lab' })],
    ['volume', () => engine.createVolume('lab')],
    ['image', () => engine.commit('lab', 'lab:kept')],
  ];
  for (const [what, begin] of begun) {
    await expect(begin()).rejects.toMatchObject({ code: 'interrupted' });
    expect([what, recorded.mock.calls]).toEqual([what, []]);
  }
});
