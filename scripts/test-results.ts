/** How many tests passed, failed and were skipped. */
export interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

/** What is used of jest's `--json` report. */
interface JestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  /** Files that broke before any of their tests ran: they have no failed test of their own. */
  numRuntimeErrorTestSuites: number;
  testResults: { name: string; assertionResults: { fullName: string; status: string }[] }[];
}

/** Counts a jest report. A run that left no report, or one without a single test, is one failure. */
export function parseTally(report: string | undefined): Tally {
  if (!report) return { passed: 0, failed: 1, skipped: 0 };
  const jest = JSON.parse(report) as JestReport;
  const failed = jest.numFailedTests + jest.numRuntimeErrorTestSuites;
  const skipped = jest.numPendingTests + jest.numTodoTests;
  const none = jest.numPassedTests + failed + skipped === 0;
  return { passed: jest.numPassedTests, failed: none ? 1 : failed, skipped };
}

/** The names of skipped tests, so that a run that forbids them can say which. */
export function skippedNames(report: string): string[] {
  const files = (JSON.parse(report) as JestReport).testResults;
  const skipped = files
    .flatMap(file => file.assertionResults)
    .filter(test => ['pending', 'todo'].includes(test.status));
  return skipped.map(test => test.fullName);
}

export function addTallies(tallies: Tally[]): Tally {
  const sum = (key: keyof Tally) => tallies.reduce((total, tally) => total + tally[key], 0);
  return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
}

/** The closing line of a run, alone on its line. */
export function closingLine(tally: Tally): string {
  return `${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`;
}
