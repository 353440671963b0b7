import { expect, test } from '@jest/globals';
import { closedDiff, closedLine } from '../../../src/restore/closed-diff.ts';

const DIFF = `--- /etc/x (today's default)
+++ /etc/x (restored)
@@ -1,3 +1,5 @@
 # as shipped
-agent 127.0.0.1
+agent 10.0.0.7
+client * sesam *
+[smtp.example.org]:587 ana:sesam
+
+  Key: sesam
 view all`;

test('of a file that not everybody could read the owner’s values are not shown', () => {
  expect(closedDiff(DIFF, 0o640, true)).toBe(`--- /etc/x (today's default)
+++ /etc/x (restored)
@@ -1,3 +1,5 @@
 # as shipped
-agent 127.0.0.1
+agent <hidden>
+client <hidden>
+ <hidden>
+
+  Key <hidden>
 view all`);
});

test('nor what stands before the changes, where no package ships it', () => {
  const shown = closedDiff(DIFF, 0o600, false);
  expect(shown).not.toMatch(/sesam|127\.0\.0\.1|as shipped/);
  expect(shown).toContain('-agent <hidden>');
  expect(shown.split('\n')).toHaveLength(DIFF.split('\n').length);
});

test('what everybody could read is shown', () => {
  expect(closedDiff(DIFF, 0o644, true)).toBe(DIFF);
});

test('single lines', () => {
  expect(closedLine('listen 80', 0o644)).toBe('listen 80');
  expect(closedLine('client * sesam *', 0o600)).toBe('client <hidden>');
  expect(closedLine('password sesam', undefined)).toBe('password <hidden>');
});
