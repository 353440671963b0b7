import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Images and containers inherit it from the image that a test starts with, whatever they are called. */
const OWNER = 'perennial-test-owner';

/** What an engine has of one test. */
export interface EngineState {
  containers: string[];
  images: string[];
  volumes: string[];
}

/** Runs the engine's program; throws with what it said when it fails. */
export function engine(args: string[], options: { program?: string; input?: string | Buffer } = {}): string {
  const { program = 'docker', input } = options;
  return execFileSync(program, args, {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    ...(input === undefined ? {} : { input }),
  });
}

/** An image that is `FROM base` and then `lines`, whose containers and descendants engineState(owner) finds. */
export function buildOwned(owner: string, tag: string, lines: string[], program = 'docker'): void {
  const folder = mkdtempSync(join(tmpdir(), 'perennial-image-'));
  try {
    writeFileSync(join(folder, 'Dockerfile'), `${[...lines, `LABEL ${OWNER}=${owner}`].join('\n')}\n`);
    engine(['build', '--quiet', '--force-rm', '--tag', tag, folder], { program });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * What the engine has that began with an image of buildOwned(owner), for seeing that a run left nothing behind.
 * Other tests use the same engine at the same time, so nothing else counts. Volumes are found by their name.
 */
export function engineState(owner: string, program = 'docker'): EngineState {
  const lines = (args: string[]) => engine(args, { program }).split('\n').filter(Boolean).sort();
  const label = ['--filter', `label=${OWNER}=${owner}`];
  return {
    containers: lines(['ps', '--all', ...label, '--format', '{{.Names}}']),
    images: lines(['images', '--all', ...label, '--format', '{{.Repository}}:{{.Tag}} {{.ID}}']),
    volumes: lines(['volume', 'ls', '--format', '{{.Name}}']).filter(name => name.includes(owner)),
  };
}

/** Removes everything that engineState(owner) finds. */
export function removeOwned(owner: string, program = 'docker'): void {
  const { containers, images, volumes } = engineState(owner, program);
  if (containers.length > 0) engine(['rm', '--force', '--volumes', ...containers], { program });
  if (volumes.length > 0) engine(['volume', 'rm', '--force', ...volumes], { program });
  for (const line of images) {
    const [tag, id] = line.split(' ') as [string, string];
    try {
      engine(['rmi', '--force', tag.includes('<none>') ? id : tag], { program });
    } catch {
      // a layer of an image that is gone by now
    }
  }
}

/**
 * Removes what a test with fixed names (they stand in a workflow) leaves behind: called before it, too, since a run that
 * was killed could not do it. What is not there is no error.
 */
export function removeNamed(names: { containers: string[]; volumes?: string[]; images?: string[] }): void {
  const { containers, volumes = [], images = [] } = names;
  const quietly = (...args: string[]) => spawnSync('docker', args, { stdio: 'ignore' });
  quietly('rm', '--force', '--volumes', ...containers);
  for (const volume of volumes) quietly('volume', 'rm', volume);
  for (const image of images) quietly('rmi', image);
}
