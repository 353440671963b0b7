import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { packBag } from '../../src/bag/pack-bag.ts';
import { buildOwned, type EngineState, engine, engineState, removeOwned } from '../support/engine-state.ts';
import { type Ended, runPerennial } from '../support/run-perennial.ts';
import { tempDir } from '../support/temp-dir.ts';

jest.setTimeout(600_000);

const ID = `fault-${randomBytes(3).toString('hex')}`;
const TAG = `${ID}:base`;
const dir = tempDir();
const temporary = join(dir, 'tmp');
const small = join(dir, 'small');
const large = join(dir, 'large');
let before: EngineState;

/** A file system in memory of so many kilobytes, so that it can be full. */
function disk(name: string, kilobytes: number): string {
  const folder = join(dir, name);
  mkdirSync(folder);
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', folder]);
  return folder;
}

function startService(run: (args: string[]) => string, megabytes: number): void {
  run(['run', '-d', '--name', `${ID}-service`, TAG, 'sleep', 'infinity']);
  const fill = `head -c ${megabytes}M /dev/urandom > /srv/volume/large; echo x > /etc/lab.conf`;
  run(['exec', `${ID}-service`, 'sh', '-c', fill]);
}

const run = (args: string[], options: Parameters<typeof runPerennial>[1] = {}) =>
  runPerennial(args, { ...options, env: { TMPDIR: temporary, ...options.env } });
const archive = (out: string) => ['archive', '--container', `${ID}-service`, '--out', out];

/** One clear error, and nothing of it left. */
function expectOneError(ended: Ended, code: number, message: RegExp): void {
  expect(ended.stderr).toMatch(message);
  expect(ended.stderr.match(/^error: /gm)).toHaveLength(1);
  expect(ended.stderr).not.toMatch(/defect of perennial/);
  expect(ended.code).toBe(code);
  expect(readdirSync(temporary)).toEqual([]);
}

beforeAll(async () => {
  mkdirSync(temporary);
  buildOwned(ID, TAG, ['FROM debian:trixie', 'VOLUME /srv/volume']);
  startService(engine, 300);
  expect(await run(archive(large))).toMatchObject({ code: 0 });
  engine(['exec', `${ID}-service`, 'truncate', '--size=40M', '/srv/volume/large']);
  expect(await run(archive(small))).toMatchObject({ code: 0 });
  before = engineState(ID);
});

afterAll(() => removeOwned(ID));

describe('the disk is full', () => {
  // Before the folder that they are in is removed.
  afterAll(() => {
    execFileSync('umount', ['--lazy', join(dir, 'out-disk')]);
  });

  test('where the bag is written', async () => {
    const out = disk('out-disk', 20_000);
    expectOneError(await run(archive(join(out, 'bag'))), 1, /Cannot write .*out-disk.*\n?.*Free space/);
    expect(readdirSync(out)).toEqual([]);
    expect(engineState(ID)).toEqual(before);
  });

  test('where a bag is packed', async () => {
    const out = join(dir, 'out-disk');
    await expect(packBag(small, join(out, 'small.tar.zst'))).rejects.toMatchObject({ code: 'store-failed' });
    expect(readdirSync(out)).toEqual([]);
  });
});

describe('the temporary folder is full', () => {
  afterAll(() => {
    execFileSync('umount', ['--lazy', join(dir, 'tmp-disk')]);
  });

  test.each<[string, () => Promise<string[]>]>([
    ['archive to a store', async () => [...archive(join(dir, 'out')).slice(0, -2), '--to', join(dir, 'shelf')]],
    ['copy of a folder', async () => ['copy', small, join(dir, 'shelf')]],
  ])('%s: one clear error, and nothing is left', async (_, args) => {
    const full = existsSync(join(dir, 'tmp-disk')) ? join(dir, 'tmp-disk') : disk('tmp-disk', 8_000);
    const words = await args();
    const before = readdirSync(dir);
    expectOneError(await run(words, { env: { TMPDIR: full } }), 1, /Cannot write .*tmp-disk.*\n?.*(Free space|TMPDIR)/);
    expect(readdirSync(full)).toEqual([]);
    expect(readdirSync(dir)).toEqual(before);
  });

  test('an encrypted bag is read where it lies, whatever its size', async () => {
    writeFileSync(join(dir, 'words'), 'correct horse');
    const locked = join(dir, 'small.tar.zst.age'); // 40 MB
    await packBag(small, locked, { lock: { passphrase: 'correct horse' } });
    const full = join(dir, 'tmp-disk');
    const ended = await run(['verify', locked, '--passphrase-file', join(dir, 'words')], { env: { TMPDIR: full } });
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(readdirSync(full)).toEqual([]);
  });
});

describe('what is read goes away', () => {
  /** Runs an archive, and something else as soon as the payload is under way. */
  function disturbed(act: () => void): Promise<Ended> {
    let done = false;
    return run(archive(join(dir, 'out')), {
      onStderr(text) {
        if (done || !/Archiving \d+ paths/.test(text)) return;
        done = true;
        setTimeout(act, 50);
      },
    });
  }

  test.each<[string, string[]]>([
    ['the container is stopped', ['stop', '-t', '0', `${ID}-service`]],
    ['the container is removed', ['rm', '-f', `${ID}-service`]],
  ])('%s', async (_, args) => {
    engine(['start', `${ID}-service`]);
    engine(['exec', `${ID}-service`, 'sh', '-c', 'head -c 400M /dev/urandom > /srv/volume/large']);
    const ended = await disturbed(() => engine(args));
    expectOneError(ended, 1, /Archiving ended early|Did the engine or the container end/);
    expect(readdirSync(dir).filter(name => name.startsWith('out') && name !== 'out-disk')).toEqual([]);
  });
});
