import { join } from 'node:path';
import { run, tryRun } from '../scripts/command.ts';
import type { Contender } from './harness.ts';

const ROOT = join(import.meta.dirname, '..');
const BASE = 'debian:trixie';
const IMAGE = 'perennial-bench-restore:plain';
const RESTORED = 'perennial-bench-restored';

/**
 * What a restore by the built program (`npm run build`) takes beside the build of the same packages, which nobody can do without.
 * @param bag folder of a bag of examples/samba, written with its build context
 */
export function restoreContenders(bag: string): Contender[] {
  const build = ['build', '-q', '--no-cache', '--build-arg', `BASE=${BASE}`, '-t', IMAGE, join(ROOT, 'examples/samba')];
  const restore = ['restore', bag, '--base', BASE, '--name', RESTORED, '--no-publish', '--keep'];
  return [
    { name: 'docker build --no-cache', run: () => void run('docker', build) },
    {
      name: 'perennial restore, to the last answer',
      seconds: () => {
        const started = performance.now();
        run(process.execPath, [join(ROOT, 'dist/cli.js'), ...restore]);
        const seconds = (performance.now() - started) / 1000;
        removeRestored(); // neither does the build take its image away
        return seconds;
      },
    },
  ];
}

function removeRestored(): void {
  tryRun('docker', ['rm', '--force', '--volumes', RESTORED]);
  const volumes = run('docker', ['volume', 'ls', '-q', '--filter', `label=org.perennial.service=${RESTORED}`]);
  for (const volume of volumes.split('\n').filter(Boolean)) tryRun('docker', ['volume', 'rm', volume]);
  tryRun('docker', ['rmi', '--force', `perennial/${RESTORED}:restored`]);
}

export function removeRestoreImage(): void {
  tryRun('docker', ['rmi', '--force', IMAGE]);
}
