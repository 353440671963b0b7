import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { distDifferences } from '../../../scripts/dist-differences.ts';

let work: string;
let fresh: string;
let committed: string;

beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), 'dist-'));
  fresh = join(work, 'fresh');
  committed = join(work, 'committed');
  mkdirSync(join(fresh, 'chunks'), { recursive: true });
  writeFileSync(join(fresh, 'cli.js'), 'a');
  writeFileSync(join(fresh, 'chunks', 'bag.js'), 'b');
  cpSync(fresh, committed, { recursive: true });
});
afterEach(() => rmSync(work, { recursive: true, force: true }));

test('equal builds have no differences', () => {
  expect(distDifferences(fresh, committed)).toEqual([]);
});

test('changed, missing and left-over files are named', () => {
  writeFileSync(join(committed, 'cli.js'), 'A');
  rmSync(join(committed, 'chunks', 'bag.js'));
  writeFileSync(join(committed, 'old.js'), '');
  expect(distDifferences(fresh, committed)).toEqual([
    'chunks/bag.js: is missing',
    'cli.js: is not what the sources build to',
    'old.js: no source builds it any more',
  ]);
});

test('no dist at all', () => {
  rmSync(committed, { recursive: true });
  expect(distDifferences(fresh, committed)).toHaveLength(2);
});
