import { run, tryRun } from '../scripts/command.ts';
import { removeContainer } from './samba-container.ts';

/** A thousand empty files a folder. */
const FILL = `for d in $(seq "$1"); do mkdir -p "$2/$d" && (cd "$2/$d" && seq 1000 | xargs touch); done`;

/** So many files of 4 KB that hardly compress, 990 a folder. */
const SMALL = `mkdir -p "$2"; cd "$2"; for d in $(seq "$1"); do mkdir "$d"; head -c 3041280 /dev/urandom | base64 -w0 | split -b 4096 -a 4 -d - "$d/"; done`;

/** Makes files of 4 KB in a container. @param folders of 990 files each */
export function makeSmallFiles(container: string, folder: string, folders: number): void {
  const made = tryRun('docker', ['exec', container, 'bash', '-c', SMALL, 'bash', String(folders), folder]);
  if (made.code !== 0) throw new Error(made.stderr);
}

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
