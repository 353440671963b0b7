import { runOptionArguments } from '../engine/arguments.ts';
import type { RunOptions } from '../engine/engine.ts';
import { shellWord, shellWords } from '../system/shell-quote.ts';
import { mountPointsOf, namedVolumes, overlappingMounts, repeatableOptions, volumesOf } from './repeatable-options.ts';
import { waitingCommand } from './waiting-command.ts';

/** Stands for the new container's name in arguments; nothing else can hold a NUL. */
const NAME = '\0';

export interface StartCommands {
  /** What the volumes are named behind the container's name. */
  volumes: string[];
  /** Shell function `start_container`: uses `$engine`, `$name`, `$image` and `$PUBLISH`. */
  text: string;
  /** What could not be repeated, in words. */
  notes: string[];
}

/**
 * How restore.sh starts a container like the old one, with new volumes at `mountPoints` and a main process that waits for the data.
 */
export function startCommands(run: RunOptions, mountPoints: string[]): StartCommands {
  const points = mountPointsOf(mountPoints, run.mounts);
  const notes = overlappingMounts(points);
  const mounts = namedVolumes(NAME, points);
  const { published = [], ...options } = repeatableOptions(run, mounts, notes);
  const publish = runOptionArguments({ published });
  const lines = [
    '  set --',
    ...(publish.length > 0 ? [`  [ "\${PUBLISH:-}" = no ] || set -- ${shellWords(publish)}`] : []),
    `  "$engine" run --detach --name "$name" "$@" ${BREAK}${optionLines(runOptionArguments(options))}--entrypoint /bin/sh "$image" ${BREAK}` +
      shellWords(waitingCommand([...run.entrypoint, ...run.command])),
  ];
  return {
    volumes: volumesOf(mounts).map(volume => volume.replace(`${NAME}-`, '')),
    text: `start_container() {\n${lines.join('\n')}\n}`,
    notes,
  };
}

const BREAK = '\\\n    ';

/** One option with its values a line. */
function optionLines(argv: string[]): string {
  return argv.map((word, at) => `${withName(word)} ${argv[at + 1]?.startsWith('--') === false ? '' : BREAK}`).join('');
}

function withName(word: string): string {
  return word
    .split(NAME)
    .map((part, _at, parts) => (part === '' && parts.length > 1 ? '' : shellWord(part)))
    .join('"$name"');
}
