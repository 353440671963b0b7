import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { run } from '../scripts/command.ts';
import { bytesOf, type Contender } from './harness.ts';

const ROOT = join(import.meta.dirname, '..');
const DOCKER = 'docker exec "$C"';

/** What bench/detect-once.ts prints. */
export interface Once {
  tool: number;
  wall: number;
  cpu: number;
  decided: number;
  megabytes: number;
}

/** Takes a baseline of a container by the command line, as the action does. */
export function takeBaseline(container: string, file: string): void {
  run(process.execPath, [join(ROOT, 'src/cli/main.ts'), 'baseline', '--container', container, '--out', file]);
}

/** One detection in a process of its own. @param baseline file; without it the image is walked first */
export function detectOnce(container: string, baseline?: string): Once {
  const argv = [join(ROOT, 'bench/detect-once.ts'), container, ...(baseline ? [baseline] : [])];
  const done = spawnSync(process.execPath, argv, { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(done.stderr);
  return JSON.parse(done.stdout);
}

/** One decommission in a process of its own. @param out folder of the bag; must not exist */
export function archiveOnce(container: string, out: string): { seconds: number; megabytes: number } {
  const argv = [join(ROOT, 'bench/archive-once.ts'), container, out];
  const done = spawnSync(process.execPath, argv, { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(done.stderr);
  return JSON.parse(done.stdout);
}

/**
 * Ways to find what changed. The first is the paper's: a find in the container for what is newer than a marker.
 * @param places file systems that are walked: a find of the root alone leaves volumes out, which hold data
 */
export function detectContenders(container: string, baseline: string, places = ['/']): Contender[] {
  const env = { C: container };
  const find = `find ${places.join(' ')} -xdev -newer`;
  return [
    { name: `${find} (the paper)`, run: () => bytesOf(`${DOCKER} ${find} /ts0`, env) },
    { name: 'docker diff', run: () => bytesOf('docker diff "$C"', env) },
    { name: 'Perennial, what the tool reports', seconds: () => detectOnce(container, baseline).tool },
    { name: 'Perennial, with baseline and contents read', seconds: () => detectOnce(container, baseline).wall },
  ];
}
