import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';

/** As people run it: types that Node strips from sources cost some 100 MB. */
const MAIN = join(import.meta.dirname, '../dist/cli.js');
/** Milliseconds between two looks. */
const BETWEEN = 250;
/** Of a second (sysconf(_SC_CLK_TCK)): the same on every Linux. */
const TICKS = 100;

/** What a run of the command line took. */
export interface Watched {
  seconds: number;
  /** Processor time of the process and of its ended children, to the last look. */
  processorSeconds: number;
  /** Most resident memory of the process itself, as the kernel counts it (VmHWM of proc(5)), with that of its children at each look. */
  megabytes: number;
  /** Most that its temporary folder held at once, in blocks of the disk. */
  temporaryMegabytes: number;
}

/**
 * Runs the command line as it was built (`npm run build`) with an own temporary folder and looks at it meanwhile.
 * @throws Error with what it said when it fails
 */
export async function watched(args: string[], temporary: string): Promise<Watched> {
  const started = performance.now();
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { ...process.env, TMPDIR: temporary },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', chunk => {
    said = (said + chunk).slice(-10_000);
  });
  const ended = new Promise<number>((resolve, reject) => {
    child.on('error', reject).on('close', code => resolve(code ?? 128));
  });
  const most = { kilobytes: 0, blocks: 0, ticks: 0 };
  const look = async () => {
    most.kilobytes = Math.max(most.kilobytes, residentKilobytes(child.pid!));
    most.ticks = Math.max(most.ticks, processorTicks(child.pid!));
    most.blocks = Math.max(most.blocks, await blocksBelow(temporary));
  };
  const timer = setInterval(() => void look(), BETWEEN);
  const code = await ended.finally(() => clearInterval(timer));
  const seconds = (performance.now() - started) / 1000;
  if (code !== 0) throw new Error(`perennial ${args.join(' ')}: exit ${code}\n${said}`);
  return {
    seconds,
    processorSeconds: most.ticks / TICKS,
    megabytes: Math.round(most.kilobytes / 1000),
    temporaryMegabytes: Math.round((most.blocks * 512) / 1e6),
  };
}

/** A child that has not become its program yet looks as large as its parent, whose memory it has by copy-on-write: it is not counted. */
function residentKilobytes(pid: number): number {
  const own = Number(/^VmHWM:\s+(\d+) kB$/m.exec(readProc(`${pid}/status`))?.[1] ?? 0);
  const children = readProc(`${pid}/task/${pid}/children`).split(' ').filter(Boolean);
  const words = readProc(`${pid}/cmdline`);
  const others = children.filter(child => readProc(`${child}/cmdline`) !== words);
  return others.reduce((sum, child) => sum + residentKilobytes(Number(child)), own);
}

/** utime, stime, cutime and cstime of proc_pid_stat(5). */
function processorTicks(pid: number): number {
  const fields = readProc(`${pid}/stat`).split(') ').at(-1)!.split(' ');
  return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
}

/** Empty once the process has ended. */
function readProc(path: string): string {
  try {
    return readFileSync(`/proc/${path}`, 'utf8');
  } catch {
    return '';
  }
}

async function blocksBelow(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter(entry => entry.isFile());
  const sizes = await Promise.all(
    files.map(file =>
      stat(join(file.parentPath, file.name)).then(
        each => each.blocks,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
