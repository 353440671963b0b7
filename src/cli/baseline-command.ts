import { takeBaseline } from '../detect/baseline.ts';
import { mountPolicy } from '../detect/detect.ts';
import { findEngine } from '../engine/find-engine.ts';
import { ExitCode, PerennialError } from '../errors.ts';
import type { Command } from './commands.ts';
import { required } from './parse-arguments.ts';

export const baselineCommand: Command = {
  summary: 'remember the state at the start of operation',
  usage: `usage: perennial baseline --container NAME --out FILE [--engine docker|podman]

Not needed for an exact archive (the image itself is a baseline); it makes the archive say what changed since operation began.`,
  values: ['container', 'out', 'engine'],
  flags: [],
  positionals: [0, 0],
  async run({ values }, progress) {
    const engine = await findEngine(values.engine);
    const container = await engine.inspectContainer(required(values, 'container', this.usage));
    if (!container.running) {
      throw new PerennialError('bad-input', `The container "${container.name}" does not run`, {
        hint: 'A baseline is taken of a running container; start it first.',
      });
    }
    const out = required(values, 'out', this.usage);
    progress.step(`Looking at every path of ${container.name} and of its image`);
    const mounts = mountPolicy(container.run.mounts)
      .filter(mount => mount.kept)
      .map(mount => mount.destination);
    await takeBaseline(engine, container, mounts, out);
    progress.step(`Baseline written to ${out}`);
    return ExitCode.done;
  },
};
