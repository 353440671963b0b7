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

beforeAll(() => {
  buildOwned(ID, `${ID}:base`, ['FROM debian:trixie']);
  engine(['run', '-d', '--name', `${ID}-service`, `${ID}:base`, 'sleep', 'infinity']);
  const script = String.raw`f=$'/srv/gr\xc3\xb6w\ning'; head -c 40M /dev/zero > "$f"; while :; do printf x >> "$f"; done`;
  engine(['exec', '-d', `${ID}-service`, 'bash', '-c', script]);
});

afterAll(() => removeOwned(ID));

test('a file that changes whenever it is read: exit 4, its path, and a bag of everything else', async () => {
  const out = join(dir, 'bag');
  const ended = await runPerennial(['archive', '--container', `${ID}-service`, '--out', out]);
  expect(ended.stderr).toMatch(/files changed while they were read; reading again/);
  expect(ended.stderr).toContain('not read: /srv/gröw\\x0aing');
  expect(ended.code).toBe(4);
  const bag = await openBag(out);
  expect(bag.manifest.notes.join()).toMatch(/could not be read/);
  await perennial(['verify', out]);
});
