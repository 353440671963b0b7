import { copyFileSync, cpSync, existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { packBag } from '../../src/bag/pack-bag.ts';
import { run, tryRun } from '../command.ts';
import { newerFiles } from '../paper-procedure.ts';
import { ROOT, toolEnv } from '../provision/paths.ts';
import { type Case, containerName, TIMESTAMP } from './case.ts';

/** An archive, by one way of taking it. */
export interface Kept {
  file: string;
  bytes: number;
}

/** What came of it on the new base. */
export interface Restored {
  /** Undefined when there is none: the image does not build. */
  container: string | undefined;
  seconds: number;
  note: string;
}

const BASE = 'debian:trixie';

/** The paper's archive: files newer than the time stamp, no directories, gzip. */
export function archiveAsPaper(container: string, folder: string): Kept {
  const file = join(folder, 'paper.tar.gz');
  const found = run('docker', ['exec', container, ...newerFiles(TIMESTAMP)]);
  tarInto(container, found, file, []);
  return { file, bytes: statSync(file).size };
}

/** Trees that a new system has of its own, and what the package manager keeps for itself. */
const NOT_LAID =
  /^\/(proc|sys|dev|run|tmp|var\/cache|var\/lib\/apt|var\/lib\/dpkg|etc\/(hosts|hostname|resolv\.conf|mtab))(\/|$)/;

/** What a careful person would do without Perennial: all that `docker diff` names and all volumes, with every attribute. */
export function archiveOverlay(container: string, folder: string): Kept {
  const file = join(folder, 'overlay.tar.gz');
  const changed = run('docker', ['diff', container])
    .split('\n')
    .filter(line => /^[AC] /.test(line))
    .map(line => line.slice(2));
  const mounts = run('docker', ['inspect', '-f', '{{range .Mounts}}{{.Destination}}\n{{end}}', container])
    .split('\n')
    .filter(Boolean);
  const inVolumes = mounts.flatMap(mount => run('docker', ['exec', container, 'find', mount, '-print0']).split('\0'));
  const paths = [...changed, ...inVolumes].filter(path => path !== '' && !NOT_LAID.test(path));
  tarInto(container, `${paths.join('\0')}\0`, file, [
    '--xattrs',
    '--xattrs-include=*',
    '--acls',
    '--sparse',
    '--format=posix',
  ]);
  return { file, bytes: statSync(file).size };
}

/** A living service takes files away, and writes on, between the list and tar: neither ends the archive. */
function tarInto(container: string, list: string, file: string, options: string[]): void {
  const line =
    'c=$1 f=$2; shift 2; { docker exec -i "$c" tar -c -C / --null --no-recursion --verbatim-files-from --ignore-failed-read -T - "$@" || [ $? -le 1 ]; } | gzip > "$f"';
  run('bash', ['-o', 'pipefail', '-c', line, 'bash', container, file, ...options], { input: list });
}

/** Perennial's archive, packed as it is uploaded. */
export async function archiveAsPerennial(service: Case, container: string, folder: string): Promise<Kept> {
  const context = join(folder, 'context');
  cpSync(service.folder, context, { recursive: true });
  rmSync(join(context, 'perennial.yml'), { force: true }); // no input but the service
  const bag = join(folder, 'bag');
  perennial('archive', '--container', container, '--context', context, '--start', 'bash /opt/start.sh', '--out', bag);
  const file = join(folder, 'bag.tar.zst');
  await packBag(bag, file);
  return { file, bytes: statSync(file).size };
}

export function restoreAsPerennial(service: Case, kept: Kept, folder: string, order: string): Restored {
  const container = containerName(service, order);
  const report = join(folder, `report-${order}`);
  const args = ['restore', kept.file, '--base', BASE, '--name', container, '--keep', '--no-publish', '--order', order];
  const started = performance.now();
  const { code, stderr } = tryRun(process.execPath, program(...args, '--report', report), { env: toolEnv() });
  const seconds = (performance.now() - started) / 1000;
  const isThere = tryRun('docker', ['inspect', container]).code === 0;
  const last =
    stderr
      .trim()
      .split('\n')
      .find(line => line.startsWith('error:')) ?? '';
  return { container: isThere ? container : undefined, seconds, note: code === 0 || code === 3 ? '' : last };
}

/**
 * Builds the recorded Dockerfile on the new base, lays the archive over it, and starts. Where it does not build (names of packages
 * that are gone) the Dockerfile that Perennial made of it is used, and that is said: else there would be nothing to compare.
 */
export function restoreByHand(service: Case, kept: Kept, folder: string, way: 'paper' | 'overlay'): Restored {
  const container = containerName(service, way);
  const started = performance.now();
  const context = join(folder, way);
  cpSync(service.folder, context, { recursive: true });
  const build = (options: string[]) =>
    tryRun('docker', ['build', '-q', '--no-cache', '-t', `${container}:latest`, ...options, context]).code === 0;
  let note = '';
  if (!build(['--build-arg', `BASE=${BASE}`])) {
    note = "its Dockerfile does not build; with Perennial's";
    const rewritten = findDockerfile(folder);
    if (!rewritten) return { container: undefined, seconds: 0, note: 'its Dockerfile does not build' };
    copyFileSync(rewritten, join(context, 'Dockerfile'));
    if (!build([])) return { container: undefined, seconds: 0, note: 'its Dockerfile does not build' };
  }
  run('docker', ['run', '-d', '--name', container, `${container}:latest`, 'sleep', 'infinity']);
  const options = way === 'paper' ? '' : '--xattrs "--xattrs-include=*" --acls --keep-directory-symlink';
  const lay = `gzip -dc "$1" | docker exec -i "$2" tar -x -p -C / --same-owner ${options}`;
  tryRun('bash', ['-c', lay, 'bash', kept.file, container]);
  run('docker', ['cp', join(service.folder, 'start.sh'), `${container}:/opt/`]); // find may have missed it
  const start = tryRun('docker', ['exec', container, 'timeout', '120', 'bash', '/opt/start.sh']);
  if (start.code !== 0) note += `${note ? '; ' : ''}its start fails`;
  return { container, seconds: (performance.now() - started) / 1000, note };
}

function findDockerfile(folder: string): string | undefined {
  const reports = readdirSync(folder).filter(name => name.startsWith('report-'));
  return reports.map(name => join(folder, name, 'Dockerfile')).find(path => existsSync(path));
}

function program(...args: string[]): string[] {
  return ['--no-warnings', join(ROOT, 'src/cli/main.ts'), ...args];
}

function perennial(...args: string[]): void {
  run(process.execPath, program(...args), { env: toolEnv() });
}
