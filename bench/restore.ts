import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, tryRun } from '../scripts/command.ts';
import type { Contender } from './harness.ts';

const ROOT = join(import.meta.dirname, '..');
const BASE = 'debian:trixie';
const IMAGE = 'perennial-bench-restore:plain';
const SAME = 'perennial-bench-restore:same';
const RESTORED = 'perennial-bench-restored';
const CONTEXT = join(ROOT, 'examples/samba');

/**
 * What a restore by the built program (`npm run build`) takes beside the build of the example, and beside the build of the packages that
 * the restored service has, which nobody can do without: those that came during operation, and what was a dependency then, go into
 * a step of their own, as a person would write it. A restore before the rounds tells which they are.
 * @param bag folder of a bag of examples/samba, written with its build context
 * @param folder for the Dockerfile of the second build
 */
export function restoreContenders(bag: string, folder: string): Contender[] {
  const build = ['build', '-q', '--no-cache', '--build-arg', `BASE=${BASE}`];
  const plain = [...build, '-t', IMAGE, CONTEXT];
  run('docker', plain);
  restoreOnce(bag);
  const beside = packagesBeside();
  removeRestored();
  const dockerfile = join(folder, 'Dockerfile.same');
  const step = `RUN DEBIAN_FRONTEND=noninteractive apt-get install -fy --no-install-recommends ${beside.join(' ')}`;
  writeFileSync(dockerfile, `${readFileSync(join(CONTEXT, 'Dockerfile'), 'utf8')}\n${beside.length > 0 ? step : ''}\n`);
  return [
    { name: 'docker build --no-cache', run: () => void run('docker', plain) },
    {
      name: `docker build --no-cache, of the same packages (${beside.join(', ')} beside)`,
      run: () => void run('docker', [...build, '-t', SAME, '--file', dockerfile, CONTEXT]),
    },
    {
      name: 'perennial restore, to the last answer',
      seconds: () => {
        const started = performance.now();
        restoreOnce(bag);
        const seconds = (performance.now() - started) / 1000;
        removeRestored(); // neither does the build take its image away
        return seconds;
      },
    },
  ];
}

function restoreOnce(bag: string): void {
  const restore = ['restore', bag, '--base', BASE, '--name', RESTORED, '--no-publish', '--keep'];
  run(process.execPath, [join(ROOT, 'dist/cli.js'), ...restore]);
}

/** Packages of the restored container that the plain image has not. */
function packagesBeside(): string[] {
  const query = ['dpkg-query', '-W', '-f', '${db:Status-Abbrev} ${Package}\\n'];
  const installed = (text: string) => new Set(text.match(/(?<=^ii {1,2})\S+/gm));
  const plain = installed(run('docker', ['run', '--rm', IMAGE, ...query]));
  return [...installed(run('docker', ['exec', RESTORED, ...query]))].filter(name => !plain.has(name));
}

function removeRestored(): void {
  tryRun('docker', ['rm', '--force', '--volumes', RESTORED]);
  const volumes = run('docker', ['volume', 'ls', '-q', '--filter', `label=org.perennial.service=${RESTORED}`]);
  for (const volume of volumes.split('\n').filter(Boolean)) tryRun('docker', ['volume', 'rm', volume]);
  tryRun('docker', ['rmi', '--force', `perennial/${RESTORED}:restored`]);
}

export function removeRestoreImage(): void {
  tryRun('docker', ['rmi', '--force', IMAGE, SAME]);
}
