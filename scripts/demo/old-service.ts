import { join } from 'node:path';
import { run, tryRun } from '../command.ts';
import { EXAMPLE } from './smoke-lines.ts';
import { timed } from './story.ts';

/** Everything that the demo makes has this name before it. */
const PREFIX = 'perennial-demo';
export const OLD = `${PREFIX}-old`;
export const NEW = `${PREFIX}-new`;
export const PAPER = `${PREFIX}-paper`;
export const SAVED = `${PREFIX}-saved`;
const OLD_IMAGE = `${OLD}:latest`;

/** When operation began, for the paper's `find -newer`; in /tmp, which nobody archives. */
export const TIMESTAMP = '/tmp/perennial-demo-begin';

export interface Original {
  container: string;
  /** Bytes, all layers. */
  imageBytes: number;
}

/** Builds the image on bullseye, layer by layer anew, and starts a container that waits to be operated. */
export async function startOriginal(): Promise<Original> {
  const build = ['build', '-q', '--no-cache', '--build-arg', 'BASE=debian:bullseye', '-t', OLD_IMAGE];
  await timed('docker build --build-arg BASE=debian:bullseye examples/samba', () => run('docker', [...build, EXAMPLE]));
  run('docker', ['run', '-d', '--name', OLD, OLD_IMAGE, 'sleep', 'infinity']);
  for (const script of ['operate.sh', 'start.sh'])
    run('docker', ['cp', join(EXAMPLE, script), `${OLD}:/opt/${script}`]);
  run('docker', ['exec', OLD, 'touch', TIMESTAMP]);
  const size = run('docker', ['image', 'inspect', '-f', '{{.Size}}', OLD_IMAGE]);
  return { container: OLD, imageBytes: Number(size) };
}

/** Years of operation in a second: users, shares, passwords, a configuration; then the daemons start. */
export async function startOperation(): Promise<void> {
  run('sleep', ['1.1']); // the paper's time stamp has to be older by a clock tick
  await timed(`docker exec ${OLD} bash /opt/operate.sh     # two people, two shares, a measurement`, () => {
    run('docker', ['exec', OLD, 'bash', '/opt/operate.sh']);
    run('docker', ['exec', OLD, 'bash', '/opt/start.sh']);
  });
}

/** The point of no return: container, volumes and image. */
export async function removeOriginal(): Promise<void> {
  await timed(`docker rm -fv ${OLD}; docker rmi ${OLD_IMAGE}`, () => {
    run('docker', ['rm', '-f', '-v', OLD]);
    run('docker', ['rmi', OLD_IMAGE]);
  });
}

/** Removes containers, volumes and images of the demo, of this run and of one that was cut short. */
export function removeEverything({ keepRestored }: { keepRestored: boolean }): void {
  const kept = (name: string) => keepRestored && name.includes(NEW);
  const names = (args: string[]) =>
    tryRun('docker', args)
      .stdout.split('\n')
      .filter(name => name !== '' && !kept(name));
  for (const name of names(['ps', '-a', '--filter', `name=^/?${PREFIX}-`, '--format', '{{.Names}}']))
    tryRun('docker', ['rm', '-f', '-v', name]);
  for (const name of names(['volume', 'ls', '-q', '--filter', `name=^${PREFIX}-`]))
    tryRun('docker', ['volume', 'rm', name]);
  const images = ['image', 'ls', '--format', '{{.Repository}}:{{.Tag}}'];
  for (const pattern of [`${PREFIX}-*`, `perennial/${PREFIX}-*`])
    for (const name of names([...images, '--filter', `reference=${pattern}`])) tryRun('docker', ['rmi', name]);
}
