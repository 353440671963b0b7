import { execFileSync } from 'node:child_process';

/**
 * What `action` gives, tried again after `pauseSeconds` when it throws; the last error when all `tries` failed. For fixtures
 * that fetch from package servers, whose names sometimes do not resolve for a moment; never for what a test asserts.
 */
export function retry<T>(action: () => T, tries = 3, pauseSeconds = 5): T {
  for (let left = tries - 1; ; left--) {
    try {
      return action();
    } catch (error) {
      if (left <= 0) throw error;
      console.error(`a fixture is tried again in ${pauseSeconds} s: ${error instanceof Error ? error.message : error}`);
      execFileSync('sleep', [String(pauseSeconds)]);
    }
  }
}
