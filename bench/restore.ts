import { join } from 'node:path';
import { run, tryRun } from '../scripts/command.ts';
import type { Contender } from './harness.ts';

const ROOT = join(import.meta.dirname, '..');
const BASE = 'debian:trixie';
const IMAGE = 'perennial-bench-restore:plain';

/**
 * What a restore by the built program (`npm run build`) takes beside the build of the same packages, which nobody can do without.
 * @param bag folder of a bag of examples/samba, written with its build context
 */
export function restoreContenders(bag: string): Contender[] {
  const build = ['build', '-q', '--no-cache', '--build-arg', `BASE=${BASE}`, '-t', IMAGE, join(ROOT, 'examples/samba')];
  const restore = ['restore', bag, '--base', BASE, '--name', 'perennial-bench-restored', '--no-publish'];
  return [
    { name: 'docker build --no-cache', run: () => void run('docker', build) },
    {
      name: 'perennial restore, to the last answer',
      run: () => void run(process.execPath, [join(ROOT, 'dist/cli.js'), ...restore]),
    },
  ];
}

export function removeRestoreImage(): void {
  tryRun('docker', ['rmi', '--force', IMAGE]);
}
