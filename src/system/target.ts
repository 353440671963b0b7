import { runCommand, streamCommand } from '../engine/command.ts';
import type { CommandResult, CommandStream, Engine, ExecOptions } from '../engine/engine.ts';

/**
 * Something whose files can be read: a running container, a throw-away container of an image, or a directory.
 * Programs run in it as root of the target; for a directory they are the host's, pointed at it.
 */
export interface Target {
  kind: 'container' | 'directory';
  /** Prefix of every path as the target's programs see it: '' in a container. */
  root: string;
  exec(argv: string[], options?: ExecOptions): Promise<CommandResult>;
  execStream(argv: string[], options?: ExecOptions): CommandStream;
}

/** A running container. */
export function containerTarget(engine: Engine, container: string): Target {
  return {
    kind: 'container',
    root: '',
    exec: (argv, options) => engine.exec(container, argv, { user: '0', ...options }),
    execStream: (argv, options) => engine.execStream(container, argv, { user: '0', ...options }),
  };
}

/** A fresh throw-away container of an image for each command; nothing of the image is started. */
export function imageTarget(engine: Engine, image: string): Target {
  const options = (argv: string[], exec: ExecOptions = {}) => ({
    image,
    entrypoint: argv[0]!,
    command: argv.slice(1),
    user: '0',
    extraArgs: ['--network', 'none'],
    ...exec,
  });
  return {
    kind: 'container',
    root: '',
    exec: (argv, exec) => engine.runOnce(options(argv, exec)),
    execStream: (argv, exec) => engine.runOnceStream(options(argv, exec)),
  };
}

/** A root directory on this machine, read with this machine's programs. */
export function directoryTarget(directory: string): Target {
  const root = directory.replace(/\/+$/, '');
  return {
    kind: 'directory',
    root,
    exec: (argv, options = {}) =>
      runCommand(argv, { ...hostOptions(options), ...(options.input === undefined ? {} : { input: options.input }) }),
    execStream: (argv, options = {}) => streamCommand(argv, hostOptions(options)),
  };
}

function hostOptions(options: ExecOptions): { allowFailure?: boolean; env: NodeJS.ProcessEnv } {
  return { ...(options.allowFailure ? { allowFailure: true } : {}), env: { ...process.env, ...options.env } };
}
