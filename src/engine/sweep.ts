import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Progress } from '../progress.ts';
import { deadRecords, engineReference, isAlive, type Trace } from '../run-record.ts';
import { printable } from '../system/byte-text.ts';
import { endMarkedCommand } from '../system/target.ts';
import { CommandLineEngine } from './command-line-engine.ts';
import { BUILD_LABEL } from './inspect.ts';

/** What is frozen goes on first, so that programs in it can be ended; programs, so that they make nothing new; containers before what they use; folders last. */
const ORDER: Trace['kind'][] = ['frozen', 'process', 'command', 'container', 'volume', 'image', 'images', 'folder'];

/**
 * Takes away what runs of this user left that were killed outright: programs, containers, volumes, images, folders. What a run meant to
 * leave is not on record. An engine that does not answer, or another one, is left to a later run.
 */
export async function sweepLeftovers(progress: Progress): Promise<void> {
  for (const { file, traces: all } of deadRecords()) {
    const traces = withoutKept(all);
    const kinds = ORDER.filter(kind =>
      traces.some(each => each.kind === kind && !['process', 'folder', 'frozen'].includes(kind)),
    );
    if (traces.some(each => each.kind === 'frozen'))
      progress.warn('A run that was killed left a container frozen: it goes on');
    if (kinds.length > 0) progress.warn(`A run that was killed left ${kinds.join(', ')} in the engine: taken away`);
    let complete = true;
    for (const trace of traces.toSorted((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind)))
      complete = (await remove(trace).catch(() => false)) && complete;
    if (complete) rmSync(file, { force: true });
    else
      progress.warn(
        `Not all of it could be taken away, because its engine is not the one that answers here. ${next(file)}`,
      );
  }
}

function next(file: string): string {
  return `Each run tries again; when that engine is gone for good, remove ${printable(file)}, which lists it.`;
}

/** A restore that is to be kept can be gone on with (`--resume`), also when it was killed. */
function withoutKept(traces: Trace[]): Trace[] {
  const names = traces.flatMap(each => (each.kind === 'stays' ? [each.value] : []));
  const isKept = (each: Trace) =>
    each.kind === 'stays' ||
    (each.kind === 'container' && names.includes(each.name)) ||
    (each.kind === 'volume' && names.some(name => each.value.startsWith(`${name}-`)));
  return traces.filter(each => !isKept(each));
}

/** @returns whether it is gone */
async function remove(trace: Trace): Promise<boolean> {
  switch (trace.kind) {
    case 'folder':
      rmSync(trace.path, { recursive: true, force: true });
      return true;
    case 'process':
      return endProcess(trace);
    case 'stays':
      return true;
    default:
      return removeFrom(trace);
  }
}

/** The program and its children; an engine that loses its client ends what it did for it. */
async function endProcess({ pid, started }: Extract<Trace, { kind: 'process' }>): Promise<boolean> {
  if (started === '' || !isAlive(pid, started)) return true;
  try {
    process.kill(-pid, 'SIGKILL');
    await sleep(1000);
  } catch {
    // it has ended by itself
  }
  return true;
}

async function removeFrom(trace: Exclude<Trace, { kind: 'folder' | 'process' | 'stays' }>): Promise<boolean> {
  const engine = new CommandLineEngine(trace.engine.name);
  if (engineReference(trace.engine.name).host !== trace.engine.host) return false;
  await engine.version();
  if (trace.kind === 'frozen') await engine.unpause(trace.value);
  else if (trace.kind === 'container') await engine.removeMarked(trace.value);
  else if (trace.kind === 'command') await endMarkedCommand(engine, trace.container, trace.value);
  else if (trace.kind === 'volume') await engine.removeVolume(trace.value);
  else if (trace.kind === 'image') await engine.removeImage(trace.value);
  else await engine.removeImagesWithLabel(BUILD_LABEL, trace.value);
  return true;
}
