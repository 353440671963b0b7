import type { ImageFacts } from '../engine/engine.ts';
import { PerennialError } from '../errors.ts';

const SHELLS = new Set(['sh', 'bash', 'dash', 'ash', 'zsh']);

/**
 * What the service container runs as its main process.
 * An image's own command when it has one that stays; a bare shell, as base images have it, ends at once without a
 * terminal and does not count. With a start command the container then only has to live: it sleeps.
 * @returns options for the engine; empty for the image's own command
 * @throws PerennialError `image-unsuitable` when there is nothing to run
 */
export function mainProcess(
  image: Pick<ImageFacts, 'entrypoint' | 'command'>,
  start: string,
): { entrypoint?: string; command?: string[] } {
  const last = [...image.entrypoint, ...image.command].at(-1);
  if (last !== undefined && !SHELLS.has(last.slice(last.lastIndexOf('/') + 1))) return {};
  if (start) return { entrypoint: 'sleep', command: ['infinity'] };
  throw new PerennialError('image-unsuitable', 'The image has no command that keeps running', {
    hint: 'Give `start`, the shell command that starts the daemons, or a CMD in the Dockerfile.',
  });
}
