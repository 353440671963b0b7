const common = {
  testEnvironment: 'node',
  testTimeout: 30_000, // a machine may be busy; what hangs still ends
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/jest.transform.js' },
  modulePathIgnorePatterns: ['<rootDir>/.work', '<rootDir>/.cache', '<rootDir>/dist'],
};

/** Unit needs nothing but Node, integration and cases a container engine, e2e also `act`. */
export default {
  // Not a measure of speed: machines that run other work besides take their time.
  testTimeout: 30_000,
  projects: [
    { ...common, displayName: 'unit', testMatch: ['<rootDir>/__tests__/unit/**/*.test.ts'] },
    { ...common, displayName: 'integration', testMatch: ['<rootDir>/__tests__/integration/**/*.test.ts'] },
    { ...common, displayName: 'cases', testMatch: ['<rootDir>/__tests__/cases/**/*.test.ts'] },
    { ...common, displayName: 'e2e', testMatch: ['<rootDir>/__tests__/e2e/**/*.test.ts'] },
  ],
};
