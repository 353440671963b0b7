import { unchanged } from '../classify/classify.ts';
import type { DiffKind } from '../engine/engine.ts';
import type { Baseline } from './baseline.ts';
import type { Paths } from './path-table.ts';

/** Where the walk and the engine's diff say different things of a path of the image. Folders change with what is in them. */
export interface CrossCheck {
  /** The diff has it, and its inode is the image's: it is looked at as if it had changed. */
  onlyInDiff: Set<string>;
  /** Its inode changed, and the diff is silent: docker compares size and time. */
  onlyInWalk: string[];
}

/**
 * Compares the engine's diff with a walk, pure. What came or went between the two is no disagreement, so the diff is taken after the walk and only
 * paths that image, walk and diff can know are compared.
 * @param inMount volumes and bind mounts are not in a diff
 */
export function crossCheck(
  diff: ReadonlyMap<string, DiffKind>,
  entries: Paths,
  { image }: Baseline,
  inMount: (path: string) => boolean,
): CrossCheck {
  const found: CrossCheck = { onlyInDiff: new Set(), onlyInWalk: [] };
  for (const before of image.values()) {
    const { path } = before;
    const now = before.kind === 'directory' || inMount(path) ? undefined : entries.get(path);
    if (!now || now.kind === 'directory') continue;
    const inDiff = diff.has(path) || diff.has(path.replace(/[\udc80-\udcff]/g, '\ufffd')); // see parseDiff
    const isSame = now === before || unchanged(now, before);
    if (isSame && inDiff) found.onlyInDiff.add(path);
    else if (!isSame && !inDiff) found.onlyInWalk.push(path);
  }
  return found;
}
