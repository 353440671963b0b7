import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from '../engine/engine.ts';
import { BUILD_LABEL } from '../engine/inspect.ts';
import type { RestoreOptions } from './restore.ts';

/** Layers that are to be used again cannot have a label of their own. */
export const CACHED = 'cached';

/** What a restore has made so far, for taking it away again. */
export interface Made {
  container?: string;
  volumes: string[];
  /** Tag of the built image. */
  image?: string;
  /** Value of BUILD_LABEL on every image of this restore. */
  label: string;
}

/** Tag of the image that a restore builds for a container of this name. */
export function imageTag(name: string): string {
  return `perennial/${name.toLowerCase().replace(/[^a-z0-9_.-]+/g, '-')}:restored`;
}

/** Value of BUILD_LABEL of a restore. @param key restoreKey of its guess, which is there before the plan */
export function buildLabel(key: string, name: string): string {
  return `${key}-${name}`;
}

/** Takes away what a restore has made. */
export async function removeMade(engine: Engine, made: Made): Promise<void> {
  if (made.container) await engine.removeContainer(made.container);
  for (const volume of made.volumes) await engine.removeVolume(volume);
  if (made.label === CACHED && made.image) await engine.removeImage(made.image);
  else if (made.label !== CACHED) await removeBuilt(engine, made.label);
}

/** Fifteen seconds. */
const MOST_TRIES = 75;

/**
 * Removes all images of a build, which may just have been ended. The engine takes a moment to end the step that its client left, and until then the layers are
 * in use.
 */
export async function removeBuilt(engine: Pick<Engine, 'removeImagesWithLabel'>, label: string): Promise<void> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    if (!(await engine.removeImagesWithLabel(BUILD_LABEL, label))) return;
    await sleep(200);
  }
}

/** What stays of a restore that failed, in words. An image without a container is worth its time. */
export function keptName({ name }: RestoreOptions, made: Made): string | undefined {
  if (made.container) return `The container ${name}`;
  return made.image ? `The image ${made.image}` : undefined;
}
