import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Engine } from '../engine/engine.ts';
import { PerennialError } from '../errors.ts';
import { formatAccounts } from '../system/accounts.ts';
import type { Preparation } from './prepare-restore.ts';
import { READY_MARK } from './start-container.ts';

/** On the container and the volumes of a restore: which one it is (`restoreKey`). */
export const RESTORE_LABEL = 'org.perennial.restored-from';
/** On its image; another name, since containers inherit the labels of their images. */
export const IMAGE_LABEL = 'org.perennial.built-for';

/** Tells restores apart: the same bag on the same base by the same build has the same one. */
export async function restoreKey({ bag, plan, base }: Pick<Preparation, 'bag' | 'plan' | 'base'>): Promise<string> {
  const hash = createHash('sha256');
  hash.update(await readFile(bag.file('tagmanifest-sha256.txt'))); // digests of digests: the whole bag
  const { text, buildArgs, context } = plan.dockerfile;
  hash.update(JSON.stringify([base.image.id, text, buildArgs, context]));
  for (const content of Object.values(formatAccounts(plan.systemAccounts))) hash.update(content);
  return hash.digest('hex').slice(0, 32);
}

/** What an earlier run left of the same restore. */
export interface Unfinished {
  /** Id of the built image. */
  image?: string;
  /** The container, when its state is back already: the restore goes on in it. */
  container?: string;
  volumes: string[];
}

/**
 * Finds what an earlier run of the same restore left, and removes of it what no run can go on with: a container whose state was
 * not back yet, volumes without a container. Nothing without the label of this restore is touched.
 * @throws PerennialError `output-exists` when that restore was finished, `bad-input` when another one has the name
 */
export async function findUnfinished(engine: Engine, name: string, tag: string, key: string): Promise<Unfinished> {
  const image = await engine.findImage(tag);
  const found: Unfinished = { volumes: await engine.list('volume', RESTORE_LABEL, key) };
  if (image?.labels[IMAGE_LABEL] === key) found.image = image.id;
  const ours = (await engine.list('container', RESTORE_LABEL, key)).includes(name);
  found.volumes = found.volumes.filter(volume => volume.startsWith(`${name}-`));
  if (ours && (await isStateBack(engine, name))) return { ...found, container: name };
  if (ours) await engine.removeContainer(name);
  for (const volume of found.volumes) await engine.removeVolume(volume);
  return { ...found, volumes: [] };
}

/** Whether the checkpoint is there. */
async function isStateBack(engine: Engine, name: string): Promise<boolean> {
  if (!(await engine.inspectContainer(name)).running) await engine.start(name);
  const look = `[ -e /var/lib/perennial-unfinished/checkpoint.json ] && echo state; [ ! -e ${READY_MARK} ] || echo started`;
  const said = (await engine.exec(name, ['sh', '-c', look], { user: '0', allowFailure: true })).stdout.toString();
  if (said.includes('state') || !said.includes('started')) return said.includes('state');
  throw new PerennialError('output-exists', `The restore of "${name}" is finished: there is nothing to go on with`, {
    hint: `Choose another --name, or remove it: \`${engine.name} rm -f ${name}\``,
  });
}
