import { createHash } from 'node:crypto';
import { bagFolderName, isBagFileName } from '../bag/bag-file-name.ts';
import { PerennialError } from '../errors.ts';

/** One archive to drill: an entry of the matrix. Fields that do not apply are empty, as inputs of an action are. */
export interface DrillTarget {
  /** Name in history and issues. */
  archive: string;
  /** A path, or a reference to a store. */
  bag: string;
  artifact: string;
  'run-id': string;
  /** Fit for names of containers and artifacts, and unique. */
  id: string;
}

/** A workflow artifact with a bag. */
export interface KeptArtifact {
  name: string;
  runId: number;
  /** ISO 8601. */
  createdAt: string;
}

/** More jobs than these make no matrix (docs.github.com, "Running variations of jobs": 256). */
const MOST = 256;

/**
 * What to drill. Lines of `wanted` name an artifact, `NAME` for its newest one or `NAME@RUN`, or a path or store reference, which
 * have a `/` or `:`. No lines: the newest artifact of every name that is a packed bag. A name without an artifact is drilled too,
 * so that an archive that expired is not missed in silence. Pure.
 * @throws PerennialError `artifact-missing` when there is nothing at all: a drill of nothing must not look good
 */
export function drillTargets(wanted: readonly string[], artifacts: readonly KeptArtifact[]): DrillTarget[] {
  const newest = new Map<string, KeptArtifact>();
  for (const each of artifacts.toSorted((a, b) => a.createdAt.localeCompare(b.createdAt)))
    if (isBagFileName(each.name)) newest.set(bagFolderName(each.name), each);
  const lines = wanted.length > 0 ? [...new Set(wanted)] : [...newest.keys()].sort();
  if (lines.length === 0) {
    throw new PerennialError('artifact-missing', 'There is no archive to drill', {
      hint: 'Name them with `archives`, or decommission a service in this repository first; artifacts expire after 90 days.',
    });
  }
  if (lines.length > MOST)
    throw new PerennialError('bad-input', `${lines.length} archives are too many for one drill of ${MOST}`, {
      hint: 'Name a part of them with `archives`, and call the workflow more than once.',
    });
  return lines.map(line => target(line, newest));
}

function target(line: string, newest: Map<string, KeptArtifact>): DrillTarget {
  const base = { archive: line, bag: '', artifact: '', 'run-id': '', id: idOf(line) };
  if (/[/:]/.test(line)) return { ...base, bag: line };
  const [, name, run] = /^(.*?)(?:@(\d+))?$/.exec(line)!;
  const archive = name!.replace(/\.tar\.zst(\.age)?$/, '');
  const found = run ?? newest.get(archive)?.runId;
  return { ...base, archive, artifact: archive, 'run-id': found === undefined ? '' : String(found), id: idOf(archive) };
}

/** A readable part, and a digest that makes it unique. */
export function idOf(archive: string): string {
  const readable = archive
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(-30);
  return `${readable || 'archive'}-${createHash('sha256').update(archive).digest('hex').slice(0, 6)}`;
}
