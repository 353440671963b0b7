import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { parse } from 'yaml';
import { TOOL_BIN } from '../../scripts/provision/paths.ts';
import { buildOwned, engine, removeOwned } from '../support/engine-state.ts';
import { perennial, runPerennial } from '../support/run-perennial.ts';
import { tempDir } from '../support/temp-dir.ts';

jest.setTimeout(600_000);

/* The result is kept as an image, pushed to a registry, and started again from its compose file on an engine that has lost it. */
const ID = `keep-${randomBytes(3).toString('hex')}`;
const TAG = `${ID}:base`;
const NEW = `${ID}-new`;
const PORT = 20_000 + (process.pid % 10_000);
const IMAGE = `localhost:${PORT}/lab/${ID}:2030`;
const dir = tempDir();
const bag = join(dir, 'bag');
const report = join(dir, 'report');
/** What few containers have. */
const OPTIONS = [
  ...['--security-opt', 'no-new-privileges', '--group-add', '4321', '--tmpfs', '/scratch:size=8m,mode=1770'],
  ...['--restart', 'on-failure:3', '--stop-timeout', '7', '--shm-size', '32m', '--memory', '512m'],
  ...['--health-cmd', 'test -e "/etc/passwd" && : $LAB', '--health-retries', '4', '-e', 'HOME=/srv'],
];
let registry: ReturnType<typeof spawn> | undefined;

/** How a container has these options, but for its limit of memory. */
function optionsOf(container: string): unknown[] {
  const [{ HostConfig: host, Config: config }] = JSON.parse(engine(['inspect', container]));
  const { MaximumRetryCount: tries } = host.RestartPolicy;
  const tmpfs = engine(['exec', container, 'grep', ' /scratch ', '/proc/mounts']);
  const { Test: check, Retries: retries } = config.Healthcheck;
  const home = engine(['exec', container, 'sh', '-c', 'echo "$HOME"']).trim();
  const isSmall = /size=8192k,mode=1770/.test(tmpfs);
  return [
    ...[host.SecurityOpt, host.GroupAdd, tries, config.StopTimeout, host.ShmSize, isSmall],
    ...[check, retries, home],
  ];
}
const CHECK = ['CMD-SHELL', 'test -e "/etc/passwd" && : $LAB'];
const AS_BEFORE = [['no-new-privileges'], ['4321'], 3, 7, 32 * 1024 * 1024, true, CHECK, 4, '/srv'];

beforeAll(async () => {
  registry = await startRegistry();
  buildOwned(ID, TAG, ['FROM debian:trixie', 'VOLUME /srv/volume', 'ENV PRICE=5$']);
  engine(['run', '-d', '--name', `${ID}-service`, '-e', 'LAB=$HOME', ...OPTIONS, TAG, 'sleep', '100001']);
  engine(['exec', `${ID}-service`, 'sh', '-c', 'echo precious > /srv/volume/data; echo x > /etc/tinyd.conf']);
  const start = 'echo "started $LAB" >> /srv/started';
  await perennial(['archive', '--container', `${ID}-service`, '--out', bag, '--start', start]);
  engine(['rm', '-f', '-v', `${ID}-service`]);
});

afterAll(() => {
  registry?.kill();
  compose('down');
  removeOwned(ID);
});

async function startRegistry() {
  const config = join(dir, 'registry.yml');
  mkdirSync(join(dir, 'registry'));
  const settings = {
    version: 0.1,
    storage: { filesystem: { rootdirectory: join(dir, 'registry') } },
    http: { addr: `127.0.0.1:${PORT}` },
  };
  writeFileSync(config, JSON.stringify(settings));
  const child = spawn(join(TOOL_BIN, 'docker-registry'), ['serve', config], { stdio: 'ignore' });
  for (let tries = 0; tries < 100; tries++) {
    if (
      await fetch(`http://127.0.0.1:${PORT}/v2/`).then(
        each => each.ok,
        () => false,
      )
    )
      return child;
    await sleep(200);
  }
  throw new Error('The registry does not answer');
}

function compose(...args: string[]): string {
  const said = spawnSync('docker-compose', ['-f', join(report, 'compose.yaml'), ...args], { encoding: 'utf8' });
  return `${said.status} ${said.stdout}${said.stderr}`;
}

test('--push without a place to push to is bad input, before anything is made', async () => {
  expect(await runPerennial(['restore', bag, '--name', NEW, '--push'])).toMatchObject({ code: 2 });
  expect(await runPerennial(['restore', bag, '--name', NEW, '--image', 'Not A Reference'])).toMatchObject({ code: 2 });
});

test('the kept image is in the registry, and its compose file starts the service with its volumes', async () => {
  await perennial(['restore', bag, '--name', NEW, '--base', TAG, '--image', IMAGE, '--push', '--report', report]);
  expect(engine(['exec', NEW, 'cat', '/srv/started'])).toBe('started $HOME\n');
  expect(optionsOf(NEW)).toEqual(AS_BEFORE);
  expect(readFileSync(join(report, 'summary.txt'), 'utf8')).toMatch(/--memory 536870912/);
  engine(['rm', '-f', NEW]);
  engine(['rmi', IMAGE, `perennial/${NEW}:restored`]);

  const file = parse(readFileSync(join(report, 'compose.yaml'), 'utf8'));
  expect(file.services[NEW]).toMatchObject({
    image: IMAGE,
    volumes: [`${NEW}-srv-volume:/srv/volume`],
    environment: { LAB: '$$HOME' },
  });
  const ofOwner = ['compose.yaml', 'Dockerfile', 'plan.sh'].map(name => statSync(join(report, name)).mode & 0o777);
  expect(ofOwner).toEqual([0o600, 0o600, 0o600]);
  expect(compose('config')).toMatch(/^0 /);
  expect(compose('up', '--detach')).toMatch(/^0 /); // pulls what was pushed
  const inside = (script: string) => engine(['exec', NEW, 'sh', '-c', script]).trim();
  for (let tries = 0; tries < 50 && inside('wc -l < /srv/started') !== '2'; tries++) await sleep(200);
  expect(inside('cat /srv/started; cat /srv/volume/data /etc/tinyd.conf')).toBe(
    'started $HOME\nstarted $HOME\nprecious\nx',
  );
  expect(inside("tr '\\0' ' ' < /proc/1/cmdline")).toBe('sleep 100001');
  expect(inside('ls -d /var/lib/perennial-unfinished 2>/dev/null || echo none')).toBe('none');
  expect(optionsOf(NEW)).toEqual(AS_BEFORE);
  const running = execFileSync('docker', ['inspect', '-f', '{{.Config.Image}}', NEW], { encoding: 'utf8' });
  expect(running.trim()).toBe(IMAGE);
});

test('a registry that does not answer is named, and the image stays', async () => {
  engine(['rm', '-f', '-v', NEW]);
  engine(['volume', 'rm', `${NEW}-srv-volume`]);
  const nowhere = `localhost:1/lab/${ID}:x`;
  const failed = await runPerennial([
    'restore',
    bag,
    '--name',
    NEW,
    '--base',
    TAG,
    '--image',
    nowhere,
    '--push',
    '--cache',
  ]);
  expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining(`${nowhere} cannot be pushed`) });
  expect(engine(['images', '-q', nowhere])).not.toBe('');
});
