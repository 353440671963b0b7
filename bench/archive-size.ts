/*
 * node bench/archive-size.ts [CASE ...]
 *
 * How large an archive is against what a person would pick by hand (__tests__/cases/operated), case by case: `tar | zstd -3` of just
 * those paths and of the logical exports. Needs docker, and the base image that the cases build on. Prints a Markdown table.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { handPickedBytes, readOperated } from '../__tests__/cases/operated.ts';
import { run, tryRun } from '../scripts/command.ts';

const ROOT = join(import.meta.dirname, '..');
const SERVICES = join(ROOT, '__tests__/cases/services');
const LARGE = { maxBuffer: 1024 * 1024 * 1024 };

const wanted = process.argv.slice(2);
console.log('| case | by hand, bytes | exports, bytes | payload and exports | whole bag, packed |');
console.log('|---|---|---|---|---|');
for (const name of wanted.length > 0 ? wanted : ['samba', ...readdirSync(SERVICES)]) console.log(row(name));

/** One line: ratios are to what was picked by hand and the exports, which are the same in both. */
function row(name: string): string {
  const folder = name === 'samba' ? join(ROOT, 'examples/samba') : join(SERVICES, name);
  const container = `perennial-size-${name}`;
  const work = mkdtempSync(join(tmpdir(), 'perennial-size-'));
  const bag = join(work, 'bag');
  try {
    operate(container, folder);
    const archive = ['archive', '--container', container, '--context', folder, '--start', 'bash /opt/start.sh'];
    run(process.execPath, ['--no-warnings', join(ROOT, 'src/cli/main.ts'), ...archive, '--out', bag]);
    const { made, state } = readOperated(name);
    const hand = handPickedBytes(container, [...made, ...state]);
    const exports = packed(join(bag, 'data'), 'dumps');
    const payload = statSync(join(bag, 'data/payload.tar.zst')).size;
    const ratio = (bytes: number) => (bytes / (hand + exports)).toFixed(3);
    return `| ${name} | ${hand} | ${exports} | ${ratio(payload + exports)} | ${ratio(packed(work, 'bag'))} |`;
  } finally {
    tryRun('docker', ['rm', '-fv', container]);
    tryRun('docker', ['rmi', `${container}:image`]);
    rmSync(work, { recursive: true, force: true });
  }
}

function operate(container: string, folder: string): void {
  run('docker', ['build', '-q', '-t', `${container}:image`, '--build-arg', 'BASE=debian:bullseye-main', folder]);
  run('docker', ['run', '-d', '--name', container, `${container}:image`, 'sleep', 'infinity']);
  for (const script of ['operate.sh', 'start.sh']) {
    run('docker', ['cp', join(folder, script), `${container}:/opt/`]);
    run('docker', ['exec', container, 'bash', `/opt/${script}`]);
  }
}

/** Bytes of `tar | zstd -3` of a folder; 0 where there is none. */
function packed(parent: string, name: string): number {
  if (!existsSync(join(parent, name))) return 0;
  const input = execFileSync('tar', ['-cf', '-', '-C', parent, name], LARGE);
  return execFileSync('zstd', ['-3', '-c'], { input, ...LARGE }).length;
}
