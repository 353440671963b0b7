import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { packBag } from '../../src/bag/pack-bag.ts';
import { verifyBag } from '../../src/bag/verify-bag.ts';
import { buildOwned, type EngineState, engine, engineState, removeOwned } from '../support/engine-state.ts';
import { randomNumbers } from '../support/mutate-tree.ts';
import { type Ended, runPerennial } from '../support/run-perennial.ts';
import { tempDir } from '../support/temp-dir.ts';

jest.setTimeout(600_000);

const ID = `kill-${randomBytes(3).toString('hex')}`;
const TAG = `${ID}:base`;
const dir = tempDir();
/** Everything that a run makes outside of its output is seen here. */
const temporary = join(dir, 'tmp');
const bag = join(dir, 'bag');
const SEED = Number(process.env.PERENNIAL_TEST_SEED ?? randomBytes(4).readUInt32LE());
const random = randomNumbers(SEED);
let before: EngineState;

beforeAll(async () => {
  console.info(`PERENNIAL_TEST_SEED=${SEED}`);
  mkdirSync(temporary);
  buildOwned(ID, TAG, ['FROM debian:trixie', 'VOLUME /srv/volume']);
  const fill = 'head -c 30M /dev/urandom > /srv/volume/large; echo x > /etc/lab.conf';
  engine(['run', '-d', '--name', `${ID}-service`, TAG, 'sleep', 'infinity']);
  engine(['exec', `${ID}-service`, 'sh', '-c', fill]);
  engine(['run', '--name', `${ID}-stopped`, TAG, 'sh', '-c', 'head -c 30M /dev/urandom > /srv/large']);
  expect(await run(['archive', '--container', `${ID}-service`, '--out', bag])).toMatchObject({ code: 0 });
  mkdirSync(dirname(packed));
  await packBag(bag, packed);
  before = engineState(ID);
});

afterAll(() => removeOwned(ID));

function run(args: string[], options: Parameters<typeof runPerennial>[1] = {}): Promise<Ended> {
  return runPerennial(args, { ...options, env: { TMPDIR: temporary, SOURCE_DATE_EPOCH: '1700000000' } });
}

/** Sends the signal after so many milliseconds, wherever the run is by then. */
function killed(args: string[], signal: NodeJS.Signals, delay: number): Promise<Ended> {
  return run(args, { onStart: kill => setTimeout(() => kill(signal), delay) });
}

const out = join(dir, 'out');
const archive = (of: string) => ['archive', '--container', `${ID}-${of}`, '--out', out];
const undoArchive = () => rmSync(out, { recursive: true, force: true });
const packed = join(dir, 'packed', 'bag.tar.zst');
/** What is run, how often it is killed, what it makes, and what a run that was not killed makes and is taken away for the next. */
const table: [string, string[], number, () => unknown, () => void][] = [
  ['archive of a running container', archive('service'), 3, () => digests(), undoArchive],
  ['archive of a stopped container', archive('stopped'), 2, () => digests(), undoArchive],
  ['verify of a folder', ['verify', bag], 1, () => digests(bag), () => {}],
  ['verify of a packed bag', ['verify', packed], 2, () => digestOf(packed), () => {}],
  ['restore', ['restore', bag, '--name', `${ID}-new`, '--base', TAG], 1, () => digests(bag), () => {}],
];

test.each(table)(
  '%s, killed at random points: the next run succeeds, makes the same bytes, and nothing is left',
  async (_, args, times, made, undo) => {
    const started = performance.now();
    const whole = await run(args);
    const length = performance.now() - started;
    expect(whole).toMatchObject({ code: 0 });
    const bytes = made();
    undo();
    expect(left()).toEqual(nothing());
    for (let n = 0; n < times; n++) {
      // Every second one cannot clean up after itself.
      const signal = n % 2 === 0 ? 'SIGKILL' : random(2) === 0 ? 'SIGTERM' : 'SIGINT';
      const delay = random(Math.round(length));
      const what = `${signal} after ${delay} ms of ${Math.round(length)}`;
      const first = await killed(args, signal, delay);
      console.info(what);
      if (existsSync(out)) {
        await verifyBag(out); // it was just done: what is there is whole
        undo();
      }
      if (signal !== 'SIGKILL') expect([what, left()]).toEqual([what, nothing()]);
      const second = await run(args);
      expect([what, first.code, second.code, second.stderr.match(/^error.*/m)?.[0]]).toEqual([
        what,
        first.code,
        0,
        undefined,
      ]);
      expect([what, made()]).toEqual([what, bytes]);
      undo();
      expect([what, left()]).toEqual([what, nothing()]);
    }
  },
);

/** Digests of all that is in the bag. */
function digests(folder = out): string {
  return ['manifest-sha256.txt', 'tagmanifest-sha256.txt']
    .map(file => readFileSync(join(folder, file), 'utf8'))
    .join('');
}

function digestOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

interface Left {
  engine: EngineState;
  files: string[];
  temporary: string[];
  busy: string[];
}

function left(): Left {
  const busy = engine(['top', `${ID}-service`, '-eo', 'pid,args'])
    .split('\n')
    .filter(line => /\b(find|tar)\b/.test(line));
  return { engine: engineState(ID), files: readdirSync(dir).sort(), temporary: readdirSync(temporary), busy };
}

function nothing(): Left {
  return { engine: before, files: ['bag', 'packed', 'tmp'], temporary: [], busy: [] };
}
