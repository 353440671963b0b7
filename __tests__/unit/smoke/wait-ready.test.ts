import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import type { Engine } from '../../../src/engine/engine.ts';
import { PerennialError } from '../../../src/errors.ts';
import {
  allReady,
  commandSucceeds,
  containerRuns,
  listeningPorts,
  portOpen,
  waitUntilReady,
} from '../../../src/smoke/wait-ready.ts';

const engine = (more: object) => ({ name: 'docker', logs: async () => 'boom\n', ...more }) as unknown as Engine;
const inspected = (...facts: object[]) => {
  let looks = 0;
  return engine({ inspectContainer: async () => facts[Math.min(looks++, facts.length - 1)] });
};

describe('waitUntilReady', () => {
  const waiting = { describe: 'port 1 of lab', intervalMs: 5 };

  test('looks until it is ready', async () => {
    const reasons = ['no', 'not yet', undefined];
    expect(await waitUntilReady({ ...waiting, timeoutSeconds: 5, check: async () => reasons.shift() })).toBeLessThan(2);
    expect(reasons).toEqual([]);
  });

  test('gives up with what was awaited, how long and the last reason', async () => {
    let looks = 0;
    const waited = waitUntilReady({ ...waiting, timeoutSeconds: 0.2, check: async () => `reason ${++looks}` });
    await expect(waited).rejects.toThrow(/^Waited 0\.[2-9] s for port 1 of lab: reason \d+$/);
    expect(looks).toBeGreaterThan(2);
  });

  test('a look that never ends does not hold it up', async () => {
    const waited = waitUntilReady({ ...waiting, timeoutSeconds: 0.1, check: () => new Promise(() => {}) });
    await expect(waited).rejects.toMatchObject({ code: 'not-ready' });
  });

  test('stops at once when it never will be ready', async () => {
    let looks = 0;
    const check = async () => {
      looks++;
      throw new PerennialError('not-ready', 'it has ended');
    };
    await expect(waitUntilReady({ ...waiting, timeoutSeconds: 60, check })).rejects.toThrow('it has ended');
    expect(looks).toBe(1);
  });
});

describe('checks', () => {
  test.each<[string, object, string | undefined]>([
    ['running', { running: true }, undefined],
    ['healthy', { running: true, health: 'healthy' }, undefined],
    ['starting', { running: true, health: 'starting' }, 'its health check says starting'],
  ])('containerRuns: %s', async (_, facts, expected) => {
    expect(await containerRuns(inspected(facts), 'lab')()).toBe(expected);
  });

  test('containerRuns: a container that has ended shows the end of its log', async () => {
    const message = 'The container "lab" does not run; the end of its log:\n  boom';
    await expect(containerRuns(inspected({ running: false }), 'lab')()).rejects.toMatchObject({
      code: 'not-ready',
      message,
    });
  });

  test('commandSucceeds gives the last thing that was said', async () => {
    const exec = async (_: string, argv: string[]) => ({
      code: Number(argv[1]),
      stdout: Buffer.from(''),
      stderr: 'a\nb\n',
    });
    expect(await commandSucceeds(engine({ exec }), 'lab', ['x', '0'])()).toBeUndefined();
    expect(await commandSucceeds(engine({ exec }), 'lab', ['x', '2'])()).toBe('x ended with exit code 2: b');
  });

  test('portOpen connects where this machine reaches the address', async () => {
    const server = createServer(socket => socket.destroy()).listen(0, '127.0.0.1');
    await new Promise(resolve => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    expect(await portOpen(engine({}), 'lab', '127.0.0.1', port)()).toBeUndefined();
    await new Promise(resolve => server.close(resolve));
    expect(await portOpen(engine({}), 'lab', '127.0.0.1', port)()).toBe(`port ${port}: ECONNREFUSED`);
  });

  test('portOpen reads the kernel where it does not', async () => {
    const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:01BD 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0
   1: 0100007F:1F90 0100007F:9C40 01 00000000:00000000 00:00000000 00000000     0        0 2 1 0 20 4 30 10 -1
   0: 00000000000000000000000000000000:0050 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 0 0
`;
    expect([...listeningPorts(table)]).toEqual([445, 80]);
    const exec = async () => ({ code: 1, stdout: Buffer.from(table), stderr: '' });
    expect(await portOpen(engine({ exec }), 'lab', '', 445)()).toBeUndefined();
    expect(await portOpen(engine({ exec }), 'lab', '', 8080)()).toBe('nothing listens on port 8080');
  });

  test('allReady gives the first reason', async () => {
    const no = async () => 'no';
    const yes = async () => undefined;
    expect(await allReady(yes, no)()).toBe('no');
    expect(await allReady(yes, yes)()).toBeUndefined();
  });
});
