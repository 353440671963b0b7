import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine } from '../engine/engine.ts';
import { PerennialError } from '../errors.ts';
import type { Progress } from '../progress.ts';
import { temporaryFolder } from '../temporary-folder.ts';

/** Debian images that serve as a base, the best first; what is there is taken before anything is pulled. */
const BASES = [
  'debian:stable-slim',
  'debian:stable',
  'debian:trixie-slim',
  'debian:trixie',
  'debian:bookworm-slim',
  'debian:bookworm',
];

/**
 * An image with client programs, built once for each list of packages. Without packages it is the base itself.
 * @param packages Debian package names
 * @returns reference of the image
 * @throws PerennialError `image-unsuitable` when there is no base, or the packages cannot be installed
 */
export async function provideClientImage(
  engine: Engine,
  packages: readonly string[],
  progress: Progress,
): Promise<string> {
  const wanted = [...new Set(packages)].sort();
  const tag = clientImageTag(wanted);
  if (wanted.length > 0 && (await engine.findImage(tag))) return tag;
  const base = await findBase(engine);
  if (wanted.length === 0) return base;
  progress.step(`Building a client image with ${wanted.join(', ')}`);
  await build(engine, clientDockerfile(base, wanted), tag, wanted, progress);
  return tag;
}

/** `perennial-client:<first 12 digits of the sha256 of the package list>` */
export function clientImageTag(packages: readonly string[]): string {
  return `perennial-client:${createHash('sha256').update(packages.join(' ')).digest('hex').slice(0, 12)}`;
}

/** The names were checked when the tests were read, and are again here, because they end in a shell line. */
export function clientDockerfile(base: string, packages: readonly string[]): string {
  const odd = packages.find(name => !/^[a-z0-9][a-z0-9+.-]+$/.test(name));
  if (odd !== undefined) throw new PerennialError('bad-input', `"${odd}" is not a Debian package name`);
  return `FROM ${base}
RUN apt-get update && \\
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ${packages.join(' ')} && \\
    rm -rf /var/lib/apt/lists/*
`;
}

async function findBase(engine: Engine): Promise<string> {
  for (const pull of [false, true]) {
    for (const base of pull ? BASES.slice(0, 1) : BASES) {
      if (await engine.findImage(base, { pull })) return base;
    }
  }
  throw new PerennialError('image-unsuitable', `No base for a client container: none of ${BASES.join(', ')} is here`, {
    hint: `Pull one of them with ${engine.name}, or install the client program on this machine.`,
  });
}

async function build(
  engine: Engine,
  dockerfile: string,
  tag: string,
  packages: string[],
  progress: Progress,
): Promise<void> {
  const folder = await temporaryFolder('client');
  const context = folder.path;
  try {
    await writeFile(join(context, 'Dockerfile'), dockerfile);
    await engine.build({ context, tag, onLine: line => progress.detail(line) });
  } catch (cause) {
    throw new PerennialError(
      'image-unsuitable',
      `A client image with ${packages.join(', ')} could not be built: ${(cause as Error).message}`,
      {
        hint: 'Check the package names and the network, or install the client programs on this machine.',
        cause,
      },
    );
  } finally {
    await folder.remove();
  }
}
