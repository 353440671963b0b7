import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { buildOwned, type EngineState, engine, engineState, removeOwned } from '../support/engine-state.ts';
import { type Ended, runPerennial } from '../support/run-perennial.ts';
import { tempDir } from '../support/temp-dir.ts';

jest.setTimeout(300_000);

const ID = `end-${randomBytes(3).toString('hex')}`;
const TAG = `${ID}:base`;
const dir = tempDir();
const bag = join(dir, 'bag');
let before: EngineState;

beforeAll(async () => {
  buildOwned(ID, TAG, ['FROM debian:trixie', 'VOLUME /srv/volume']);
  engine(['run', '-d', '--name', `${ID}-service`, TAG, 'sleep', 'infinity']);
  engine([
    'exec',
    `${ID}-service`,
    'sh',
    '-c',
    'head -c 300M /dev/urandom > /srv/volume/large; echo x > /etc/lab.conf',
  ]);
  engine(['run', '--name', `${ID}-stopped`, TAG, 'sh', '-c', 'head -c 300M /dev/urandom > /srv/large']);
  const context = join(dir, 'context');
  execFileSync('mkdir', [context]);
  writeFileSync(join(context, 'Dockerfile'), `FROM ${TAG}\nRUN echo first && sleep 3\nRUN sleep 60\n`);
  const archived = await runPerennial(['archive', '--container', `${ID}-service`, '--out', bag, '--context', context]);
  expect(archived).toMatchObject({ code: 0 });
  before = engineState(ID);
});

afterAll(() => removeOwned(ID));

/** Sends the signal as soon as stderr says the words, and `delay` milliseconds later. */
function runUntil(args: string[], words: RegExp, signal: NodeJS.Signals, delay = 0): Promise<Ended> {
  let sent = false;
  return runPerennial(args, {
    onStderr(text, kill) {
      if (sent || !words.test(text)) return;
      sent = true;
      setTimeout(() => kill(signal), delay);
    },
  });
}

/** Programs of ours that are still at work in the container. */
function busyPrograms(container: string): string[] {
  return engine(['top', container, '-eo', 'pid,args'])
    .split('\n')
    .filter(line => /\b(find|tar)\b/.test(line));
}

describe('archive', () => {
  const out = join(dir, 'out');
  test.each<[string, NodeJS.Signals, number, RegExp, number]>([
    ['while the image is walked', 'SIGINT', 130, /Looking at the image/, 0],
    ['while the image is walked, a moment later', 'SIGTERM', 143, /Looking at the image/, 150],
    ['while the container is walked', 'SIGINT', 130, /Looking at every path/, 0],
    ['while the payload is written', 'SIGTERM', 143, /Archiving \d+ paths/, 500],
    ['when the terminal closes', 'SIGHUP', 129, /Archiving \d+ paths/, 200],
  ])('%s (%s): exit %i, no bag, nothing running', async (_, signal, code, words, delay) => {
    const ended = await runUntil(['archive', '--container', `${ID}-service`, '--out', out], words, signal, delay);
    expect(ended.stderr).toMatch(new RegExp(`interrupted by ${signal}: nothing half written is left`));
    expect(ended.code).toBe(code);
    expect(readdirSync(dir).sort()).toEqual(['bag', 'context']);
    expect(engineState(ID)).toEqual(before);
    expect(busyPrograms(`${ID}-service`)).toEqual([]);
  });

  test.each([/Looking at every path/, /Archiving \d+ paths/])(
    'of a stopped container, at %s: its stand-in goes too',
    async words => {
      const ended = await runUntil(['archive', '--container', `${ID}-stopped`, '--out', out], words, 'SIGINT');
      expect(ended.code).toBe(130);
      expect(existsSync(out)).toBe(false);
      expect(engineState(ID)).toEqual(before);
    },
  );
});

describe('restore', () => {
  test.each<[string, string[], NodeJS.Signals, RegExp, number]>([
    ['while the base is looked at', [], 'SIGINT', /Looking at the base image/, 0],
    ['in the build', [], 'SIGTERM', /Building the image/, 6000],
    ['in the build, with --keep', ['--keep'], 'SIGINT', /Building the image/, 2500],
  ])('%s: nothing is left', async (_, options, signal, words, delay) => {
    const ended = await runUntil(
      ['restore', bag, '--name', `${ID}-new`, '--base', TAG, ...options],
      words,
      signal,
      delay,
    );
    expect(ended.stderr).toMatch(/interrupted by/);
    expect(ended.code).toBe(signal === 'SIGINT' ? 130 : 143);
    expect(engineState(ID)).toEqual(before);
  });

  test('while the state is put back: container, volumes and image go', async () => {
    const small = join(dir, 'small');
    const archived = await runPerennial(['archive', '--container', `${ID}-service`, '--out', small]);
    expect(archived).toMatchObject({ code: 0 });
    const args = ['restore', small, '--name', `${ID}-new`, '--base', TAG, '--keep'];
    const ended = await runUntil(args, /Putting the Mutable data back/, 'SIGINT', 300);
    expect(ended.stderr).toMatch(/interrupted by/);
    expect(ended.code).toBe(130);
    expect(engineState(ID)).toEqual(before);
  });
});

test('a second signal ends at once', async () => {
  let sent = 0;
  const args = ['restore', bag, '--name', `${ID}-new`, '--base', TAG];
  const ended = await runPerennial(args, {
    onStderr(text, kill) {
      if (sent > 0 || !/Building/.test(text)) return;
      sent = 1;
      kill('SIGINT');
      setTimeout(() => kill('SIGTERM'), 700);
    },
  });
  expect([130, 143]).toContain(ended.code);
});

const ENGINE_SOCKET = (process.env.DOCKER_HOST ?? 'unix:///var/run/docker.sock').replace(/^unix:\/\//, '');

/** A socket that passes on to the engine's, until it is cut. */
async function engineSocket(path: string): Promise<{ cut(): void }> {
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, socket => {
    const engine = connect({ path: ENGINE_SOCKET, allowHalfOpen: true });
    for (const each of [socket, engine]) {
      open.add(each.on('error', () => {}));
    }
    socket.pipe(engine).pipe(socket);
  });
  await new Promise<void>(resolve => server.listen(path, resolve));
  return {
    cut() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}

describe('what ends midway is said to be the reason, and no bag is left', () => {
  const out = join(dir, 'midway');
  const leftovers = () => readdirSync(dir).filter(name => name.startsWith('midway'));

  test('the engine', async () => {
    const socket = await engineSocket(join(dir, 'engine.sock'));
    const ended = await runPerennial(['archive', '--container', `${ID}-service`, '--out', out], {
      env: { DOCKER_HOST: `unix://${join(dir, 'engine.sock')}` },
      onStderr: text => void (/Archiving \d+ paths/.test(text) && setTimeout(() => socket.cut(), 500)),
    });
    expect(ended.stderr).toMatch(/error: Archiving ended early \(exit code \d+\)/);
    expect(ended.stderr).toMatch(/Did the engine or the container end\?/);
    expect(ended.code).toBe(1);
    expect(leftovers()).toEqual([]);
  });

  test('the container', async () => {
    let killed = false;
    const ended = await runPerennial(['archive', '--container', `${ID}-service`, '--out', out], {
      onStderr(text) {
        if (killed || !/Archiving \d+ paths/.test(text)) return;
        killed = true;
        setTimeout(() => engine(['kill', `${ID}-service`]), 500);
      },
    });
    expect(ended.stderr).toMatch(/error: Archiving ended early \(exit code 137\)/);
    expect(ended.code).toBe(1);
    expect(leftovers()).toEqual([]);
  });
});
