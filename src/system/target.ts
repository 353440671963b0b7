import { randomBytes } from 'node:crypto';
import { runCommand, streamCommand } from '../engine/command.ts';
import type {
  CommandResult,
  CommandStream,
  ContainerFacts,
  Engine,
  ExecOptions,
  RunContainerOptions,
} from '../engine/engine.ts';
import { interruption } from '../interruption.ts';
import { engineReference, runRecord } from '../run-record.ts';

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
  /** Runs a command beside the processes of a running container, with the right to read what each of them holds open. */
  execBeside?(argv: string[]): Promise<CommandResult>;
  /** Reads the files where the target has no programs for it. */
  files?: FileReader;
  /** Commands of root run beside the container: what they see of themselves (/proc/self) is not the container's. */
  isBeside?: true;
}

/** Reads a target's files without any program in it (src/system/exported-files.ts). */
export interface FileReader {
  /** Every path as find's records, two NULs, then a tar of some files: what src/detect/look.ts has programs print. */
  look(mounts: string[], paths: string[]): CommandStream;
  /** Paths that `look` has seen of and below some, named relative to the root. */
  below(paths: string[]): string[];
  /** Digests and attributes of files that `look` has seen. */
  probe(paths: string[]): Promise<Map<string, FileContent>>;
  /** A tar of files that `look` has seen, named as GNU tar names them (`./etc/passwd`). */
  tar(paths: string[]): CommandStream;
}

/** What a file holds, digests in hex; '' for what is no plain file. */
export interface FileContent {
  md5: string;
  sha256: string;
  /** Name -> base64. */
  xattrs: Record<string, string>;
}

/** A running container. */
export function containerTarget(engine: Engine, container: string): Target {
  return {
    kind: 'container',
    root: '',
    exec: (argv, options) => engine.exec(container, argv, { user: '0', ...options }),
    execStream: (argv, options) => execStream(engine, container, argv, { user: '0', ...options }),
    execBeside: argv => execBeside(engine, container, argv),
  };
}

/** Root with no right but to look: into processes (ptrace(2)) and folders of others. No network, nothing to write. */
const ONLY_LOOK = ['--cap-drop', 'ALL', '--cap-add', 'SYS_PTRACE', '--cap-add', 'DAC_READ_SEARCH', '--network', 'none'];

/**
 * Options of a throw-away container of the same image in the container's process namespace: `exec` gives no single right beyond the container's
 * own, and with all of them (`--privileged`) a program of the container could reach for the host.
 */
function besideOptions(container: string, imageId: string, argv: string[]): RunContainerOptions {
  return {
    image: imageId,
    pidOf: container,
    entrypoint: argv[0]!,
    command: argv.slice(1),
    extraArgs: ['--read-only', '--security-opt', 'no-new-privileges'],
  };
}

async function execBeside(engine: Engine, container: string, argv: string[]): Promise<CommandResult> {
  const { imageId } = await engine.inspectContainer(container);
  const options = besideOptions(container, imageId, argv);
  return engine.runOnce({
    ...options,
    ...{ user: '0', allowFailure: true, extraArgs: [...options.extraArgs!, ...ONLY_LOOK] },
  });
}

/** A container of which root has fewer rights than usual. */
type Weakened = Pick<ContainerFacts, 'id' | 'imageId' | 'run'>;

/**
 * A running container as it would be if its root had the rights that root has in any other one: without them (`--cap-drop`) it may not read
 * files of others. Root's commands are the container's own programs, started beside it, in its file system, network and processes; the way there
 * is /proc/1/root (proc_pid_root(5)). Where its processes are the machine's (`--pid host`), that is another one: see `showsSameRoot`.
 */
export function strengthenedTarget(engine: Engine, container: Weakened): Target {
  const plain = containerTarget(engine, container.id);
  const beside = (argv: string[], exec: ExecOptions = {}) => {
    const { workdir, ...rest } = exec;
    const at = workdir ? ['env', `--chdir=${workdir}`] : [];
    const options = besideOptions(container.id, container.imageId, ['chroot', '/proc/1/root', ...at, ...argv]);
    return {
      ...{ ...options, networkOf: container.id, ...rest },
      ...{ user: '0', env: { ...container.run.env, ...exec.env } },
      extraArgs: [...options.extraArgs!, '--cap-add', 'SYS_PTRACE'],
    };
  };
  const isRoots = ({ user }: ExecOptions = {}) => user === undefined || user === '0';
  return {
    ...plain,
    isBeside: true,
    exec: (argv, exec) => (isRoots(exec) ? engine.runOnce(beside(argv, exec)) : plain.exec(argv, exec)),
    execStream: (argv, exec) =>
      isRoots(exec) ? engine.runOnceStream(beside(argv, exec)) : plain.execStream(argv, exec),
  };
}

/** Whether two targets see the same file system as their root. */
export async function showsSameRoot(one: Target, other: Target): Promise<boolean> {
  const roots = [one, other].map(each => each.exec(['stat', '-c', '%d %i', '/'], { allowFailure: true }));
  const [a, b] = await Promise.all(roots);
  return a!.code === 0 && b!.code === 0 && a!.stdout.equals(b!.stdout);
}

/** Variable by which a command is found again among the processes of its container. */
const MARK = 'PERENNIAL_COMMAND';

const END_MARKED = `for p in /proc/[0-9]*; do
  tr '\\000' '\\n' < "$p/environ" 2>/dev/null | grep -qx "${MARK}=$1" && kill -9 "\${p#/proc/}"
done; :`;

/** Ends a command in a container by its mark, and everything that it started. */
export async function endMarkedCommand(engine: Engine, container: string, mark: string): Promise<void> {
  await engine.endCommand(container, ['sh', '-c', END_MARKED, 'sh', mark]);
}

/** A command in a container lives on when its client is killed (moby/moby#9098): killing the stream ends it there too. */
function execStream(engine: Engine, container: string, argv: string[], options: ExecOptions): CommandStream {
  interruption.check(); // what is refused does not go on record
  const mark = randomBytes(8).toString('hex');
  const gone = runRecord.add({ kind: 'command', container, value: mark, engine: engineReference(engine.name) });
  const stream = engine.execStream(container, argv, { ...options, env: { ...options.env, [MARK]: mark } });
  const end = () => endMarkedCommand(engine, container, mark).then(gone);
  const over = interruption.onInterrupt(() => stream.done.catch(() => {}).then(end));
  const done = stream.done.finally(over);
  done.then(gone, () => {}); // whoever awaits `done` sees it
  const kill = () => {
    stream.kill();
    void end();
  };
  return { ...stream, done, kill };
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
