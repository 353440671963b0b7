import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, jest, test } from '@jest/globals';
import { tempDir } from '../support/temp-dir.ts';
import { buildTinyBag, tinyManifest, tinyPackage } from '../support/tiny-bag.ts';

jest.setTimeout(300_000);

let bag: string;

beforeAll(async () => {
  const { system } = tinyManifest();
  const odd = tinyPackage('lib+odd.1', '1:2.0~rc1-1+deb11u1', { architecture: 'all', local: true });
  bag = await buildTinyBag(join(tempDir(), 'bag'), {
    files: { 'restore.sh': '#!/bin/sh\n', Dockerfile: 'FROM debian:trixie\n' },
    manifest: { system: { ...system, packages: [...system.packages, odd] } },
  });
});

/** What the validators of RO-Crate 1.1 and CycloneDX find. */
function problems(): string[] {
  const script = join(import.meta.dirname, '../support/check-descriptions.py');
  const { status, stdout, stderr } = spawnSync('validators-python', [script, bag], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([expect.any(Number), '']);
  return stdout.split('\n').filter(Boolean);
}

test('the descriptions follow RO-Crate 1.1 and the schema of CycloneDX', () => {
  expect(problems()).toEqual([]);
});

test.each([
  ['ro-crate-metadata.json', '"Dataset"', '"Thing"'],
  ['sbom.cdx.json', '"components"', '"parts"'],
])('and the validators see what does not (%s)', (name, good, bad) => {
  const file = join(bag, name);
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace(good, bad));
  expect(problems().filter(line => line.startsWith(name))).not.toEqual([]);
  writeFileSync(file, text);
});
