import { readTar } from '../bag/tar-reader.ts';
import type { CommandStream } from '../engine/engine.ts';
import { useStream } from '../engine/use-stream.ts';
import type { PackageFiles } from '../system/package-files.ts';
import type { Target } from '../system/target.ts';
import type { Decided, Decisions } from './decisions.ts';
import type { Paths } from './path-table.ts';
import { tarStream } from './probe.ts';
import type { WalkEntry } from './walk.ts';

/** Larger files are data, not configuration. */
const LARGEST = 256 * 1024;
/** A file that is named may name others (a list of zones names its zone files). */
const ROUNDS = 4;

/**
 * Unedited configuration files of packages that a kept configuration file names by their full path: a later release of the
 * package may not ship them any more (dpkg leaves obsolete ones where they are, a new system never has them), and then
 * the service does not start. They are kept, and put back only where today's system has none.
 */
export async function findReferenced(
  target: Target,
  entries: Paths,
  packages: PackageFiles,
  decided: Pick<Decisions, 'below'>,
): Promise<Decided[]> {
  const known = new Set<string>();
  const found: Decided[] = [];
  let unread: WalkEntry[] = [];
  for (const { entry, disposition } of decided.below('/etc/')) {
    if (disposition === 'leave') continue;
    known.add(entry.path);
    if (disposition === 'keep') unread.push(entry);
  }
  for (let round = 0; round < ROUNDS; round++) {
    const text = await readAll(target, unread.filter(isConfiguration));
    const named = [...new Set(namedPaths(text))].filter(path => !known.has(path));
    unread = named.flatMap(path => {
      const entry = packages.get(path)?.conffile ? entries.get(path) : undefined;
      return entry?.kind === 'file' && entry.size <= LARGEST ? [entry] : [];
    });
    if (unread.length === 0) break;
    for (const entry of unread) {
      known.add(entry.path);
      found.push(reference(entry, packages.get(entry.path)!.package));
    }
  }
  return found;
}

function reference(entry: WalkEntry, owner: string): Decided {
  return {
    entry,
    disposition: 'keep',
    rule: 'package/referenced',
    why: `configuration file of ${owner}, as shipped; an edited one names it, and a later release may not have it`,
    package: owner,
    origin: 'image',
    seenBy: ['package-database'],
  };
}

function isConfiguration(entry: WalkEntry): boolean {
  return entry.kind === 'file' && entry.path.startsWith('/etc/') && entry.size <= LARGEST;
}

/** Lines that programs skip; `#include` and `#includedir` are statements of sudoers(5). */
const COMMENT = /^[ \t]*(?:#(?!include)|;|\/\/).*$/gm;

/** Paths below /etc that stand in a text, without what ends a sentence or a statement. What a comment talks about is not used. */
export function namedPaths(text: string): string[] {
  return [...text.replace(COMMENT, '').matchAll(/\/etc\/[\w.+@/-]*[\w+-]/g)].map(match => match[0]);
}

async function readAll(target: Target, files: WalkEntry[]): Promise<string> {
  if (files.length === 0) return '';
  const stream = tarStream(
    target,
    files.map(each => each.path),
  );
  const chunks: Buffer[] = [];
  const read = async ({ stdout }: CommandStream) => {
    for await (const member of readTar(stdout as AsyncIterable<Buffer>)) {
      for await (const chunk of member.body) chunks.push(chunk);
      chunks.push(Buffer.from('\n'));
    }
  };
  await useStream(stream, read, 'Reading configuration files');
  return Buffer.concat(chunks).toString('latin1');
}
