import type { ContainerFacts, Engine } from '../engine/engine.ts';
import { endedEarly } from '../engine/use-stream.ts';
import { openExported } from './exported-target.ts';
import { standInFor } from './stopped-container.ts';
import { containerTarget, imageTarget, showsSameRoot, strengthenedTarget, type Target } from './target.ts';

/** A container and its image, ready to be read. */
export interface OpenedContainer {
  target: Target;
  image: Target;
  /** What reading it this way loses; empty when nothing. */
  lost: string;
  /** Paths about which the sources of an exported container disagree; asked after it was looked at. */
  disagreements(): string[];
  /** Removes what was made for reading. */
  close(): Promise<void>;
}

const LOST =
  "its files came through the engine's export: extended attributes but capabilities, access control lists, holes of sparse files and fractions of a second are lost";

/**
 * Makes the files of a container readable, by the best way that it allows: its own find and tar, from beside it where its root may not
 * read all files; those of a stand-in where it is stopped; the engine's export where it has none. The container is not touched.
 */
export async function openContainer(engine: Engine, container: ContainerFacts): Promise<OpenedContainer> {
  const stand = await standInFor(engine, container);
  let why = 'it has no shell with GNU find and GNU tar';
  if (stand) {
    const target = containerTarget(engine, stand.container);
    const programs = await findPrograms(target).catch(error => stand.close().then(() => Promise.reject(error)));
    const read = programs && (await readingAll(engine, container, target, programs));
    if (read) {
      const image = imageTarget(engine, container.imageId);
      return { target: read, image, lost: stand.lost, disagreements: () => [], close: stand.close };
    }
    if (programs) why = 'its root may not read all files, and nobody beside it';
    await stand.close();
  }
  return { ...(await openExported(engine, container)), lost: `${why}, so ${LOST}` };
}

/** A running container whose files can all be read, where programs of its own or beside it can; otherwise as it is. */
export async function runningTarget(engine: Engine, container: ContainerFacts): Promise<Target> {
  const target = containerTarget(engine, container.id);
  const programs = await findPrograms(target);
  return (programs && (await readingAll(engine, container, target, programs))) ?? target;
}

/** The target with the usual rights of root where its own may not read everything; undefined where nobody can. */
async function readingAll(
  engine: Engine,
  container: ContainerFacts,
  target: Target,
  programs: Programs,
): Promise<Target | undefined> {
  if (programs.readsAll) return target;
  const strengthened = strengthenedTarget(engine, container);
  return (await showsSameRoot(target, strengthened)) ? strengthened : undefined;
}

interface Programs {
  /** Root may read every file. */
  readsAll: boolean;
}

/** CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH (linux/capability.h): with one of them every file can be read. */
const READS_ALL = 0b110n;

/** One command, for the versions of busybox and of the BSDs have the names of GNU's programs but not what is needed of them. */
async function findPrograms(target: Target): Promise<Programs | undefined> {
  const script = "find / -maxdepth 0 -printf '' && tar --version && cat /proc/self/status";
  const { code, stdout, stderr } = await target.exec(['sh', '-c', script], { allowFailure: true });
  // 126 and 127: there is no such program. Else it is the engine that refuses, a paused container for one.
  if (code < 126 && /^Error( response from daemon)?: /m.test(stderr)) throw endedEarly('Looking into it', code, stderr);
  if (code > 127) throw endedEarly('Looking into it', code, stderr);
  if (code !== 0 || !stdout.includes('GNU tar')) return undefined;
  const rights = /^CapEff:\s*([0-9a-f]+)$/m.exec(stdout.toString())?.[1];
  return { readsAll: rights === undefined || (BigInt(`0x${rights}`) & READS_ALL) !== 0n };
}
