import { basename } from 'node:path';
import type { Manifest } from '../bag/manifest.ts';
import type { Engine } from '../engine/engine.ts';
import { readMends } from '../knowledge/read-mends.ts';
import type { Plan } from '../plan/plan.ts';
import { chosenPorts, isMeant, SYSTEM_PORTS } from '../proof/chosen-ports.ts';
import { movedWords } from '../proof/compare-running.ts';
import { isLocalOnly, type MovedPort, movedPorts, portKey } from '../proof/moved-ports.ts';
import { type ReadyCheck, waitUntilReady } from '../smoke/wait-ready.ts';
import { printable } from '../system/byte-text.ts';
import { readRunning } from '../system/running.ts';
import type { ListeningSocket } from '../system/system-facts.ts';
import { withoutSecrets } from '../system/without-secrets.ts';
import type { PlacedConfiguration } from './configuration.ts';
import type { Journal } from './journal.ts';
import { lastLines } from './last-lines.ts';
import { complaints, loggedReason } from './logged-reason.ts';
import { mendRefusedLine } from './mend-refused-line.ts';
import { dropDefaults } from './merged-suspects.ts';
import type { NewSystem } from './new-system.ts';
import type { RestoreOptions } from './restore.ts';
import { startCommandToday } from './start-command.ts';
import { READY_MARK } from './start-container.ts';

/** A program names one refused line at a time: this many are mended before it is given up. */
const ROUNDS = 15;
/** Seconds that daemons get to listen after their start command has returned. */
const PATIENCE = 15;

/** A daemon may go on without what it calls fatal: ProFTPD leaves out the whole file that the line is in. */
const FATAL = /\b(fatal|emerg)\b/i;

interface Attempt {
  code: number;
  /** What the start command, or the container's own process, printed. */
  printed: string;
  /** The same, and the ends of logs when it went wrong. */
  said: string;
  missing: ListeningSocket[];
  /** Ports that are UNIX sockets today. */
  moved: ReadonlyMap<string, MovedPort>;
  /** Seconds that the ports were awaited. */
  waited: number;
  /** The container's own process has ended, and the container is ready for another try. */
  waits?: boolean;
}

/** How a start ended. */
export interface Started {
  /** The start command succeeded, and every port listens again. */
  well: boolean;
  /** Programs whose ports nobody listens on; a name is empty where nobody could tell. */
  missed: readonly string[];
}

/**
 * Lets the main process go, runs the owner's start command, and waits until every port listens that listened before the end.
 * Where a program refuses a line of its configuration and says which, the line is commented out and it is tried again; where it does not
 * come up with a file that today's defaults were merged into, with the owner's own.
 * @param placed configuration as it was put back
 */
export async function startService(
  options: RestoreOptions,
  manifest: Manifest,
  plan: Plan,
  system: NewSystem,
  placed: readonly PlacedConfiguration[],
  journal: Journal,
): Promise<Started> {
  const command = startCommandToday(system, manifest.service.start, plan.substitutions);
  const expected = manifest.service.sockets.filter(isMeant);
  const mends = await readMends();
  const tried = new Set<string>();
  if (command !== manifest.service.start)
    journal.look(
      'start',
      printable(withoutSecrets(command)),
      `the start command was: ${printable(withoutSecrets(manifest.service.start))}`,
      'names/start',
    );
  if (command) await letMainStart(options, system);
  for (let round = 0; ; round++) {
    const attempt = command
      ? await tryCommand(system, command, expected)
      : await tryMainProcess(options, system, expected);
    const well = attempt.code === 0 && attempt.missing.length === 0;
    const complaints = well ? attempt.said.split('\n').filter(line => FATAL.test(line)) : [attempt.said];
    const failure = { said: attempt.said, missing: attempt.missing };
    const mended =
      round < ROUNDS &&
      ((await mendRefusedLine(system, complaints.join('\n'), mends, 'start', journal)) ||
        (!well && (await dropDefaults(system, placed, failure, tried, journal))));
    if (mended) {
      if (!attempt.waits) await restart(options, system);
      continue;
    }
    if (!command) await writeMark(system, '');
    report(attempt, command, expected.length, journal);
    return { well, missed: attempt.missing.map(each => each.program) };
  }
}

/** Its health check, if the image has one, asks for a service that is not started yet. */
function runs(engine: Engine, container: string): ReadyCheck {
  return async () => ((await engine.inspectContainer(container)).running ? undefined : 'it has ended');
}

async function letMainStart({ engine, name }: RestoreOptions, system: NewSystem): Promise<void> {
  await writeMark(system, '');
  await waitUntilReady({
    describe: `the container ${name} to run its command`,
    timeoutSeconds: 10,
    check: runs(engine, system.container),
  });
}

/** Empty: the container's process starts now and ever after. With a word in it: it starts once, whoever it runs as. */
async function writeMark(system: NewSystem, word: string): Promise<void> {
  const env = { WORD: word, MARK: READY_MARK, FOLDER: READY_MARK.slice(0, READY_MARK.lastIndexOf('/')) };
  const mode = word === '' ? '755' : '777';
  const write = `mkdir -p "$FOLDER"; chmod ${mode} "$FOLDER"; printf %s "$WORD" > "$MARK"`;
  await system.script('Letting the main process start', write, { env });
}

/** What the command prints goes to a file: a daemon that keeps its output open must not keep us waiting. */
const START = 'sh -c "$COMMAND" > /var/lib/perennial/start.log 2>&1 < /dev/null';
const START_LOG = 'cat /var/lib/perennial/start.log 2>/dev/null; exit 0';

/** The ends of logs that were written just now; binary ones (wtmp) and the package tools' own are left out. */
const RECENT_LOGS =
  'find /var/log -type f -mmin -2 ! -name "[wbl]*t*p" ! -path "*/apt/*" ! -name "dpkg.log*" ! -name "alternatives.log*" -exec tail -n 30 {} + 2>/dev/null; exit 0';

/** Whatever the last attempt started would hold its ports; the container's own process sleeps and starts again. */
async function restart({ engine, name }: RestoreOptions, system: NewSystem): Promise<void> {
  await system.close();
  await engine.stop(system.container, 1);
  await engine.start(system.container);
  await waitUntilReady({
    describe: `the container ${name} to start again`,
    timeoutSeconds: 10,
    check: runs(engine, system.container),
  });
}

async function tryCommand(system: NewSystem, command: string, expected: ListeningSocket[]): Promise<Attempt> {
  const env = { COMMAND: command };
  const { code } = await system.target.exec(['sh', '-c', START], { env, allowFailure: true });
  const { missing, moved, waited } = await awaitSockets(system, expected, code === 0 ? PATIENCE : 2);
  const printed = await read(system, START_LOG);
  const isWell = code === 0 && missing.length === 0;
  const said = isWell ? printed : `${printed}\n${await read(system, RECENT_LOGS)}`;
  return { code, printed, said, missing, moved, waited };
}

/** The container's own process is the service: where it ends at once, the container is started again, and waits. */
async function tryMainProcess(
  { engine }: RestoreOptions,
  system: NewSystem,
  expected: ListeningSocket[],
): Promise<Attempt> {
  await writeMark(system, 'once');
  const { missing, moved, waited } = await awaitSockets(system, expected, PATIENCE).catch(() => ({
    missing: expected,
    moved: new Map<string, MovedPort>(),
    waited: 0,
  }));
  const ended = await hasEnded(engine, system.container, expected.length === 0 || missing.length > 0 ? 2 : 0);
  const printed = await engine.logs(system.container, 50);
  if (ended) await system.close();
  if (ended) await engine.start(system.container);
  else if (missing.length === 0) return { code: 0, printed, said: printed, missing, moved, waited };
  const said = `${printed}\n${await read(system, RECENT_LOGS)}`;
  return { code: ended ? 1 : 0, printed, said, missing, moved, waited, waits: ended };
}

async function hasEnded(engine: Engine, container: string, seconds: number): Promise<boolean> {
  const until = Date.now() + seconds * 1000;
  while ((await engine.inspectContainer(container)).running) {
    if (Date.now() > until) return false;
    await new Promise(resolve => setTimeout(resolve, 300));
  }
  return true;
}

async function read(system: NewSystem, script: string): Promise<string> {
  const { stdout } = await system.target.exec(['sh', '-c', script], { allowFailure: true });
  return stdout.toString('latin1').replaceAll('\0', ''); // a hole: a daemon of the attempt before goes on writing where it was
}

/** Sockets of the old service that nobody listens on here; waits for them. Addresses may differ, ports may not. */
async function awaitSockets(
  system: NewSystem,
  expected: ListeningSocket[],
  seconds: number,
): Promise<Pick<Attempt, 'missing' | 'moved' | 'waited'>> {
  const started = Date.now();
  const mayBePicked = expected.some(each => each.protocol === 'udp' && each.port >= SYSTEM_PORTS);
  while (true) {
    const { sockets } = await readRunning(system.target, String, () => '', mayBePicked);
    const chosen = chosenPorts(expected, sockets, (then, today) => basename(then) === basename(today));
    const missing = expected.filter(
      each => !chosen.has(each) && !sockets.some(now => now.protocol === each.protocol && now.port === each.port),
    );
    const waited = (Date.now() - started) / 1000;
    const moved = await movedToday(system, missing, expected);
    if (moved.size > 0 || missing.length === 0 || waited > seconds)
      return { missing: missing.filter(each => !moved.has(portKey(each))), moved, waited };
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

/** Asked when nothing but such ports is awaited any more: until then daemons may still be about to listen. */
async function movedToday(
  system: NewSystem,
  missing: ListeningSocket[],
  expected: ListeningSocket[],
): Promise<ReadonlyMap<string, MovedPort>> {
  const all = missing.length > 0 && missing.every(each => isLocalOnly(each, expected));
  const moved = all ? await movedPorts(system, missing, expected, (a, b) => basename(a) === basename(b)) : new Map();
  return missing.every(each => moved.has(portKey(each))) ? moved : new Map();
}

/**
 * Why a port is missed, for the summary: what the log of its program says; else, as a start command may end well although its daemon did
 * not, what that printed.
 * @param withWords the end of what was printed belongs to it; once is enough
 */
export function whyMissing(
  { program }: Pick<ListeningSocket, 'program'>,
  { code, printed, waited, said: everything }: Pick<Attempt, 'code' | 'printed' | 'waited' | 'said'>,
  withWords: boolean,
): string {
  const reason = loggedReason(everything, program);
  const words = code === 0 && withWords ? printable(lastLines(complaints(printed) || printed.trim(), 3)) : '';
  const start = words === '' ? '' : `; what it was started with said: ${words}`;
  const said = reason ? `; ${reason.log} says: ${reason.line}` : start;
  return `${program || 'a program'} did before the end; waited ${waited.toFixed(1)} s for it${said}`;
}

function report(attempt: Attempt, command: string, expected: number, journal: Journal): void {
  const what = command || "the container's own command";
  const tail = lastLines(attempt.said, 12);
  if (attempt.code !== 0) {
    journal.look(
      'start',
      command ? `the start command ended with exit code ${attempt.code}` : "the container's own process ended",
      printable(lastLines(attempt.printed.trim() || attempt.said, 3)) || 'it said nothing',
      'start',
      tail,
    );
  } else
    journal.done('start', what, command ? 'the command that the owner gave' : 'as the container was started', 'start');
  for (const each of attempt.missing) {
    journal.look(
      'start',
      `nobody listens on ${each.protocol} port ${each.port}`,
      whyMissing(each, attempt, each === attempt.missing[0]),
      'start/ports',
      tail,
    );
  }
  for (const [port, to] of attempt.moved)
    journal.done(
      'start',
      `${port} is the UNIX socket ${printable(to.socket)} today`,
      movedWords(to),
      'start/moved-ports',
    );
  if (attempt.missing.length === 0 && expected > 0)
    journal.done(
      'start',
      `${expected - attempt.moved.size} sockets listen as before`,
      `waited ${attempt.waited.toFixed(1)} s for every port that listened`,
      'start/ports',
    );
}
