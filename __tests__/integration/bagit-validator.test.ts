import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { tempDir } from '../support/temp-dir.ts';
import { buildTinyBag } from '../support/tiny-bag.ts';

test('the reference validator accepts a bag, whatever its names, and no changed one', async () => {
  // Not with a percent sign: RFC 8493 wants it encoded, bagit 1.9 does not decode it.
  const files = { 'data/dumps/new\nline': 'x', 'data/rebuild/ünïcode/Dockerfile': 'FROM x\n' };
  const dir = await buildTinyBag(join(tempDir(), 'bag'), { files });
  const validate = () => spawnSync('bagit.py', ['--validate', dir], { encoding: 'utf8' });
  expect(validate()).toMatchObject({ status: 0 });
  writeFileSync(join(dir, 'data/manifest.json'), '{}');
  expect(validate().status).not.toBe(0);
});
