import { expect, test } from '@jest/globals';
import { closedDiff, closedLine } from '../../../src/restore/closed-diff.ts';
import { unifiedDiff } from '../../../src/unified-diff.ts';

const OLD = 'agent 127.0.0.1\n# see sesam\n\n-- sesam\nview all\n';
const NEW =
  'agent 10.0.0.7\n# see sesam\n\nclient * sesam *\n[smtp.example.org]:587 ana:sesam\n\n  Key: sesam\nsesam\n++ sesam\n  sesam\nview all';
const DIFF = unifiedDiff(OLD, NEW, { from: '/etc/x (then)', to: '/etc/x (today)' });

test('of a file that not everybody can read no value is shown, old or new', () => {
  expect(DIFF).toContain('+++ sesam'); // a line of the file
  expect(closedDiff(DIFF, 0o640)).toBe(`--- /etc/x (then)
+++ /etc/x (today)
@@ -1,5 +1,11 @@
-agent <hidden>
+agent <hidden>
  <hidden>
 
- <hidden>
-view <hidden>
+client <hidden>
+ <hidden>
+
+  Key <hidden>
+ <hidden>
+ <hidden>
+   <hidden>
+view <hidden>
\\ No newline at end of file
`);
});

test('what everybody can read is shown', () => {
  expect(closedDiff(DIFF, 0o644)).toBe(DIFF);
});

test('single lines', () => {
  expect(closedLine('listen 80', 0o644)).toBe('listen 80');
  expect(closedLine('password sesam', 0o644)).toBe('password <hidden>');
  expect(closedLine('client * sesam *', 0o600)).toBe('client <hidden>');
  expect(closedLine('sesam', 0o600)).toBe(' <hidden>');
  expect(closedLine('sesam', 0)).toBe(' <hidden>'); // nothing is known of the file
});
