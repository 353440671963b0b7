import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import type { Engine } from '../../../src/engine/engine.ts';
import { clientNetwork } from '../../../src/smoke/client-container.ts';
import { clientDockerfile, clientImageTag } from '../../../src/smoke/client-image.ts';
import { startOnHost } from '../../../src/smoke/host-command.ts';
import { checkFlaky, runSmokeTests } from '../../../src/smoke/run-smoke.ts';
import { clientPackages, type SmokeTarget } from '../../../src/smoke/smoke-session.ts';
import type { SmokeTest } from '../../../src/smoke/smoke-test.ts';
import { waitUntilReady } from '../../../src/smoke/wait-ready.ts';

const folder = mkdtempSync(join(tmpdir(), 'perennial-run-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** An engine whose container is this machine; anything that is not expected here is not a function, and fails. */
function localEngine(states: boolean[] = [true]): Engine {
  let looks = 0;
  return {
    name: 'docker',
    inspectContainer: async () => ({
      running: states[Math.min(looks++, states.length - 1)],
      address: '192.0.2.77',
      run: { networkMode: 'default' },
    }),
    execStream: (_: string, argv: string[]) => startOnHost(argv, { env: { PATH: process.env.PATH! }, cwd: folder }),
    logs: async () => 'starting\n\u001b[31mdied\n',
  } as unknown as Engine;
}

const target = (more: Partial<SmokeTarget> = {}): SmokeTarget => ({
  engine: localEngine(),
  container: 'lab',
  address: '',
  network: 'host',
  ...more,
});
const command = (run: string | string[], more: object = {}): SmokeTest =>
  ({ type: 'command', name: String(run), run, ...more }) as SmokeTest;

/** A process that was killed may stay in the table as a zombie, without a command line. */
function isAlive(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8') !== '';
  } catch {
    return false;
  }
}

function heard() {
  const warnings: string[] = [];
  return { warnings, progress: { step() {}, detail() {}, warn: (text: string) => void warnings.push(text) } };
}

describe('runSmokeTests', () => {
  test.each<[string, SmokeTest, { status: string; lines: string[] }]>([
    ['a command line', command('echo a; echo b >&2; exit 3'), { status: 'exit 3', lines: ['a'] }],
    ['arguments as they are', command(['printf', '%s', '$HOME *']), { status: 'exit 0', lines: ['$HOME *'] }],
    ['the address of the container', command('echo at 192.0.2.77:80'), { status: 'exit 0', lines: ['at <host>:80'] }],
    ['a mask', command('echo pid 123', { mask: ['\\d+'] }), { status: 'exit 0', lines: ['pid <masked>'] }],
    ['an input that nobody sends', command('cat'), { status: 'exit 0', lines: [] }],
    ['a command that does not end', command('echo a; sleep 60', { timeout: 0.3 }), { status: 'timeout', lines: [] }],
    ['endless output', command('yes', { timeout: 0.5 }), { status: 'timeout', lines: [] }],
  ])('%s', async (_, one, expected) => {
    const [answer] = await runSmokeTests([one], target(), heard().progress);
    expect(answer).toMatchObject({ name: one.name, ...expected });
  });

  test('a command on the host knows container and address, and no secrets of a workflow', async () => {
    process.env.ACTIONS_RUNTIME_TOKEN = 'secret';
    const one = command('echo $C $HOST $ENGINE; env | grep -c TOKEN', { where: 'host' });
    const [answer] = await runSmokeTests([one], target({ allowHost: true }), heard().progress);
    expect(answer!.lines).toEqual(['lab 127.0.0.1 docker', '0']);
    delete process.env.ACTIONS_RUNTIME_TOKEN;
  });

  test('a command on the host is refused unless the owner allows it; the others are still asked', async () => {
    const { warnings, progress } = heard();
    const answers = await runSmokeTests(
      [command('touch owned', { where: 'host' }), command('echo a')],
      target(),
      progress,
    );
    expect(answers.map(answer => answer.name)).toEqual(['echo a']);
    expect(warnings).toEqual([expect.stringContaining('--smoke FILE')]);
  });

  test('a container that does not run, or ends on the way, is an error with its log', async () => {
    for (const states of [[false], [true, false]]) {
      const asked = runSmokeTests([command('true')], target({ engine: localEngine(states) }), heard().progress);
      await expect(asked).rejects.toMatchObject({
        code: 'not-ready',
        message: expect.stringMatching(/starting\n {2}\\x1b\[31mdied$/),
      });
    }
  });

  test('what ran into its time limit is ended, with its children', async () => {
    const one = command('sleep 60 & echo $! > child; wait', { timeout: 0.3 });
    await runSmokeTests([one], target(), heard().progress);
    const child = Number(readFileSync(join(folder, 'child'), 'utf8'));
    await waitUntilReady({
      describe: 'the child to end',
      timeoutSeconds: 2,
      check: async () => (isAlive(child) ? 'it sleeps' : undefined),
    });
  });

  test('no tests, no questions', async () => {
    const engine = {} as Engine;
    expect(await runSmokeTests([], target({ engine }), heard().progress)).toEqual([]);
    expect(await checkFlaky([], target({ engine }), heard().progress)).toEqual([]);
  });
});

describe('checkFlaky', () => {
  test('marks what differs, and doubts an answer that says that the test does not work', async () => {
    const { warnings, progress } = heard();
    const tests = [command('echo a'), command('date +%N'), command('no-such-program')];
    const answers = await checkFlaky(tests, target(), progress);
    expect(answers.map(answer => answer.flaky ?? false)).toEqual([false, true, false]);
    expect(warnings).toEqual([expect.stringContaining('differently twice'), expect.stringContaining('"exit 127"')]);
  });
});

describe('the client container', () => {
  test('has the packages of the tests that need it', () => {
    const tests: SmokeTest[] = [
      command('x', { where: 'client', packages: ['jq', 'curl'] }),
      command('y', { packages: ['vim'] }),
      { type: 'smb', name: 's' },
      { type: 'tcp', name: 't', port: 1 },
    ];
    expect(clientPackages(tests)).toEqual(['curl', 'jq', 'smbclient']);
  });

  test.each<[string, string, string, object]>([
    ['docker', '172.17.0.2', 'default', { address: '172.17.0.2', options: { extraArgs: ['--network', 'bridge'] } }],
    ['a named network', '172.19.0.2', 'lab', { address: '172.19.0.2', options: { extraArgs: ['--network', 'lab'] } }],
    ['no address', '', 'slirp4netns', { address: '127.0.0.1', options: { networkOf: 'c' } }],
    ['another container', '', 'container:x', { address: '127.0.0.1', options: { networkOf: 'c' } }],
  ])('stands beside the service: %s', (_, address, network, expected) => {
    expect(clientNetwork({ engine: {} as Engine, container: 'c', address, network })).toEqual(expected);
  });

  test('its image is named after its packages, whose names cannot be commands', () => {
    expect(clientImageTag(['a', 'b'])).toMatch(/^perennial-client:[0-9a-f]{12}$/);
    expect(clientImageTag(['a', 'b'])).not.toBe(clientImageTag(['a', 'c']));
    expect(clientDockerfile('debian:x', ['jq'])).toContain('--no-install-recommends jq ');
    expect(() => clientDockerfile('debian:x', ['jq; id'])).toThrow(/not a Debian package name/);
  });
});
