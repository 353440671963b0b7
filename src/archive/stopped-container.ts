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
 */
export async function openContainer(engine: Engine, container: ContainerFacts): Promise<Stand> {
  if (container.running) return { container: container.id, lost: '', close: async () => {} };
  const tag = `perennial-stopped:${randomBytes(6).toString('hex')}`;
  const image = await engine.commit(container.id, tag);
  try {
    const stand = await engine.run({
      image,
      entrypoint: 'sleep',
      command: ['infinity'],
      volumesFrom: container.id,
      run: { user: '0' },
      extraArgs: ['--network', 'none'],
    });
    return {
      container: stand,
      lost: 'the container was stopped: user extended attributes and access control lists outside volumes are not carried by the engine',
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
