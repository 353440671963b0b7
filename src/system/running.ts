import type { ListeningSocket, RunningProcess } from './system-facts.ts';
import type { Target } from './target.ts';

/** In the words of a shell that is ours: it is none of the service's processes. */
export const ASKING = '/proc/[0-9]*';

/**
 * Prints, for each process: pid, owner, exe, arguments (unit separators), its socket inodes, its state and parent (the rest of
 * proc(5), stat); then the kernel's socket tables.
 * Without CAP_SYS_PTRACE even root may not read where `exe` of another user's process leads (proc(5), ptrace(2)): then the first
 * word that it was started with tells, or its name; and its sockets stay unknown. A zombie has no words.
 */
const SCRIPT = `
for d in /proc/[0-9]*; do
  exe=$(readlink "$d/exe" 2>/dev/null) || exe=
  if [ -z "$exe" ]; then
    exe=$(tr '\\000' '\\n' < "$d/cmdline" 2>/dev/null | head -n 1)
    [ -n "$exe" ] || continue
    [ -x "$exe" ] || { exe=$(cat "$d/comm" 2>/dev/null) && exe=$(command -v "$exe" || echo "$exe"); }
  fi
  [ -n "$exe" ] || continue
  printf 'P\\t%s\\t%s\\t%s\\t' "\${d#/proc/}" "$(stat -c %u "$d" 2>/dev/null)" "$exe"
  tr '\\000\\n\\t' '\\037  ' < "$d/cmdline" 2>/dev/null
  printf '\\t'
  ls -l "$d/fd" 2>/dev/null | sed -n 's/.*socket:\\[\\([0-9]*\\)\\]$/\\1/p' | tr '\\n' ' '
  { IFS= read -r stat < "$d/stat"; } 2>/dev/null || stat=
  printf '\\t%s\\n' "\${stat##*) }"
done
sed 's/^/U\\t/' /proc/net/unix 2>/dev/null
for t in tcp tcp6 udp udp6; do sed "s/^/N\\t$t\\t/" "/proc/net/$t" 2>/dev/null; done
exit 0
`;

/** What runs and listens in a container. */
export interface ReadRunning {
  processes: RunningProcess[];
  sockets: ListeningSocket[];
  /** UNIX sockets with a path that somebody listens on. */
  unixSockets: UnixSocket[];
  /** Why nobody could tell of some sockets which program holds them. */
  unknown?: string;
}

/** A UNIX socket in the file system, and the program that listens on it; '' where nobody can tell. */
export interface UnixSocket {
  path: string;
  program: string;
}

/**
 * Processes and listening sockets of a running container; empty when it has no shell. The asking shell itself is left out.
 * Sockets of a daemon that gave up root have no owner for root in the container; then the target is looked at from beside.
 * @param owners whether it matters who listens
 */
export async function readRunning(
  target: Target,
  userName: (uid: number) => string,
  packageOf: (path: string) => string,
  owners = true,
): Promise<ReadRunning> {
  const { code, stdout } = await target.exec(['sh', '-c', SCRIPT], { allowFailure: true });
  if (code !== 0) return { processes: [], sockets: [], unixSockets: [] };
  const said = stdout.toString();
  const found = parseRunning(said, userName, packageOf);
  if (!owners || found.sockets.every(each => each.program !== '')) return found;
  if (!target.execBeside) return { ...found, unknown: 'its processes cannot be looked into from beside' };
  const beside = await target.execBeside(['sh', '-c', SCRIPT]);
  if (beside.code !== 0) return { ...found, unknown: lastLine(beside.stderr) };
  return parseRunning(`${said}\n${beside.stdout}`, userName, packageOf);
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) || 'no reason was given';
}

/**
 * Parses what SCRIPT prints; socket tables as in proc_net_tcp(5): state 0A is LISTEN, 07 an unconnected UDP socket. Of a process
 * that is told of twice, the later telling counts.
 */
export function parseRunning(
  text: string,
  userName: (uid: number) => string,
  packageOf: (path: string) => string,
): ReadRunning {
  const processes = new Map<number, RunningProcess>();
  const holders = new Map<string, Map<number, RunningProcess>>();
  const lines = text.split('\n').map(line => line.split('\t'));
  for (const fields of lines) {
    if (fields[0] !== 'P') continue;
    const argv = (fields[4] ?? '').split('\x1f').filter(Boolean);
    if (argv.some(word => word.includes(ASKING))) continue;
    const program = fields[3]!.replace(/ \(deleted\)$/, '');
    const [pid, user] = [Number(fields[1]), userName(Number(fields[2]))];
    const process = { pid, user, program, argv, package: packageOf(program), ...parentOf(fields[6]) };
    processes.set(pid, process);
    for (const inode of (fields[5] ?? '').split(' ').filter(Boolean))
      holders.set(inode, (holders.get(inode) ?? new Map()).set(pid, process));
  }
  const sockets = new Map<string, ListeningSocket>();
  for (const fields of lines)
    if (fields[0] === 'N') addSocket(sockets, fields[1]!, (fields[2] ?? '').trim().split(/\s+/), holders);
  const unixSockets = lines.flatMap(fields => (fields[0] === 'U' ? unixSocketOf(fields[1] ?? '', holders) : []));
  return {
    processes: [...processes.values()],
    sockets: [...sockets.values()].sort((a, b) => a.port - b.port),
    unixSockets: [...new Map(unixSockets.map(each => [each.path, each])).values()],
  };
}

/** Children hold what their parent opened: it is the parent's, whatever it has started at the moment. */
function openerOf(holders: ReadonlyMap<number, RunningProcess> | undefined): string {
  const all = [...(holders?.values() ?? [])].sort((a, b) => a.pid - b.pid);
  return (all.find(each => each.parent === undefined || !holders!.has(each.parent)) ?? all[0])?.program ?? '';
}

/** `S 1 40 ...`: state, parent. */
function parentOf(stat: string | undefined): { parent?: number } {
  const parent = /^\S (\d+) /.exec(stat ?? '')?.[1];
  return parent === undefined ? {} : { parent: Number(parent) };
}

function addSocket(
  sockets: Map<string, ListeningSocket>,
  table: string,
  columns: string[],
  holders: ReadonlyMap<string, ReadonlyMap<number, RunningProcess>>,
): void {
  const [, local, remote, state] = columns;
  const protocol = table.startsWith('tcp') ? 'tcp' : 'udp';
  if (!local?.includes(':') || state !== (protocol === 'tcp' ? '0A' : '07')) return;
  if (protocol === 'udp' && !/^0+:0000$/.test(remote ?? '')) return;
  const [address, port] = local.split(':') as [string, string];
  const socket: ListeningSocket = {
    protocol,
    address: addressText(address),
    port: Number.parseInt(port, 16),
    program: openerOf(holders.get(columns[9] ?? '')),
  };
  sockets.set(`${socket.protocol} ${socket.address} ${socket.port}`, socket);
}

/** A line of /proc/net/unix (proc_net_unix(5)); the flag 0x10000 is __SO_ACCEPTCON: it listens. Names that begin with @ are no paths. */
function unixSocketOf(line: string, holders: ReadonlyMap<string, ReadonlyMap<number, RunningProcess>>): UnixSocket[] {
  const [, flags, inode, path] = /^\S+: \S+ \S+ (\S+) \S+ \S+ +(\d+) (\/.*)$/.exec(line) ?? [];
  if (path === undefined || (Number.parseInt(flags!, 16) & 0x10000) === 0) return [];
  return [{ path, program: openerOf(holders.get(inode!)) }];
}

/** The kernel prints addresses as 32-bit words in host order. */
function addressText(hex: string): string {
  if (/^0+$/.test(hex)) return '*';
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap(word => [...Buffer.from(word, 'hex').reverse()]);
  if (bytes.length === 4) return bytes.join('.');
  const words = Array.from({ length: 8 }, (_, n) => ((bytes[2 * n]! << 8) | bytes[2 * n + 1]!).toString(16));
  return words.join(':').replace(/(^|:)0(:0)+(:|$)/, '::');
}
