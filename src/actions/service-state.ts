import * as core from '@actions/core';

/**
 * What main hands on to post: names and paths, never a value that could be a secret (the state is a plain file on the
 * runner). Everything else are inputs, which the runner evaluates again before post.
 */
export interface ServiceState {
  engine: string;
  container: string;
  /** Volumes that main made; others are not ours to remove. */
  volumes: string[];
  /** File of the baseline; empty until the service was ready. */
  baseline: string;
}

const KEY = 'service';

/** The last save counts. */
export function saveServiceState(state: ServiceState): void {
  core.saveState(KEY, JSON.stringify(state));
}

/** Main has removed what it made: post must not look for it. */
export function forgetServiceState(): void {
  core.saveState(KEY, '');
}

/** Undefined when main made nothing. */
export function findServiceState(): ServiceState | undefined {
  const text = core.getState(KEY);
  return text === '' ? undefined : (JSON.parse(text) as ServiceState);
}
