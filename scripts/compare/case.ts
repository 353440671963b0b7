import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { run, tryRun } from '../command.ts';
import { ROOT } from '../provision/paths.ts';

/** A real service that was operated on Debian bullseye, with the questions that its clients ask. */
export interface Case {
  name: string;
  folder: string;
}

const SERVICES = join(ROOT, '__tests__/cases/services');
export const CASES: Case[] = [
  { name: 'samba', folder: join(ROOT, 'examples/samba') },
  ...readdirSync(SERVICES).map(name => ({ name, folder: join(SERVICES, name) })),
];

/** Everything that a comparison makes has this before its name. */
const PREFIX = 'perennial-compare';
export const containerName = (service: Case, way: string) => `${PREFIX}-${service.name}-${way}`;
/** When operation began, for `find -newer`. */
export const TIMESTAMP = '/tmp/perennial-compare-begin';

/** Builds the old image, starts and operates its container. Gives the container and what its clients see. */
export function startOld(service: Case): { container: string; image: string; golden: string[] } {
  const container = containerName(service, 'old');
  const image = `${container}:latest`;
  run('docker', ['build', '-q', '-t', image, '--build-arg', 'BASE=debian:bullseye-main', service.folder]);
  run('docker', ['run', '-d', '--name', container, image, 'sleep', 'infinity']);
  for (const file of ['operate.sh', 'start.sh'])
    run('docker', ['cp', join(service.folder, file), `${container}:/opt/`]);
  run('docker', ['exec', container, 'sh', '-c', `touch ${TIMESTAMP}; sleep 1.1`]); // older by a clock tick
  run('docker', ['exec', container, 'bash', '/opt/operate.sh']);
  run('docker', ['exec', container, 'bash', '/opt/start.sh']);
  return { container, image, golden: smokeLines(service, container) };
}

/** What clients see: the lines of the case's smoke.sh, which runs on this machine. */
export function smokeLines(service: Case, container: string): string[] {
  const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}';
  const address = tryRun('docker', ['inspect', '-f', format, container]).stdout.trim();
  const env = { ...process.env, C: container, HOST: address || '0.0.0.0' };
  const { stdout } = tryRun('bash', [join(service.folder, 'smoke.sh')], { env, timeout: 300 });
  return stdout.split('\n').filter(line => line !== '');
}

/** Removes what a way, or all of them when none is named, made of a case: containers, volumes, images. */
export function removeMade(service: Case, way = ''): void {
  const name = containerName(service, way);
  const names = (args: string[]) =>
    tryRun('docker', args)
      .stdout.split('\n')
      .filter(one => one.includes(name));
  for (const one of names(['ps', '-a', '--format', '{{.Names}}'])) tryRun('docker', ['rm', '-f', '-v', one]);
  for (const one of names(['volume', 'ls', '--format', '{{.Name}}'])) tryRun('docker', ['volume', 'rm', one]);
  for (const one of names(['images', '--format', '{{.Repository}}:{{.Tag}}'])) tryRun('docker', ['rmi', one]);
}
