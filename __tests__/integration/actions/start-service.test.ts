import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { parse } from 'yaml';
import { tempDir } from '../../support/temp-dir.ts';

jest.setTimeout(60_000);

const ROOT = join(import.meta.dirname, '../../..');
const NAME = `actions-start-${process.pid}`;
const VOLUME = `${NAME}-data`;

const docker = (...args: string[]) => spawnSync('docker', args, { encoding: 'utf8' });
const exists = (kind: string, name: string) => docker(kind, 'inspect', name).status === 0;

afterEach(() => {
  docker('rm', '-f', '-v', NAME);
  docker('volume', 'rm', VOLUME);
});

interface Ended {
  code: number;
  log: string;
  outputs: string;
  state: string;
}

/** Runs an entry as a runner does: inputs in the environment with the defaults of action.yml, files for what it says. */
function runEntry(entry: string, inputs: Record<string, string>, signalAfter?: { text: string }): Promise<Ended> {
  const folder = tempDir();
  const declared = parse(readFileSync(join(ROOT, 'action.yml'), 'utf8')) as {
    inputs: Record<string, { default?: string }>;
  };
  const given = {
    ...Object.fromEntries(Object.entries(declared.inputs).map(([name, each]) => [name, each.default ?? ''])),
    ...inputs,
  };
  const files = {
    GITHUB_OUTPUT: join(folder, 'output'),
    GITHUB_STATE: join(folder, 'state'),
    GITHUB_STEP_SUMMARY: join(folder, 'summary'),
  };
  for (const file of Object.values(files)) writeFileSync(file, '');
  const env = {
    ...process.env,
    ...files,
    RUNNER_TEMP: folder,
    ...Object.fromEntries(Object.entries(given).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
  };
  return new Promise(resolve => {
    const child = execFile(process.execPath, [join(ROOT, 'src/actions', entry)], { env }, (_, stdout, stderr) => {
      const [outputs, state] = [readFileSync(files.GITHUB_OUTPUT, 'utf8'), readFileSync(files.GITHUB_STATE, 'utf8')];
      resolve({ code: child.exitCode ?? -1, log: stdout + stderr, outputs, state });
    });
    child.stdout!.on('data', chunk => {
      if (signalAfter && String(chunk).includes(signalAfter.text)) setTimeout(() => child.kill('SIGINT'), 300);
    });
  });
}

const base = { name: NAME, image: 'debian:bullseye', volumes: `${VOLUME}:/data`, start: 'true' };

test('starts a service: outputs, and a state without secrets', async () => {
  const { code, outputs, state } = await runEntry('main.ts', {
    ...base,
    env: 'DB_PASSWORD=hunter2',
    'run-options': '--label\norg.lab=a b',
    start: 'echo "$DB_PASSWORD" > /data/seen',
  });
  expect(code).toBe(0);
  expect(outputs).toMatch(new RegExp(`container<<[^\\n]*\\n${NAME}\\n`));
  expect(outputs).toMatch(/address<<[^\n]*\n\d+\.\d+\.\d+\.\d+\n/);
  expect(outputs).toMatch(/image<<[^\n]*\nsha256:[0-9a-f]{64}\n/);
  expect(docker('exec', NAME, 'cat', '/data/seen').stdout).toBe('hunter2\n');
  expect(docker('inspect', '-f', '{{index .Config.Labels "org.lab"}}', NAME).stdout).toBe('a b\n');
  expect(state).not.toContain('hunter2');
  expect(state).toContain(VOLUME);
});

describe('whatever fails, nothing is left and there is one clear error', () => {
  test.each<[string, Record<string, string>, RegExp]>([
    ['the start command fails', { start: 'echo broken >&2; exit 3' }, /start command ended with exit code 3: broken/],
    ['the start command does not return', { start: 'sleep 60', 'ready-timeout': '1' }, /did not return within 1 s/],
    ['nothing answers', { 'ready-port': '81', 'ready-timeout': '1' }, /Waited \d\.\d s for port 81/],
    ['the container ends', { image: 'debian:bullseye', 'run-options': '--entrypoint\nfalse' }, /does not run/],
    [
      'an option that the engine does not know',
      { 'run-options': '--no-such-option' },
      /does not start.*no-such-option/s,
    ],
    ['no such image', { image: 'actions-no-such-image:none' }, /cannot be pulled/],
    ['nothing to run', { start: '' }, /no command that keeps running/],
    ['no context', { image: '', context: '/nowhere' }, /build context \/nowhere has no readable Dockerfile/],
    ['an engine of another name', { engine: 'lxc' }, /Unknown engine "lxc"/],
  ])('%s', async (_, inputs, message) => {
    const { code, log } = await runEntry('main.ts', { ...base, ...inputs });
    expect(code).toBe(1);
    expect(log.split('\n').filter(line => line.startsWith('::error'))).toEqual([expect.stringMatching(message)]);
    expect({ container: exists('container', NAME), volume: exists('volume', VOLUME) }).toEqual({
      container: false,
      volume: false,
    });
  });

  test('an image that does not build', async () => {
    const context = tempDir();
    mkdirSync(context, { recursive: true });
    writeFileSync(join(context, 'Dockerfile'), 'FROM debian:bullseye\nRUN exit 9\n');
    const { code, log } = await runEntry('main.ts', { ...base, image: '', context });
    expect(code).toBe(1);
    expect(log).toMatch(/::error::The image does not build from/);
    expect(exists('image', `perennial/${NAME}:service`)).toBe(false);
  });

  test('the run is cancelled while it waits', async () => {
    const inputs = { ...base, 'ready-port': '81', 'ready-timeout': '60' };
    const { code, log } = await runEntry('main.ts', inputs, { text: 'Starting the container' });
    expect(code).toBe(130);
    expect(log).toContain('::error::The run was cancelled');
    expect(exists('container', NAME)).toBe(false);
  });
});

test('a container that is there already is not touched', async () => {
  docker('run', '-d', '--name', NAME, 'debian:bullseye', 'sleep', 'infinity');
  const { code, log } = await runEntry('main.ts', base);
  expect(code).toBe(1);
  expect(log).toContain(`There is a container "${NAME}" already`);
  expect(exists('container', NAME)).toBe(true);
});

test('a volume that was there before is not removed', async () => {
  docker('volume', 'create', VOLUME);
  const { code } = await runEntry('main.ts', { ...base, start: 'exit 1' });
  expect(code).toBe(1);
  expect(exists('volume', VOLUME)).toBe(true);
});

test('post without a service says so and does nothing', async () => {
  const { code, log } = await runEntry('post.ts', base);
  expect({ code, log }).toEqual({ code: 0, log: expect.stringContaining('never started') });
});
