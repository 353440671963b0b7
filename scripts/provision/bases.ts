import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { hasProgram, run, tryRun } from '../command.ts';
import { aptInstall } from './apt.ts';
import { CACHE } from './paths.ts';

/** Debian releases whose base images the tests and the demo use. */
export const BASES = ['bullseye', 'bullseye-main', 'bookworm', 'trixie'] as const;

/**
 * `SUITE-main` is the release without its security suite, which an archive of an old release may hold only in part (then apt
 * names versions that cannot be had). No registry has such an image.
 */
const MAIN_ONLY = /-main$/;

/** True when the engine has `debian:SUITE`. */
export function hasBase(suite: string): boolean {
  return tryRun('docker', ['image', 'inspect', `debian:${suite}`]).code === 0;
}

/** Pulls `debian:SUITE`; false when no registry answers within two minutes. */
export function pullBase(suite: string): boolean {
  return !MAIN_ONLY.test(suite) && tryRun('docker', ['pull', '-q', `debian:${suite}`], { timeout: 120 }).code === 0;
}

/**
 * Makes `debian:SUITE` out of Debian's package archive, for machines that no registry answers. The tree is kept in
 * .cache/bases, so that a second engine or run costs seconds. Needs root.
 */
export function buildBase(suite: string): void {
  const tar = join(CACHE, 'bases', `${suite}.tar`);
  if (!existsSync(tar)) bootstrap(suite, tar);
  run('docker', ['import', '-c', 'CMD ["bash"]', tar, `debian:${suite}`]);
}

function bootstrap(suite: string, tar: string): void {
  if (!hasProgram('mmdebstrap')) aptInstall(['mmdebstrap', 'debian-archive-keyring', 'ca-certificates']);
  mkdirSync(join(CACHE, 'bases'), { recursive: true });
  const half = `${tar}.part`;
  const release = suite.replace(MAIN_ONLY, '');
  const mirror = MAIN_ONLY.test(suite) ? [`deb http://deb.debian.org/debian ${release} main`] : [];
  const options = ['--variant=minbase', '--include=ca-certificates', '--format=tar'];
  run('mmdebstrap', [...options, release, half, ...mirror], { timeout: 1200 });
  renameSync(half, tar);
}
