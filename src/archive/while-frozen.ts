import type { ContainerFacts, Engine } from '../engine/engine.ts';
import { PerennialError } from '../errors.ts';
import { engineReference, runRecord } from '../run-record.ts';
import { showsSameRoot, strengthenedTarget, type Target } from '../system/target.ts';

/**
 * Freezes a running container while its files are read, so that all are of one moment: what lies there is what a program finds after a power cut,
 * for which every database is made. Nothing can be run in it meanwhile: it is read from beside it. Goes on in any case; a run that is killed
 * leaves it to the next one (sweepLeftovers).
 * @throws PerennialError `engine-failed` where it cannot be read from beside, or does not go on
 */
export async function whileFrozen<T>(
  engine: Engine,
  container: ContainerFacts,
  plain: Target,
  read: (target: Target) => Promise<T>,
): Promise<T> {
  const frozen = plain.files ? plain : strengthenedTarget(engine, container); // an export needs no program
  if (!plain.files && !(await showsSameRoot(plain, frozen)))
    throw new PerennialError('engine-failed', `The container ${container.name} cannot be read while it is frozen`, {
      hint: 'Its files are not to be seen from beside it (`--pid host`, or an engine without that right): leave out `freeze`.',
    });
  const gone = runRecord.add({ kind: 'frozen', value: container.id, engine: engineReference(engine.name) });
  try {
    await engine.pause(container.id); // a client that is ended has maybe frozen it
    return await read(frozen);
  } finally {
    await engine.unpause(container.id);
    gone();
  }
}
