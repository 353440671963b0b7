import { run, tryRun } from '../command.ts';

let updated = false;

/** Installs Debian packages without recommends and without questions. Needs root. Throws with apt's own words. */
export function aptInstall(packages: string[]): void {
  if (!updated) run('apt-get', ['update', '-q']);
  updated = true;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  run('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packages], { env });
}

/** Of these packages, those that the configured repositories offer: names differ between releases. */
export function offered(packages: string[]): string[] {
  if (!updated) run('apt-get', ['update', '-q']);
  updated = true;
  return packages.filter(name => /Candidate: (?!\(none\))/.test(tryRun('apt-cache', ['policy', name]).stdout));
}
