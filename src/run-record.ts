import {
  appendFileSync,
  closeSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Something that a run makes outside of itself, and that has to go when the run is killed. */
export type Trace =
  | { kind: 'folder'; path: string }
  /** A program that was started in a process group of its own. */
  | { kind: 'process'; pid: number; started: string }
  /** `value` is the value of the run's label, a tag, or a volume's name. */
  | { kind: 'container'; value: string; name: string; engine: EngineReference }
  | { kind: 'image' | 'images' | 'volume'; value: string; engine: EngineReference }
  /** A container's name: that container, and the volumes that are named after it, are to be kept whatever happens. */
  | { kind: 'stays'; value: string }
  /** Somebody else's container, by its id, that is to go on. */
  | { kind: 'frozen'; value: string; engine: EngineReference }
  /** A command in somebody else's container, by the mark in its environment. */
  | { kind: 'command'; container: string; value: string; engine: EngineReference };

/** Enough to reach the same engine again. */
export interface EngineReference {
  name: 'docker' | 'podman';
  /** DOCKER_HOST, DOCKER_CONTEXT or CONTAINER_HOST. */
  host: string;
}

/** The engine that its program reaches from here. */
export function engineReference(name: 'docker' | 'podman'): EngineReference {
  const { DOCKER_HOST, DOCKER_CONTEXT, CONTAINER_HOST } = process.env;
  return { name, host: (name === 'docker' ? (DOCKER_HOST ?? DOCKER_CONTEXT) : CONTAINER_HOST) ?? '' };
}

const PREFIX = 'perennial-run-';

/**
 * What this process has made and not yet taken away, in a file that outlives it: a process that is killed outright cannot clean up,
 * so the next one does (engine/sweep.ts). The file is written before the thing is made, and goes when the process ends in order.
 */
export class RunRecord {
  readonly #open = new Set<string>();
  #file: string | undefined;

  /** Puts a thing on record, before it is made. Returns what is called when it is gone. */
  add(trace: Trace): () => void {
    const line = `${JSON.stringify(trace)}\n`;
    this.#open.add(line);
    try {
      this.#file ??= createRecord();
      appendFileSync(this.#file, line);
    } catch {
      // A full or read-only temporary folder: what is made without it says so better.
    }
    return () => {
      this.#open.delete(line);
    };
  }

  /** What is there now stays: it is what the user wanted. */
  handOver(): void {
    this.#open.clear();
    this.close();
  }

  /** The end of the process: whatever could not be taken away (an engine that is gone) is left to the next run. */
  close(): void {
    if (this.#file === undefined || this.#open.size > 0) return;
    rmSync(this.#file, { force: true });
    this.#file = undefined;
  }
}

/** The record of this process. */
export const runRecord = new RunRecord();
process.on('exit', () => runRecord.close());

function createRecord(): string {
  const file = join(tmpdir(), `${PREFIX}${process.pid}-${startTime(process.pid)}-${namespace()}`);
  closeSync(openSync(file, 'wx', 0o600));
  return file;
}

/** What runs of this user left on record that are dead: the file to remove, and what it names. */
export function deadRecords(): { file: string; traces: Trace[] }[] {
  return readdirSync(tmpdir()).flatMap(name => {
    const [, pid, started, space] = /^perennial-run-(\d+)-(\d*)-(\d*)$/.exec(name) ?? [];
    const file = join(tmpdir(), name);
    if (!pid || space !== namespace() || isRunning(Number(pid), started!) || !isOurs(file)) return [];
    return [{ file, traces: readTraces(file) }];
  });
}

/** Whether that very process still runs: ids are given again, so its start counts too. */
export function isAlive(pid: number, started: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return started === '' || startTime(pid) === started;
}

/** The same, but not one that was killed and that nobody has waited for: without an init in a container it stays for good. */
export function isRunning(pid: number, started: string): boolean {
  return isAlive(pid, started) && statOf(pid)[0] !== 'Z';
}

/** When a process started, in ticks since the machine did (proc(5), stat, field 22); empty where there is no /proc. */
export function startTime(pid: number): string {
  return statOf(pid)[19] ?? '';
}

/** Fields from the third on, the state (proc(5)): the second, a name, may have anything in it. */
function statOf(pid: number): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}

/** Process ids mean nothing in another namespace that shares the temporary folder. */
function namespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid').replace(/\D/g, '');
  } catch {
    return '';
  }
}

/** Anybody may put a file into the temporary folder: nobody else's says what is removed. */
function isOurs(file: string): boolean {
  try {
    const found = lstatSync(file);
    return found.isFile() && found.uid === process.getuid?.() && (found.mode & 0o077) === 0;
  } catch {
    return false;
  }
}

function readTraces(file: string): Trace[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap(line => {
      try {
        return [JSON.parse(line) as Trace];
      } catch {
        return []; // the last line may have been cut
      }
    });
}
