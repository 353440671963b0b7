import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Manifest } from '../../src/bag/manifest.ts';
import { formatAnswers, formatTests } from '../../src/smoke/golden-file.ts';
import type { SmokeTest } from '../../src/smoke/smoke-test.ts';
import { buildOwned, type EngineState, engine, engineState, removeOwned } from '../support/engine-state.ts';
import { HOSTILE } from '../support/hostile-text.ts';
import { type Ended, runPerennial } from '../support/run-perennial.ts';
import { tempDir } from '../support/temp-dir.ts';
import { buildTinyBag, type TinyPath, tinyManifest, tinyPackage, tinyPaths } from '../support/tiny-bag.ts';

jest.setTimeout(300_000);

const ID = `evil-${randomBytes(3).toString('hex')}`;
const TAG = `${ID}:base`;
const NEW = `${ID}-new`;
/** Where whatever of a bag runs outside its container would leave its mark; also the working folder. */
const dir = tempDir();
const canary = join(dir, 'canary');
const home = process.cwd();
let before: EngineState;

beforeAll(() => {
  buildOwned(ID, TAG, ['FROM debian:trixie']);
  before = engineState(ID);
  process.chdir(dir);
});

afterAll(() => {
  process.chdir(home);
  removeOwned(ID);
});

const touch = `touch ${canary}`;
const nasty = `x\u001b]0;owned\u0007\u001b[2J\u009b31m\u202e$(${touch})\`${touch}\`'"; ${touch}; #<img src=x>|::error::`;

/** Smoke tests that want to do things on this machine. */
const tests: SmokeTest[] = [
  { name: `${nasty} host`, type: 'command', where: 'host', run: touch },
  { name: `${nasty} mask`, type: 'command', run: ['printf', `%s!\n`, 'a'.repeat(40)], mask: ['^(a+)+$'] },
  { name: `${nasty} container`, type: 'command', run: ['echo', nasty] },
];

/** A bag of this release, so that nothing but the bag itself is put back. */
function hostileBag(name: string, paths: TinyPath[] = [], changes: Partial<Manifest> = {}): Promise<string> {
  const { service, system } = tinyManifest();
  const all = [...tinyPaths, ...paths].toSorted((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
  return buildTinyBag(join(dir, name), {
    paths: all,
    files: {
      'data/smoke/tests.yml': formatTests(tests),
      'data/smoke/answers.json': formatAnswers([]),
    },
    manifest: {
      service: {
        ...service,
        name: nasty,
        start: 'echo started > /srv/started',
        recognised: [nasty, '../../../../etc/passwd'],
        sockets: [],
        processes: [{ pid: 1, user: nasty, program: `/${nasty}`, argv: [nasty], package: nasty }],
        run: {
          ...service.run,
          command: [],
          hostname: 'tiny',
          env: Object.fromEntries(HOSTILE.filter(text => !text.includes('\udcff')).map((text, n) => [`E${n}`, text])),
          labels: { [`l;$(touch\${IFS}${canary})`]: nasty, 'org.perennial.restore': '*', '--privileged': '' },
          extraHosts: [],
          privileged: true,
          networkMode: 'host',
          capAdd: ['sys_admin', 'SYS_TIME'],
          devices: ['/dev/kmsg'],
          mounts: [{ type: 'bind', source: '/', destination: '/host', writable: true, anonymous: false }],
        },
      },
      system: {
        ...system,
        os: { ...system.os, versionId: '13', codename: 'trixie', prettyName: nasty },
        packages: [
          tinyPackage(`-oAPT::Update::Pre-Invoke::=${touch}`, '1', { manual: true }),
          tinyPackage('--install-suggests', '1', { manual: true }),
          tinyPackage(nasty, nasty, { manual: true }),
        ],
        overrides: {
          statoverrides: [{ user: '--help', group: nasty, mode: nasty, path: `/srv/${nasty}` }],
          diversions: [{ path: `/srv/${nasty}`, divertedTo: `-${nasty}`, package: ':' }],
          alternatives: [{ name: `-${nasty}`, link: '/srv/l', mode: 'manual', value: nasty, choices: [] }],
          holds: [nasty, '--force'],
        },
        extraRepositories: [nasty],
        installHistory: [nasty],
        removed: [nasty, '-y', '--purge'],
      },
      mounts: [
        { destination: `/srv/-v ${nasty.slice(0, 40)}`, kept: true, why: nasty },
        { destination: '/', kept: false, why: nasty },
      ],
      dumps: [{ file: '../../../../../etc/passwd', service: nasty, export: nasty, bytes: 1 }],
      pristine: [{ path: '/etc/passwd', file: 'dumps/none', source: 'image' }],
      notes: [nasty],
      ...changes,
    },
  });
}

/** Nothing of a bag acts on this machine or on a terminal. */
function expectHarmless(ended: Ended): void {
  expect(existsSync(canary)).toBe(false);
  expect(readdirSync(dir).filter(name => /canary/.test(name))).toEqual([]);
  expect(ended.stdout + ended.stderr).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/);
}

test('everything hostile at once: one clear error or a service in its container, nothing on this machine', async () => {
  const bag = await hostileBag('all');
  const ended = await runPerennial(['restore', bag, '--name', NEW, '--base', TAG]);
  expectHarmless(ended);
  expect(ended.stderr).toMatch(/^error: .*/m);
  expect(ended.stderr).not.toMatch(/defect/);
  expect([1, 2]).toContain(ended.code);
  expect(engineState(ID)).toEqual(before);
});

describe('a bag without what is refused', () => {
  const paths: TinyPath[] = [
    { path: '/srv/su', content: '#!/bin/sh\n', mode: 0o4755, disposition: 'keep' },
    { path: '/srv/disk', kind: 'char', devMajor: 1, devMinor: 3, mode: 0o666, disposition: 'keep' },
    { path: '/srv/pipe', kind: 'fifo', disposition: 'keep' },
    { path: `/srv/${nasty.replaceAll('/', '')}\nx`, content: 'odd', disposition: 'keep' },
    { path: '/srv/out', kind: 'symlink', linkTarget: '/../../../../../../etc/shadow', disposition: 'keep' },
  ];
  let ended: Ended;

  beforeAll(async () => {
    const { system } = tinyManifest();
    const packages = [tinyPackage(`-o${nasty}`, nasty), tinyPackage('--install-suggests', '1')];
    const os = { ...system.os, versionId: '13', codename: 'trixie', prettyName: nasty };
    const bag = await hostileBag('some', paths, { dumps: [], pristine: [], system: { ...system, os, packages } });
    ended = await runPerennial(['restore', bag, '--name', NEW, '--base', TAG, '--keep']);
  });

  test('is restored, and nothing of it reaches this machine', () => {
    expectHarmless(ended);
    expect(ended.stderr).not.toMatch(/^error/m);
    expect([0, 3]).toContain(ended.code);
    expect(engine(['exec', NEW, 'cat', '/srv/started'])).toBe('started\n');
  });

  test('has no rights over this machine', () => {
    const [facts] = JSON.parse(engine(['inspect', NEW]));
    expect(facts.HostConfig).toMatchObject({ Privileged: false, CapAdd: null, Devices: [] });
    expect(facts.HostConfig.NetworkMode).not.toBe('host');
    expect(facts.Mounts.filter((mount: { Type: string }) => mount.Type === 'bind')).toEqual([]);
    expect(ended.stderr).toMatch(
      /Rights over this machine are not given .*--privileged, --network host, --cap-add sys_admin/,
    );
  });

  test('says which of its files give rights', () => {
    expect(ended.stdout).toMatch(/\/srv\/su \(root\) run with rights that their users have not/);
    expect(ended.stdout).toMatch(/\/srv\/disk \(root\) are devices/);
  });

  test('runs no command of its tests here, and its masks come to an end', () => {
    expect(ended.stderr).toMatch(/host" could not be run: .*wants to run a command on this machine/);
    expect(ended.stderr).toMatch(/mask" could not be run: .*The mask \^\(a\+\)\+\$ failed/);
  });
});

test('a link and a file below it: refused before anything is made', async () => {
  const swap = await hostileBag('swap', [
    { path: '/a', kind: 'symlink', linkTarget: '/etc', disposition: 'keep' },
    { path: '/a/passwd', content: 'x', disposition: 'keep' },
  ]);
  const ended = await runPerennial(['restore', swap, '--name', `${NEW}2`, '--base', TAG]);
  expectHarmless(ended);
  expect(ended).toMatchObject({ code: 2, stderr: expect.stringMatching(/\/a\/passwd is below \/a, a symlink/) });
  expect(ended.stderr).not.toMatch(/Building/);
});

test('a Dockerfile that asks for rights over this machine: refused before it is built', async () => {
  const { service, system } = tinyManifest();
  const bag = await buildTinyBag(join(dir, 'insecure'), {
    files: { 'data/rebuild/Dockerfile': `FROM ${TAG}\nRUN --security=insecure ${touch}\n` },
    manifest: {
      service: { ...service, sockets: [] },
      system: { ...system, os: { ...system.os, versionId: '13', codename: 'trixie' }, packages: [] },
      rebuild: { dockerfile: 'Dockerfile', context: '.', buildArgs: {} },
    },
  });
  const ended = await runPerennial(['restore', bag, '--name', `${NEW}3`, '--base', TAG]);
  expectHarmless(ended);
  expect(ended).toMatchObject({ code: 2, stderr: expect.stringMatching(/line 2: RUN --security=insecure/) });
  expect(ended.stderr).not.toMatch(/Building/);
});
