import type { ImageFacts } from '../engine/engine.ts';
import type { ImageSettings } from './generate-dockerfile.ts';

/** What a generated Dockerfile repeats of the old image: everything but its PATH, which the base has of its own. */
export function imageSettings(image: ImageFacts | null): ImageSettings {
  const { PATH: _, ...env } = image?.env ?? {};
  return {
    entrypoint: image?.entrypoint ?? [],
    cmd: image?.command ?? [],
    env,
    expose: image?.exposed ?? [],
    volumes: image?.volumes ?? [],
    workdir: image?.workdir ?? '',
    user: image?.user ?? '',
  };
}
