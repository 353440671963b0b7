import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { openBag } from '../../src/bag/open-bag.ts';
import { buildOwned, engine, removeOwned } from '../support/engine-state.ts';
import { perennial, runPerennial } from '../support/run-perennial.ts';
import { tempDir } from '../support/temp-dir.ts';

jest.setTimeout(300_000);

const ID = `change-${randomBytes(3).toString('hex')}`;
const dir = tempDir();
const LOG = 'f=/srv/busy.log; seq 1500000 > "$f"; while :; do echo line >> "$f"; done';
const COUNTER = String.raw`f=$'/srv/gr\xc3\xb6w\ning'; head -c 12M /dev/zero > "$f"
n=0; while :; do n=$((n+1)); printf %08d "$n" | dd of="$f" bs=8 conv=notrunc status=none; done`;

beforeAll(() => {
  buildOwned(ID, `${ID}:base`, ['FROM debian:trixie']);
  engine(['run', '-d', '--name', `${ID}-service`, `${ID}:base`, 'sleep', 'infinity']);
  engine(['exec', '-d', `${ID}-service`, 'bash', '-c', LOG]);
});

afterAll(() => removeOwned(ID));

test('a log that only grows is archived at the size that it had, and that is said', async () => {
  const out = join(dir, 'log');
  const ended = await runPerennial(['archive', '--container', `${ID}-service`, '--out', out]);
  expect(ended.code).toBe(0);
  const bag = await openBag(out);
  expect(bag.manifest.notes.join('\n')).toMatch(
    /grew while they were read .* size that they had \(1\): \/srv\/busy\.log/,
  );
  await perennial(['verify', out]);
});

test('a file that changes whenever it is read: exit 4, its path, and a bag of everything else', async () => {
  engine(['exec', '-d', `${ID}-service`, 'bash', '-c', COUNTER]);
  const out = join(dir, 'bag');
  const ended = await runPerennial(['archive', '--container', `${ID}-service`, '--out', out]);
  expect(ended.stderr).toMatch(/files changed while they were read; reading again/);
  expect(ended.stderr).toContain('not read: /srv/gröw\\x0aing');
  expect(ended.stderr).not.toContain('not read: /srv/busy.log');
  expect(ended.code).toBe(4);
  const bag = await openBag(out);
  expect(bag.manifest.notes.join()).toMatch(/could not be read/);
  await perennial(['verify', out]);
});
