import type { ContainerFacts, Engine } from '../engine/engine.ts';
import { endedEarly } from '../engine/use-stream.ts';
import { openExported } from './exported-target.ts';
import { standInFor } from './stopped-container.ts';
import { containerTarget, imageTarget, type Target } from './target.ts';

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
  "it has no shell with GNU find and GNU tar, so its files came through the engine's export: extended attributes but capabilities, access control lists, holes of sparse files and fractions of a second are lost";

/**
 * Makes the files of a container readable, by the best way that it allows: its own find and tar; those of a stand-in where it is
 * stopped; the engine's export where it has none. The container is not touched.
 */
export async function openContainer(engine: Engine, container: ContainerFacts): Promise<OpenedContainer> {
  const stand = await standInFor(engine, container);
  if (stand) {
    const target = containerTarget(engine, stand.container);
    if (await hasPrograms(target).catch(error => stand.close().then(() => Promise.reject(error)))) {
      const image = imageTarget(engine, container.imageId);
      return { target, image, lost: stand.lost, disagreements: () => [], close: stand.close };
    }
    await stand.close();
  }
  return { ...(await openExported(engine, container)), lost: LOST };
}

/** One command, for the versions of busybox and of the BSDs have the names of GNU's programs but not what is needed of them. */
async function hasPrograms(target: Target): Promise<boolean> {
  const script = "find / -maxdepth 0 -printf '' && tar --version";
  const { code, stdout, stderr } = await target.exec(['sh', '-c', script], { allowFailure: true });
  // 126 and 127: there is no such program. Else it is the engine that refuses, a paused container for one.
  if (code < 126 && /^Error( response from daemon)?: /m.test(stderr)) throw endedEarly('Looking into it', code, stderr);
  if (code > 127) throw endedEarly('Looking into it', code, stderr);
  return code === 0 && stdout.includes('GNU tar');
}
