import type { ListeningSocket, RunningProcess } from '../system/system-facts.ts';
import { chosenPorts, isMeant } from './chosen-ports.ts';
import type { Finding, StateProof } from './finding.ts';
import { type MovedPort, portKey } from './moved-ports.ts';

/** What runs and listens in a system. */
export interface Running {
  processes: readonly RunningProcess[];
  sockets: readonly ListeningSocket[];
  /** Why nobody could tell of some sockets which program holds them. */
  unknown?: string;
}

/** How names of then are found again. */
export interface Names {
  /** Old path or program -> where it lies today. */
  mapPath: (path: string) => string;
  /** Where a link leads today (`squid` to `squid-gnutls`); other paths as they are. */
  followLink: (path: string) => string;
  /** Packages of today that a package of then became. */
  successors: (name: string) => readonly string[];
  /** Every Debian has these packages and runs their programs now and then (`sleep`, `bash`): nothing of a service. */
  isBasic: (name: string) => boolean;
}

/**
 * Every port that listened listens again with the same program behind it, and every daemon that ran runs, as the same users.
 * Pure. A program is the same when it has the same name (less a version number), or when it is of the package that took the
 * place of the old one.
 * @param moved ports of then that today's packages replace by a UNIX socket
 */
export function compareRunning(
  old: Running,
  now: Running,
  names: Names,
  moved: ReadonlyMap<string, MovedPort> = new Map(),
): StateProof {
  const meant = old.sockets.filter(isMeant);
  const chosen = chosenPorts(meant, now.sockets, sameProgram(old, now, names));
  const expected = meant.filter(each => !chosen.has(each));
  const programs = groupByProgram(daemons(old, names));
  return {
    compared: { port: expected.length, process: programs.size },
    findings: [
      ...unique(expected.flatMap(each => comparePort(each, old, now, names, moved))),
      ...[...programs.values()].flatMap(each => compareProgram(each, now, names)),
    ],
  };
}

/**
 * Processes that run by themselves. What a daemon starts when somebody asks, and ends again (a login process, a mail delivery), is not
 * expected to run at any moment; its listening is.
 */
function daemons({ processes, sockets }: Running, names: Names): RunningProcess[] {
  const byPid = new Map(processes.map(each => [each.pid, each]));
  const listening = new Set(sockets.map(each => each.program));
  return processes.filter(each => {
    if (names.isBasic(each.package)) return false;
    if (listening.has(each.program)) return true;
    const parent = each.parent === undefined ? each : byPid.get(each.parent);
    const isOwn = parent?.program === each.program;
    return each.parent !== undefined && (parent === undefined || isOwn || names.isBasic(parent.package));
  });
}

function comparePort(
  old: ListeningSocket,
  then: Running,
  now: Running,
  names: Names,
  moved: ReadonlyMap<string, MovedPort>,
): Finding[] {
  const subject = `${old.protocol} port ${old.port}`;
  const listening = now.sockets.filter(each => each.protocol === old.protocol && each.port === old.port);
  const program = shortName(old.program);
  const to = moved.get(portKey(old));
  if (listening.length === 0 && to)
    return [
      {
        ...found('port', subject, 'place', `port ${old.port}`, `the UNIX socket ${to.socket}`, movedWords(to)),
        verdict: 'explained',
        rule: 'start/moved-ports',
      },
    ];
  if (listening.length === 0)
    return [found('port', subject, 'presence', program || 'a program', 'missing', 'nobody listens there now')];
  const known = listening.filter(each => each.program !== '');
  if (old.program === '' || known.length === 0) return [untold(subject, program, now)];
  const packageThen = then.processes.find(each => each.program === old.program)?.package ?? '';
  const same = known.some(each => isSameProgram({ program: old.program, package: packageThen }, each, now, names));
  if (same) return [];
  const why = 'another program listens there now';
  return [found('port', subject, 'program', program, shortName(known[0]!.program), why)];
}

/** Why a port is a UNIX socket today. */
export function movedWords({ file }: MovedPort): string {
  return `drift: today's package has it so (${file}, as shipped), and no file of the owner's names the port`;
}

/** It listens, but nobody could tell then, or can tell now, whose it is. */
function untold(subject: string, program: string, { unknown }: Running): Finding {
  const why =
    program === ''
      ? 'the archive does not tell which program listened'
      : `which program listens now cannot be told${unknown ? `: ${unknown}` : ''}`;
  return { ...found('port', subject, 'program', program || 'unknown', 'unknown', why), verdict: 'explained' };
}

interface Program {
  program: string;
  package: string;
  users: string[];
}

function groupByProgram(processes: readonly RunningProcess[]): Map<string, Program> {
  const programs = new Map<string, Program>();
  for (const { program, package: from, user } of processes) {
    const known = programs.get(program) ?? { program, package: from, users: [] };
    if (!known.users.includes(user)) known.users.push(user);
    programs.set(program, known);
  }
  return programs;
}

function compareProgram(old: Program, now: Running, names: Names): Finding[] {
  const running = now.processes.filter(each => isSameProgram(old, each, now, names));
  const name = shortName(old.program);
  if (running.length === 0)
    return [found('process', name, 'presence', `as ${old.users.join(', ')}`, 'missing', 'it does not run now')];
  const users = new Set(running.map(each => each.user));
  if (old.users.some(user => users.has(user))) return []; // workers of another user may come when they are needed
  const finding = found(
    'process',
    name,
    'user',
    old.users.join(', '),
    [...users].join(', '),
    'it runs as somebody else now',
  );
  const renamed = running.every(each => each.package !== old.package);
  return [
    renamed ? { ...finding, verdict: 'explained', why: `today it is of the package ${running[0]!.package}` } : finding,
  ];
}

/** Whether a program of today is the one of then. */
export function sameProgram(old: Running, now: Running, names: Names): (then: string, today: string) => boolean {
  return (then, today) => {
    const packageThen = old.processes.find(each => each.program === then)?.package ?? '';
    return isSameProgram({ program: then, package: packageThen }, { program: today }, now, names);
  };
}

function isSameProgram(
  old: { program: string; package: string },
  now: { program: string },
  today: Running,
  names: Names,
): boolean {
  const [was, is] = [names.mapPath(old.program), now.program];
  if ([was, names.followLink(was)].some(each => bareName(each) === bareName(is))) return true;
  const packageNow = today.processes.find(each => each.program === now.program)?.package ?? '';
  // A package of the same name has its programs of the same names; one may run while another does not.
  return packageNow !== '' && packageNow !== old.package && names.successors(old.package).includes(packageNow);
}

function shortName(program: string): string {
  return program.slice(program.lastIndexOf('/') + 1);
}

/** `python3.9` and `python3.13`, `php-fpm7.4` and `php-fpm8.4` are the same program. */
function bareName(program: string): string {
  const name = shortName(program);
  return name.replace(/[-.\d]+$/, '') || name;
}

function unique(findings: Finding[]): Finding[] {
  return [...new Map(findings.map(each => [`${each.subject} ${each.attribute}`, each])).values()];
}

function found(
  area: 'port' | 'process',
  subject: string,
  attribute: string,
  was: string,
  is: string,
  why: string,
): Finding {
  return {
    area,
    subject,
    attribute,
    was,
    is,
    verdict: 'differs',
    why,
    rule: `start/${area === 'port' ? 'ports' : 'processes'}`,
  };
}
