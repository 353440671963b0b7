import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { refuseUnproved, verifyArchive } from '../../src/actions/verify-archive.ts';
import { defaultConfig } from '../../src/config/config.ts';
import { findEngine } from '../../src/engine/find-engine.ts';
import { silentProgress } from '../../src/progress.ts';
import { buildOwned, type EngineState, engine, engineState, removeOwned } from '../support/engine-state.ts';
import { perennial } from '../support/run-perennial.ts';
import { tempDir } from '../support/temp-dir.ts';

jest.setTimeout(600_000);

/* The actions' `verify: rebuild`: the archive is restored on its own release while the original runs on. */
const ID = `rebuild-${randomBytes(3).toString('hex')}`;
const dir = tempDir();
const bag = join(dir, 'bag');
const knowledge = join(dir, 'knowledge');
let before: EngineState;

function writeEntry(load: string): void {
  const dump = {
    id: 'dump',
    why: 'only the old program can write it',
    source: 'this test',
    file: 'd',
    run: 'echo x',
    load,
  };
  const entry = { id: 'tinyd', title: 'Tiny', recognise: { files: ['/etc/tinyd.conf'] }, exports: [dump] };
  writeFileSync(join(knowledge, 'tinyd.yml'), JSON.stringify(entry));
}

beforeAll(async () => {
  mkdirSync(knowledge);
  writeEntry('cat > /srv/loaded');
  buildOwned(ID, `${ID}:base`, ['FROM debian:trixie']);
  engine(['run', '-d', '--name', ID, `${ID}:base`, 'sleep', 'infinity']);
  engine([
    'exec',
    ID,
    'sh',
    '-c',
    'useradd -m -u 4321 ana; echo x > /etc/tinyd.conf; install -d -m 2770 -g ana /srv/lab',
  ]);
  await perennial(['archive', '--container', ID, '--out', bag, '--knowledge', knowledge]);
  before = engineState(ID);
});

afterAll(() => removeOwned(ID));

async function verify() {
  const archive = { engine: await findEngine('docker'), config: { ...defaultConfig, knowledge } };
  return verifyArchive(bag, 'rebuild', archive, silentProgress);
}

test('a complete archive is proved, and nothing of the proof is left', async () => {
  const verified = await verify();
  expect(verified).toMatchObject({ how: 'rebuild', differences: [] });
  expect(verified.note).toMatch(
    /^\d+ digests, and a rebuild on debian:trixie in [\d.]+ s: every path came back as recorded$/,
  );
  expect(engineState(ID)).toEqual(before);
});

test('a rebuild that fails is a difference that keeps the original', async () => {
  writeEntry('exit 3');
  const verified = await verify();
  expect(verified.differences).toEqual([
    expect.stringMatching(/^The rebuild failed: .*Loading tinyd\/d failed \(exit code 3\)/),
  ]);
  expect(() => refuseUnproved(verified)).toThrow('a rebuild of it is not the same');
  expect(engineState(ID)).toEqual(before);
});
