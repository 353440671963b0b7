import { run, tryRun } from '../scripts/command.ts';
import { removeContainer } from './samba-container.ts';

/** A thousand empty files a folder. */
const FILL = `for d in $(seq "$1"); do mkdir -p "$2/$d" && (cd "$2/$d" && seq 1000 | xargs touch); done`;

/**
 * A container with half of the files in itself and half in a volume (`/data`), and the marker of the paper's procedure (`/ts0`)
 * from before. Gives its name; the volume goes with it.
 */
export function startManyFiles(name: string, files: number): string {
  removeContainer(name);
  run('docker', [
    'run',
    '-d',
    '--name',
    name,
    '-v',
    '/data',
    'debian:bullseye',
    'sh',
    '-c',
    'touch /ts0; sleep infinity',
  ]);
  run('docker', ['exec', name, 'sleep', '1.1']);
  for (const place of ['/srv', '/data']) {
    const filled = tryRun('docker', ['exec', name, 'bash', '-c', FILL, 'bash', String(files / 2000), place]);
    if (filled.code !== 0) throw new Error(filled.stderr);
  }
  return name;
}
