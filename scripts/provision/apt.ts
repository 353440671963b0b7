import { run, tryRun } from '../command.ts';

let updated = false;

/** Reads the package lists anew, once. Does nothing for who may not: the lists that are there have to do. */
export function aptUpdate(): void {
  if (!updated && process.getuid?.() === 0) run('apt-get', ['update', '-q']);
  updated = true;
}

/** Installs Debian packages without recommends and without questions. Needs root. Throws with apt's own words. */
export function aptInstall(packages: string[]): void {
  aptUpdate();
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  run('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packages], { env });
}

/** Of these packages, those that the configured repositories offer: names differ between releases. */
export function offered(packages: string[]): string[] {
  aptUpdate();
  return packages.filter(name => /Candidate: (?!\(none\))/.test(tryRun('apt-cache', ['policy', name]).stdout));
}
