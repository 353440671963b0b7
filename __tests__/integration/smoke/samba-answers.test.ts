import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { readConfig } from '../../../src/config/read-config.ts';
import type { Engine } from '../../../src/engine/engine.ts';
import { findEngine } from '../../../src/engine/find-engine.ts';
import { clientImageTag } from '../../../src/smoke/client-image.ts';
import { answersAgree, compareAnswers } from '../../../src/smoke/compare-answers.ts';
import { checkFlaky, runSmokeTests } from '../../../src/smoke/run-smoke.ts';
import type { SmokeAnswer, SmokeTest } from '../../../src/smoke/smoke-test.ts';
import { containerRuns, portOpen, waitUntilReady } from '../../../src/smoke/wait-ready.ts';

jest.setTimeout(300_000);

const EXAMPLE = join(import.meta.dirname, '../../../examples/samba');
const ID = `smoke-${randomBytes(3).toString('hex')}`;
const containers = { bridge: `${ID}-bridge`, none: `${ID}-none` };

let engine: Engine;
let tests: SmokeTest[];
const warnings: string[] = [];
const progress = { step() {}, detail() {}, warn: (text: string) => void warnings.push(text) };
const target = (container: string) => ({ engine, container, address: '' });

async function operate(name: string, network: string): Promise<void> {
  const run = { image: 'perennial-smoke-samba:test', command: ['sleep', 'infinity'] };
  await engine.run({ ...run, name, extraArgs: ['--network', network] });
  for (const script of ['operate.sh', 'start.sh']) {
    await engine.exec(name, ['bash', '-s'], { input: await readFile(join(EXAMPLE, script)) });
  }
}

beforeAll(async () => {
  engine = await findEngine();
  tests = (await readConfig(join(EXAMPLE, 'perennial.yml'))).smoke;
  await engine.build({ context: EXAMPLE, tag: 'perennial-smoke-samba:test' });
  await operate(containers.bridge, 'bridge');
  await operate(containers.none, 'none');
});

afterAll(async () => {
  for (const name of Object.values(containers)) await engine.removeContainer(name);
  await engine.removeImage('perennial-smoke-samba:test');
  await engine.removeImage(clientImageTag(['smbclient']));
});

const EXPECTED: Record<string, [string, string[]]> = {
  'takes SMB connections': ['connected', []],
  'takes NetBIOS sessions': ['connected', []],
  'alice sees the shares': ['ok', ['Disk|lab|', 'Disk|public|']],
  'alice reads her measurement': ['ok', ['measured 42']],
  'alice writes and reads back': ['ok', ['written by a client']],
  'bob is not of the lab': ['NT_STATUS_ACCESS_DENIED', ['NT_STATUS_ACCESS_DENIED']],
  'a wrong password is refused': ['NT_STATUS_LOGON_FAILURE', ['NT_STATUS_LOGON_FAILURE']],
  'owners and modes': [
    'exit 0',
    [
      'drwxrws--- root lab /share/lab',
      '-rw-r--r-- alice lab /share/lab/data.txt',
      'drwxrwxrwt root root /share/public',
      'drwxr-xr-x alice alice /home/alice',
      'drwxr-xr-x bob bob /home/bob',
    ],
  ],
  'nothing is without an owner': ['exit 0', ['0']],
};
const seen = (answers: SmokeAnswer[]) => Object.fromEntries(answers.map(one => [one.name, [one.status, one.lines]]));

describe.each(['bridge', 'none'] as const)('Samba on network %s', network => {
  const name = containers[network];
  let golden: SmokeAnswer[];

  test('is ready', async () => {
    const facts = await engine.inspectContainer(name);
    const waiting = { describe: `port 445 of ${name}`, timeoutSeconds: 20 };
    await waitUntilReady({ ...waiting, check: containerRuns(engine, name) });
    await waitUntilReady({ ...waiting, check: portOpen(engine, name, facts.address, 445) });
    const never = waitUntilReady({
      ...waiting,
      timeoutSeconds: 0.5,
      check: portOpen(engine, name, facts.address, 446),
    });
    await expect(never).rejects.toThrow(
      /Waited .* for port 445 .*: (nothing listens on port 446|port 446: ECONNREFUSED)/,
    );
  });

  test('gives its golden answers, twice the same', async () => {
    golden = await checkFlaky(tests, target(name), progress);
    expect(warnings).toEqual([]);
    expect(seen(golden)).toEqual(EXPECTED);
    expect(golden.some(answer => answer.flaky)).toBe(false);
  });

  test('a lost right and a dead port are seen', async () => {
    const also: SmokeTest[] = [...tests, { type: 'tcp', name: 'nobody here', port: 446 }];
    await engine.exec(name, ['sh', '-c', 'chmod 755 /share/lab; gpasswd -a bob lab']);
    const now = await runSmokeTests(also, target(name), progress);
    await engine.exec(name, ['sh', '-c', 'chmod 2770 /share/lab; gpasswd -d bob lab']);
    const compared = compareAnswers(golden, now);
    expect(answersAgree(compared)).toBe(false);
    const odd = compared.filter(({ verdict }) => verdict !== 'same').map(({ name: test, verdict }) => [test, verdict]);
    expect(odd).toContainEqual(['bob is not of the lab', 'differs']);
    expect(odd).toContainEqual(['owners and modes', 'differs']);
    expect(now.at(-1)).toMatchObject({ name: 'nobody here', status: 'refused' });
  });
});

test('a client container answers what this machine would, and nothing is left of it', async () => {
  const listing: SmokeTest = {
    type: 'smb',
    name: 'ls',
    share: 'lab',
    user: 'alice',
    password: 'pw-alice',
    command: 'ls',
  };
  const onHost = await runSmokeTests([listing], target(containers.bridge), progress);
  const elsewhere = { ...listing, command: 'lcd /; ls' }; // may not run on this machine
  const inClient = await runSmokeTests([elsewhere], target(containers.bridge), progress);
  expect(inClient[0]!.lines).toEqual(onHost[0]!.lines);
  expect(inClient[0]!.lines).toHaveLength(3);
  expect(await engine.findImage(clientImageTag(['smbclient']))).toBeDefined();
  const { stdout } = await promisify(execFile)(engine.name, [
    'ps',
    '--all',
    '--filter',
    'label=perennial=client',
    '-q',
  ]);
  expect(stdout).toBe('');
});
