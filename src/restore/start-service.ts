import type { Manifest } from '../bag/manifest.ts';
import { mapPath } from '../plan/path-substitution.ts';
import type { Plan } from '../plan/plan.ts';
import { containerRuns, waitUntilReady } from '../smoke/wait-ready.ts';
import type { Journal } from './journal.ts';
import type { NewSystem } from './new-system.ts';
import type { RestoreOptions } from './restore.ts';
import { READY_MARK } from './start-container.ts';

/** Lets the main process go, and runs the owner's start command. */
export async function startService(
  options: RestoreOptions,
  manifest: Manifest,
  plan: Plan,
  system: NewSystem,
  journal: Journal,
): Promise<void> {
  const { engine } = options;
  await system.script(
    'Letting the main process start',
    `mkdir -p ${READY_MARK.slice(0, READY_MARK.lastIndexOf('/'))}; : > ${READY_MARK}; chmod 755 ${READY_MARK.slice(0, READY_MARK.lastIndexOf('/'))}`,
  );
  await waitUntilReady({
    describe: `the container ${options.name} to run its command`,
    timeoutSeconds: 10,
    check: containerRuns(engine, system.container),
  });
  const start = manifest.service.start;
  if (start) {
    const command = mapPath(start, plan.substitutions);
    journal.script('start the service', command);
    const { code, stdout, stderr } = await system.target.exec(['sh', '-c', command], { allowFailure: true });
    if (code !== 0) {
      journal.look(
        'start',
        `the start command ended with exit code ${code}`,
        (stdout + stderr).trim().split('\n').slice(-8).join('\n') || 'it said nothing',
        'start',
      );
    } else journal.done('start', command, 'the command that the owner gave', 'start');
  }
}
