import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Manifest } from '../bag/manifest.ts';
import type { RunOptions } from '../engine/engine.ts';
import { PerennialError } from '../errors.ts';
import { composeFile } from '../plan/compose-file.ts';
import { mapPath } from '../plan/path-substitution.ts';
import type { Plan } from '../plan/plan.ts';
import { isNoNewPrivileges } from '../plan/repeatable-options.ts';
import type { Journal } from './journal.ts';
import type { NewSystem } from './new-system.ts';
import { RUNNABLE } from './report-folder.ts';
import { startCommandToday } from './start-command.ts';

const ENTRY = '/var/lib/perennial/entry.sh';

/** The words after it are the container's own process; a service that is started by hand is started before it. */
const ENTRY_TEXT = `#!/bin/sh
# Starts the service as its owner did, then becomes the container's own process.
if [ -s /var/lib/perennial/start-command ]; then
  sh -c "$(cat /var/lib/perennial/start-command)" || echo "the start command ended with exit code $?" >&2
fi
exec "$@"
`;

export interface KeepImage {
  /** Reference that the image gets. */
  image: string;
  push: boolean;
  name: string;
  /** Folder that gets compose.yaml, if any. */
  report: string | undefined;
}

/** How the service runs, with what only its restore could not work with: a read-only root and mounts, few capabilities, no new privileges. */
function hardenedAgain(run: RunOptions, recorded: RunOptions, place: (path: string) => string): RunOptions {
  const { readOnly, capDrop, capAdd, others = [] } = recorded;
  const closed = new Set(recorded.mounts.filter(each => !each.writable).map(each => place(each.destination)));
  const isGiven = new Set(run.capAdd);
  const left = run.others?.filter(each => !isNoNewPrivileges(each)) ?? [];
  return {
    ...run,
    ...{ readOnly, capDrop, capAdd: capAdd.filter(each => isGiven.has(each)) },
    mounts: run.mounts.map(each => ({ ...each, writable: each.writable && !closed.has(each.destination) })),
    others: [...left, ...others.filter(isNoNewPrivileges)],
  };
}

/**
 * Keeps the restored container as an image that starts the service by itself, and pushes it when asked to. State in volumes is not in it.
 * @throws PerennialError `store-failed` when the registry refuses it; the image is there then
 */
export async function keepImage(
  system: NewSystem,
  manifest: Manifest,
  plan: Plan,
  keep: KeepImage,
  journal: Journal,
): Promise<void> {
  const { engine, container } = system;
  const start = startCommandToday(system, manifest.service.start, plan.substitutions);
  await system.script('Noting how the service starts', 'printf %s "$START" > /var/lib/perennial/start-command', {
    env: { START: start },
  });
  const write = 'cat > "$ENTRY.new"; chmod 755 "$ENTRY.new"; mv "$ENTRY.new" "$ENTRY"';
  await system.script('Writing the entry point', write, { env: { ENTRY }, input: ENTRY_TEXT });
  const { run } = await engine.inspectContainer(container);
  const words = run.command.slice(run.command.indexOf('perennial') + 1); // see waitingCommand
  const changes = [`ENTRYPOINT ${JSON.stringify(['/bin/sh', ENTRY])}`, `CMD ${JSON.stringify(words)}`];
  await engine.commit(container, keep.image, changes);
  journal.done('start', `kept as the image ${keep.image}`, 'asked for with --image', 'keep/image');
  if (keep.report)
    await writeFile(
      join(keep.report, 'compose.yaml'),
      composeFile({
        name: keep.name,
        image: keep.image,
        run: hardenedAgain(run, manifest.service.run, path => mapPath(path, plan.substitutions)),
      }),
      RUNNABLE,
    );
  if (!keep.push) return;
  await engine.push(keep.image).catch(cause => {
    throw new PerennialError('store-failed', `${keep.image} cannot be pushed: ${cause.message}`, {
      cause,
      hint: `The image is here. \`${engine.name} login\` lets you in; then \`${engine.name} push ${keep.image}\`.`,
    });
  });
  journal.done('start', `${keep.image} is pushed`, 'asked for with --push', 'keep/push');
}
