import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { SmokeComparison } from '../../src/smoke/smoke-test.ts';
import { engine } from '../support/engine-state.ts';
import { runPerennial } from '../support/run-perennial.ts';
import { tempDir } from '../support/temp-dir.ts';

jest.setTimeout(900_000);

/* examples/analysis: results of a paper that were made on bullseye, made again on trixie's Python, numpy and matplotlib. */
const EXAMPLE = join(import.meta.dirname, '../../examples/analysis');
const id = `analysis-${randomBytes(3).toString('hex')}`;
const bag = join(tempDir(), 'bag');

beforeAll(() => {
  engine(['build', '--quiet', '--tag', `${id}:old`, '--build-arg', 'BASE=debian:bullseye-main', EXAMPLE]);
  engine(['run', '-d', '--name', `${id}-old`, `${id}:old`, 'sleep', 'infinity']);
  engine(['cp', join(EXAMPLE, 'operate.sh'), `${id}-old:/opt/operate.sh`]);
  engine(['exec', '-i', `${id}-old`, 'bash', '/opt/operate.sh'], { input: readFileSync(join(EXAMPLE, 'analyse.py')) });
});

afterAll(() => {
  engine(['rm', '--force', '--volumes', `${id}-old`, `${id}-new`]);
  engine(['rmi', '--force', `${id}:old`, `perennial/${id}-new:restored`]);
});

/** What `check` says of the one smoke test. */
async function checked(): Promise<{ code: number; smoke: SmokeComparison }> {
  const { code, stdout } = await runPerennial(['check', bag, '--container', `${id}-new`, '--json']);
  return { code, smoke: (JSON.parse(stdout) as { smoke: SmokeComparison[] }).smoke[0]! };
}

test('the results are the same on the versions of today, within the tolerance', async () => {
  const archived = await runPerennial(['archive', '--container', `${id}-old`, '--out', bag, '--context', EXAMPLE]);
  expect(archived).toMatchObject({ code: 0 });
  const restored = await runPerennial(['restore', bag, '--base', 'debian:trixie', '--name', `${id}-new`, '--keep']);
  expect(restored).toMatchObject({ code: 0 });
  const { code, smoke } = await checked();
  expect([code, smoke.verdict]).toEqual([0, 'drift']);
  expect(smoke.drift!.join('\n')).toMatch(/python3-numpy|numpy/);
  expect(smoke.now!.lines.filter(line => /^(file|image) /.test(line))).toHaveLength(2);
});

test.each([
  ['another number', 's/lifetime = -1/lifetime = -1.0000001/', /lifetime/],
  ['another figure', 's/-1.0000001/-1/; s/model, "-"/model * 0.7, "-"/', /image .*figure\.png/],
  [
    'another table',
    's/model \\* 0.7/model/; s/delimiter=",", header/fmt="%.5e", delimiter=",", header/',
    /^[-+]\d\.\d/m,
  ],
])('%s is seen', async (_, edit, said) => {
  engine(['exec', `${id}-new`, 'sed', '-i', edit, '/srv/paper/analyse.py']);
  const { code, smoke } = await checked();
  expect([code, smoke.verdict]).toEqual([3, 'differs']);
  expect(smoke.diff).toMatch(said);
});
