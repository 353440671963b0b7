import { probeFiles } from '../detect/probe.ts';
import type { NewSystem } from '../restore/new-system.ts';
import { readRunning } from '../system/running.ts';
import type { ListeningSocket } from '../system/system-facts.ts';

/** Where a port of then went: a UNIX socket, and the configuration file of today's package that says so. */
export interface MovedPort {
  socket: string;
  file: string;
}

/** `tcp 8953` */
export function portKey({ protocol, port }: Pick<ListeningSocket, 'protocol' | 'port'>): string {
  return `${protocol} ${port}`;
}

/** Files of /etc that name the texts of the environment: a socket's path as it is, a port as a word. */
const NAMES_SOCKET = 'grep -rsIlF -- "$SOCKET" /etc; exit 0';
const NAMES_PORT = 'grep -rsIlw -- "$PORT" /etc; exit 0';

/**
 * Ports that only programs of the same machine could reach, for their control, and that today's packages replace by a UNIX socket: the
 * same program listens on a socket that a configuration file names as today's package ships it, and no file of the owner's
 * names the port. (Unbound's 8953 of Debian 11 is /run/unbound.ctl in Debian 13.)
 * @param missing sockets of then that nobody listens on now
 * @param then all sockets of then
 * @param isSame whether a program of today is the one of then
 */
export async function movedPorts(
  system: NewSystem,
  missing: readonly ListeningSocket[],
  then: readonly ListeningSocket[],
  isSame: (then: string, today: string) => boolean,
): Promise<Map<string, MovedPort>> {
  const moved = new Map<string, MovedPort>();
  const local = missing.filter(each => isLocalOnly(each, then));
  if (local.length === 0) return moved;
  const { unixSockets } = await readRunning(system.target, String, () => '');
  for (const each of local) {
    const sockets = unixSockets.filter(one => isSame(each.program, one.program));
    const found = await firstShipped(
      system,
      sockets.map(one => one.path),
    );
    if (found && (await ownersNaming(system, each.port)).length === 0) moved.set(portKey(each), found);
  }
  return moved;
}

/** TCP, of a known program, on no address but the machine's own. */
export function isLocalOnly(socket: ListeningSocket, then: readonly ListeningSocket[]): boolean {
  const addresses = then.filter(each => portKey(each) === portKey(socket)).map(each => each.address);
  const isLocal = (address: string) => address === '::1' || address.startsWith('127.');
  return socket.protocol === 'tcp' && socket.program !== '' && addresses.every(isLocal);
}

async function firstShipped(system: NewSystem, sockets: string[]): Promise<MovedPort | undefined> {
  for (const socket of sockets) {
    const [file] = (await split(system, await filesNaming(system, NAMES_SOCKET, { SOCKET: socket }))).shipped;
    if (file !== undefined) return { socket, file };
  }
  return undefined;
}

async function ownersNaming(system: NewSystem, port: number): Promise<string[]> {
  return (await split(system, await filesNaming(system, NAMES_PORT, { PORT: String(port) }))).owners;
}

async function filesNaming(system: NewSystem, program: string, env: Record<string, string>): Promise<string[]> {
  const { stdout } = await system.target.exec(['sh', '-c', program], { env, allowFailure: true });
  return stdout.toString().split('\n').filter(Boolean);
}

/** Which of these files are as today's packages ship them, and which are not. */
async function split(system: NewSystem, paths: string[]): Promise<{ shipped: string[]; owners: string[] }> {
  const probes = await probeFiles(system.target, paths);
  const isShipped = (path: string) => {
    const digest = system.packages.get(system.canonical(path))?.digest;
    return digest !== undefined && digest === probes.get(path)?.md5;
  };
  return { shipped: paths.filter(isShipped), owners: paths.filter(path => !isShipped(path)) };
}
