import { randomBytes } from 'node:crypto';
import type { ContainerFacts, Engine } from '../engine/engine.ts';

/** A place where the files of a stopped container can be read by programs. */
export interface Stand {
  container: string;
  /** What reading it this way loses; empty when nothing. */
  lost: string;
  close(): Promise<void>;
}

/**
 * Makes the files of a container readable. A running one is used as it is. A stopped one is not started, since
 * that would run its service: its file system is committed to an image, and a container that only sleeps gets its volumes.
 * Every path that differs from the original image is a new inode there, so nothing that changed can look unchanged.
 * @returns undefined where it has no program that could wait
 */
export async function standInFor(engine: Engine, container: ContainerFacts): Promise<Stand | undefined> {
  if (container.running) return { container: container.id, lost: '', close: async () => {} };
  const tag = `perennial-stopped:${randomBytes(6).toString('hex')}`;
  try {
    const image = await engine.commit(container.id, tag);
    const stand = await standIn(engine, image, container);
    if (stand === undefined) {
      await engine.removeImage(tag);
      return undefined;
    }
    return {
      container: stand,
      lost: LOST,
      close: async () => {
        await engine.removeContainerOnly(stand);
        await engine.removeImage(tag);
      },
    };
  } catch (error) {
    await engine.removeImage(tag);
    throw error;
  }
}

const LOST =
  'the container was stopped: outside volumes the engine carries no user extended attributes, access control lists, holes of sparse files and fractions of a second';

/** A container of the image that only sleeps, with the volumes of the stopped one; undefined where it has no `sleep`. */
async function standIn(engine: Engine, image: string, container: ContainerFacts): Promise<string | undefined> {
  const request = {
    image,
    entrypoint: 'sleep',
    command: ['infinity'],
    volumesFrom: container.id,
    run: { user: '0' },
    extraArgs: ['--network', 'none'],
  };
  return engine.run(request).catch((cause: Error) => {
    if (/executable file|no such file/i.test(cause.message)) return undefined;
    throw cause;
  });
}
