import { expect, test } from '@jest/globals';
import { addTallies, closingLine, parseTally, skippedNames } from '../../../scripts/test-results.ts';

const report = (numbers: Record<string, number>) =>
  JSON.stringify({
    numPassedTests: 0,
    numFailedTests: 0,
    numPendingTests: 0,
    numTodoTests: 0,
    numRuntimeErrorTestSuites: 0,
    testResults: [],
    ...numbers,
  });

test.each([
  ['all pass', report({ numPassedTests: 5 }), { passed: 5, failed: 0, skipped: 0 }],
  [
    'todo counts as skipped',
    report({ numPassedTests: 5, numPendingTests: 1, numTodoTests: 2 }),
    { passed: 5, failed: 0, skipped: 3 },
  ],
  [
    'a file that does not load is a failure',
    report({ numPassedTests: 5, numRuntimeErrorTestSuites: 1 }),
    { passed: 5, failed: 1, skipped: 0 },
  ],
  ['no test at all is a failure', report({}), { passed: 0, failed: 1, skipped: 0 }],
  ['no report is a failure', undefined, { passed: 0, failed: 1, skipped: 0 }],
])('%s', (_, text, expected) => {
  expect(parseTally(text)).toEqual(expected);
});

test('the closing line sums all stages', () => {
  const total = addTallies([
    { passed: 1, failed: 0, skipped: 0 },
    { passed: 40, failed: 2, skipped: 1 },
  ]);
  expect(closingLine(total)).toBe('41 passed, 2 failed, 1 skipped');
});

test('skipped tests are named', () => {
  const assertionResults = [
    { fullName: 'a', status: 'passed' },
    { fullName: 'b', status: 'pending' },
    { fullName: 'c', status: 'todo' },
  ];
  expect(skippedNames(JSON.stringify({ testResults: [{ name: 'f', assertionResults }] }))).toEqual(['b', 'c']);
});
