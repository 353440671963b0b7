import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../scripts/command.ts';
import { bytesOf, type Contender } from './harness.ts';

const ROOT = join(import.meta.dirname, '..');
const MAIN = join(ROOT, 'src/cli/main.ts');

/** Archives a container that got `megabytes` of data that does not compress. Gives the bag's folder. */
export function largeBag(container: string, megabytes: number, folder: string): string {
  run('docker', ['exec', container, 'sh', '-c', `head -c ${megabytes}M /dev/urandom > /srv/perennial-bench`]);
  const out = join(folder, 'large');
  const config = join(folder, 'large.yml');
  writeFileSync(config, 'name: bench\n');
  rmSync(out, { recursive: true, force: true });
  run(process.execPath, [MAIN, 'archive', '--container', container, '--out', out, '--config', config], { cwd: ROOT });
  return out;
}

/** A verification, which also digests every path of the payload, against the digests of the bag's own files. */
export function verifyContenders(bag: string): Contender[] {
  return [
    {
      name: 'sha256sum of its files',
      run: () => sha256sumOf(bag),
    },
    {
      name: 'perennial verify',
      run: () => {
        run(process.execPath, [MAIN, 'verify', bag], { cwd: ROOT });
        return undefined;
      },
    },
  ];
}

/** Bytes that sha256sum prints of all files below a folder. */
export function sha256sumOf(folder: string): number {
  return bytesOf('find "$B" -type f -print0 | xargs -0 sha256sum', { B: folder });
}
