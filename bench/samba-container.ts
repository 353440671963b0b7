import { join } from 'node:path';
import { run, tryRun } from '../scripts/command.ts';
import { ROOT } from '../scripts/provision/paths.ts';

const CONTEXT = join(ROOT, 'examples', 'samba');
const OLD_IMAGE = 'perennial-bench:samba';

/**
 * A Samba server on Debian bullseye that has been operated as in examples/samba, with the marker of the paper's procedure
 * (`/ts0`) from before. Builds the image when the engine has none. Gives the container's name.
 * @param beforeOperation what is done when the service runs and nobody has used it yet
 */
export function startSambaContainer(name: string, beforeOperation: () => void = () => {}): string {
  if (tryRun('docker', ['image', 'inspect', OLD_IMAGE]).code !== 0)
    run('docker', ['build', '-q', '-t', OLD_IMAGE, CONTEXT]);
  removeContainer(name);
  run('docker', [
    'run',
    '-d',
    '--name',
    name,
    OLD_IMAGE,
    'sh',
    '-c',
    'touch /ts0; mkdir -p /run/samba; smbd -D; sleep infinity',
  ]);
  run('docker', ['exec', name, 'sh', '-c', 'until [ -e /ts0 ]; do sleep 0.1; done; sleep 1.1']);
  beforeOperation();
  run('docker', ['cp', join(CONTEXT, 'operate.sh'), `${name}:/operate.sh`]);
  run('docker', ['exec', name, 'bash', '/operate.sh']);
  return name;
}

export function removeContainer(name: string): void {
  tryRun('docker', ['rm', '-f', '-v', name]);
}
