import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { unifiedDiff } from '../../src/unified-diff.ts';

/** `patch` of the result must give the new text back: that is what a unified diff is for. */
function patched(before: string, diff: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'perennial-diff-'));
  try {
    const file = join(folder, 'file');
    writeFileSync(file, before);
    execFileSync('git', ['apply', '--unsafe-paths', '--unidiff-zero', '-p1', '-'], { cwd: folder, input: diff });
    return execFileSync('cat', [file], { encoding: 'utf8' });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const numbers = Array.from({ length: 30 }, (_, at) => `line ${at}`);
const lines = (change: (all: string[]) => void, end = '\n') => {
  const all = [...numbers];
  change(all);
  return all.join('\n') + end;
};

const CASES: [string, string, string][] = [
  ['one line', lines(() => {}), lines(all => (all[12] = 'changed'))],
  ['two hunks', lines(() => {}), lines(all => (all[2] = all[25] = 'changed'))],
  ['close changes', lines(() => {}), lines(all => (all[10] = all[14] = 'changed'))],
  ['insertion at the start', lines(() => {}), lines(all => all.unshift('new'))],
  ['removal at the end', lines(() => {}), lines(all => all.splice(28))],
  ['a newline at the end', lines(() => {}, ''), lines(() => {})],
  ['no newline at the end', lines(() => {}), lines(all => (all[29] = 'x'), '')],
  ['everything', 'a\nb\n', 'c\n'],
];

test.each(CASES)('%s', (_, before, after) => {
  for (const context of [0, 3]) {
    expect(patched(before, unifiedDiff(before, after, { from: 'a/file', to: 'b/file', context }))).toBe(after);
  }
});

test('equal texts have no difference', () => {
  expect(unifiedDiff('a\n', 'a\n')).toBe('');
});

test('the form is that of diff -u', () => {
  expect(unifiedDiff('a\nb\nc\n', 'a\nx\nc\n', { from: 'old', to: 'new', context: 1 })).toBe(
    '--- old\n+++ new\n@@ -1,3 +1,3 @@\n a\n-b\n+x\n c\n',
  );
});

test('an empty range names the line before it', () => {
  expect(unifiedDiff('b\n', 'a\nb\n', { context: 0 })).toBe('--- a\n+++ b\n@@ -0,0 +1 @@\n+a\n');
  expect(unifiedDiff('a\nb\n', 'a\n', { context: 0 })).toBe('--- a\n+++ b\n@@ -2 +1,0 @@\n-b\n');
});

test('texts too long to align are one change between what they begin and end with', () => {
  const long = Array.from({ length: 2500 }, (_, at) => `line ${at}`);
  const changed = long.with(10, 'x').with(2000, 'y');
  const [before, after] = [`${long.join('\n')}\n`, `${changed.join('\n')}\n`];
  const diff = unifiedDiff(before, after, { from: 'a/file', to: 'b/file' });
  expect(diff).toContain('@@ -8,1997 +8,1997 @@');
  expect(patched(before, diff)).toBe(after);
});
