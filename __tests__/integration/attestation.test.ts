import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { parse } from 'yaml';
import { toolEnv } from '../../scripts/provision/paths.ts';
import { signBag } from '../../src/attestation/sign-bag.ts';
import { type RunOptions, runPerennial } from '../support/run-perennial.ts';
import { claimsOf, SigstoreInstance, tokenOf } from '../support/sigstore-instance.ts';
import { tempDir } from '../support/temp-dir.ts';
import { buildTinyBag } from '../support/tiny-bag.ts';

/* Archives that say who made them: the archive action as a runner runs it, against an instance of Sigstore on the loopback. */

jest.setTimeout(120_000);

const ROOT = join(import.meta.dirname, '../..');
const NAME = `attested-${process.pid}`;
const dir = tempDir();
const at = (name: string) => join(dir, name);
const docker = (...args: string[]) => spawnSync('docker', args, { encoding: 'utf8' });
const run = (args: string[], options: RunOptions = {}) => runPerennial(args, options);
let sigstore: SigstoreInstance;

beforeAll(async () => {
  sigstore = await SigstoreInstance.start();
  writeFileSync(at('root.json'), sigstore.rootText);
  docker('run', '-d', '--name', NAME, 'debian:trixie', 'sleep', 'infinity');
  docker('exec', NAME, 'sh', '-c', 'mkdir /srv/data && echo alpha > /srv/data/a');
});

afterAll(async () => {
  docker('rm', '-f', '-v', NAME, `${NAME}-back`);
  docker('rmi', `perennial/${NAME}-back:restored`);
  await sigstore.stop();
});

interface Ended {
  code: number;
  log: string;
  outputs: string;
  summary: string;
}

/** Runs an action as a runner does: inputs in the environment, with the defaults of its action.yml. */
function runAction(action: string, inputs: Record<string, string>, env: Record<string, string>): Promise<Ended> {
  const folder = tempDir();
  const file = readFileSync(join(ROOT, action, 'action.yml'), 'utf8');
  const declared = parse(file).inputs as Record<string, { default?: string }>;
  const defaults = Object.entries(declared).map(([name, each]) => [name, each.default ?? '']);
  const given = { ...Object.fromEntries(defaults), 'github-token': '', ...inputs } as Record<string, string>;
  const files = { GITHUB_OUTPUT: join(folder, 'output'), GITHUB_STEP_SUMMARY: join(folder, 'summary') };
  for (const each of Object.values(files)) writeFileSync(each, '');
  const all = {
    ...process.env,
    ...files,
    RUNNER_TEMP: folder,
    ...env,
    ...Object.fromEntries(Object.entries(given).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
  };
  return new Promise(resolve => {
    const entry = join(ROOT, `src/actions/${action}.ts`);
    const child = execFile(process.execPath, [entry], { env: all }, (_, stdout, stderr) => {
      const [outputs, summary] = Object.values(files).map(each => readFileSync(each, 'utf8'));
      resolve({ code: child.exitCode ?? -1, log: stdout + stderr, outputs: outputs!, summary: summary! });
    });
  });
}

function archiveAction(inputs: Record<string, string>, env: Record<string, string>): Promise<Ended> {
  return runAction('archive', { container: NAME, verify: 'digest', 'artifact-name': 'tiny', ...inputs }, env);
}

const ownInstance = () => `fulcio=${sigstore.url}\nrekor=${sigstore.url}\ntrusted-root=${at('root.json')}`;
const workflow = 'https://github.com/lab/services/.github/workflows/end.yml@refs/heads/main';
const byLab = () => ['--attested-by', 'lab/services', '--trusted-root', at('root.json')];

test('an archive that a workflow signed is restored only for who asks for that workflow', async () => {
  const shelf = at('shelf');
  const made = await archiveAction({ to: shelf, attest: 'true', sigstore: ownInstance() }, sigstore.tokenEnv);
  expect(made).toMatchObject({ code: 0, summary: expect.stringContaining('Attested by') });
  expect(made.outputs).toContain(workflow);

  const verified = await run(['verify', shelf, ...byLab(), '--json']);
  expect(verified.code).toBe(0);
  expect(JSON.parse(verified.stdout).attestation).toMatchObject({ trusted: true, identity: workflow });

  const restore = ['restore', shelf, '--name', `${NAME}-back`, '--base', 'debian:trixie'];
  const refused = await run([...restore, '--attested-by', 'lab/other', '--trusted-root', at('root.json')]);
  expect(refused).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/attested by .*end\.yml.*, not by a workflow of lab\/other/),
  });
  const input = { bag: `${shelf}/tiny.tar.zst`, name: `${NAME}-back`, 'trusted-root': at('root.json') };
  const step = await runAction('restore', { ...input, 'attested-by': 'lab/other' }, {});
  expect(step).toMatchObject({ code: 1, log: expect.stringMatching(/::error.*not by a workflow of lab\/other/) });
  expect(docker('container', 'inspect', `${NAME}-back`).status).not.toBe(0);
  const back = await run([...restore, ...byLab(), '--keep']);
  expect(back).toMatchObject({ code: 0, stdout: expect.stringContaining(`Attested by ${workflow}`) });
  expect(docker('exec', `${NAME}-back`, 'cat', '/srv/data/a').stdout).toBe('alpha\n');
  const checked = await run(['check', shelf, '--container', `${NAME}-back`, ...byLab(), '--json']);
  expect(JSON.parse(checked.stdout).attestation).toMatchObject({ trusted: true });
});

test('a signature that cannot be had loses no data: the archive is kept, and the step fails', async () => {
  sigstore.broken = '/api/v2/signingCert';
  const made = await archiveAction({ to: at('unsigned'), attest: 'true', sigstore: ownInstance() }, sigstore.tokenEnv);
  sigstore.broken = '';
  expect(made).toMatchObject({ code: 1, log: expect.stringMatching(/::error.*kept, but not attested/) });
  expect(readdirSync(at('unsigned'))).toContain('tiny.tar.zst');
  expect(docker('container', 'inspect', NAME).status).toBe(0);
  const asked = await run(['verify', at('unsigned'), ...byLab()]);
  expect(asked).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('has no attestation, and one by a workflow of lab/services'),
  });
});

describe('nothing is done when the job may not sign', () => {
  const unseen = { repository_visibility: 'private' };
  test.each<[string, Record<string, string>, () => Record<string, string>, RegExp]>([
    [
      'without id-token: write',
      {},
      () => ({ ACTIONS_ID_TOKEN_REQUEST_URL: '', ACTIONS_ID_TOKEN_REQUEST_TOKEN: '' }),
      /id-token: write/,
    ],
    ['in a private repository', {}, () => sigstore.tokenEnv, /is private.*attest: public/s],
  ])('%s', async (_, inputs, env, message) => {
    sigstore.claims = claimsOf('lab/services', unseen);
    const made = await archiveAction({ to: at('never'), attest: 'true', ...inputs }, env());
    sigstore.claims = claimsOf('lab/services');
    expect(made).toMatchObject({ code: 1, log: expect.stringMatching(message) });
    expect(existsSync(at('never'))).toBe(false);
  });
});

describe('a bag with an attestation', () => {
  beforeAll(async () => {
    await buildTinyBag(at('tiny'));
    const roots = [async () => sigstore.root];
    await signBag(at('tiny'), sigstore.withLog, async () => tokenOf(claimsOf('lab/services')), roots);
  });

  test('is one for the reference validator', () => {
    expect(spawnSync('bagit.py', ['--validate', at('tiny')], { env: toolEnv() }).status).toBe(0);
  });

  test('keeps it where it is copied to, packed and encrypted', async () => {
    const age = (...args: string[]) =>
      execFileSync(args[0]!, args.slice(1), { env: toolEnv(), stdio: ['ignore', 'pipe', 'pipe'] });
    age('age-keygen', '-o', at('key.txt'));
    const recipient = `${age('age-keygen', '-y', at('key.txt'))}`.trim();
    expect(await run(['copy', at('tiny'), at('packed.tar.zst')])).toMatchObject({ code: 0 });
    expect(await run(['copy', at('packed.tar.zst'), at('locked.tar.zst.age'), '--recipient', recipient])).toMatchObject(
      { code: 0 },
    );
    const verified = await run(['verify', at('locked.tar.zst.age'), '--identity-file', at('key.txt'), ...byLab()]);
    expect(verified).toMatchObject({ code: 0, stdout: expect.stringContaining(`Attested by ${workflow}`) });
  });

  test('that was changed is refused, whoever asks', async () => {
    cpSync(at('tiny'), at('changed'), { recursive: true });
    writeFileSync(
      at('changed/tagmanifest-sha256.txt'),
      readFileSync(at('changed/tagmanifest-sha256.txt'), 'utf8').toUpperCase(),
    );
    for (const args of [[], byLab()])
      expect(await run(['verify', at('changed'), ...args])).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('another state'),
      });
  });

  test('is refused for who asks for another issuer, with one clear error', async () => {
    const asked = ['--certificate-identity', workflow, '--certificate-oidc-issuer', 'https://x'];
    const ended = await run(['verify', at('tiny'), ...asked, '--trusted-root', at('root.json')]);
    expect(ended).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/not by .*issuer https:\/\/x/) });
    expect(ended.stderr.match(/^error: /gm)).toHaveLength(1);
  });
});
