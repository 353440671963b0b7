import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { type Bag, readBagFile } from '../bag/open-bag.ts';
import { copiedFiles } from '../plan/copied-files.ts';
import { parseDockerfile } from '../plan/dockerfile-text.ts';
import type { ContextFile } from '../plan/rewrite-context.ts';

const FOLDER = 'data/rebuild';

/** In bytes; configuration and scripts are smaller. */
const LARGEST = 256 * 1024;

/** Files of the recorded build context that may name what packages make (copiedFiles). Links are not followed, binaries left out. */
export async function readBuildContext(bag: Bag, dockerfile: string): Promise<ContextFile[]> {
  const { rebuild, service } = bag.manifest;
  const root = join(bag.dir, FOLDER);
  const names = (await readdir(root, { recursive: true, withFileTypes: true }))
    .filter(each => each.isFile())
    .map(each => relative(root, join(each.parentPath, each.name)))
    .filter(name => name !== rebuild?.dockerfile)
    .sort();
  const start = [service.start, ...service.run.entrypoint, ...service.run.command];
  const found: ContextFile[] = [];
  for (const [path, use] of copiedFiles(parseDockerfile(dockerfile), names, start)) {
    const content = await readBagFile(bag, `${FOLDER}/${path}`, LARGEST).catch(() => undefined);
    if (content && !content.includes(0)) found.push({ path, use, text: content.toString('latin1') });
  }
  return found;
}
