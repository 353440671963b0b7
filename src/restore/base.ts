import type { Engine, ImageFacts } from '../engine/engine.ts';
import { PerennialError } from '../errors.ts';
import { readSystem, type SystemReading } from '../system/read-system.ts';
import { imageTarget } from '../system/target.ts';

export interface BaseImage {
  image: ImageFacts;
  reference: string;
  system: SystemReading;
}

/**
 * The image to rebuild on, pulled when it is not here.
 * @throws PerennialError `base-unknown` when it cannot be had
 */
export async function openBase(engine: Engine, reference: string): Promise<BaseImage> {
  const image = await engine.findImage(reference, { pull: true });
  if (image) return { image, reference, system: await readSystem(imageTarget(engine, image.id)) };
  throw new PerennialError('base-unknown', `The base image "${reference}" is not here and cannot be pulled`, {
    hint: `\`${engine.name} pull ${reference}\` says why; or name another one with --base.`,
  });
}
