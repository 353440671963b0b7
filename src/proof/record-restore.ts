import type { IndexEntry } from '../bag/index-entry.ts';
import type { Manifest } from '../bag/manifest.ts';
import { isCarried } from '../bag/unpacked.ts';
import { probeFiles } from '../detect/probe.ts';
import { debianRanges, isPersonId } from '../plan/id-ranges.ts';
import type { Plan } from '../plan/plan.ts';
import type { NewSystem } from '../restore/new-system.ts';
import type { Placement } from '../restore/placement.ts';
import type { Finding } from './finding.ts';
import { findRecord, type RecordedPath, writeRecord } from './path-record.ts';
import { readDefaults } from './read-defaults.ts';
import { readUnowned } from './read-unowned.ts';

/**
 * Remembers every path that is meant to be otherwise than the bag has it, in the container, just before the service starts.
 * @param place where a path of the bag lies here
 * @returns those paths
 */
export async function recordRestore(
  system: NewSystem,
  plan: Plan,
  manifest: Manifest,
  index: ReadonlyMap<string, IndexEntry>,
  placements: ReadonlyMap<string, Placement>,
  place: (path: string) => string,
): Promise<RecordedPath[]> {
  const paths = [...index.values()].flatMap(entry => {
    const recorded = otherwise(entry, placements.get(entry.path), place(entry.path), system);
    return recorded ? [recorded] : [];
  });
  await addContents(system, paths);
  const successors = Object.fromEntries(
    plan.resolutions
      .map(each => [each.old, [each.new, ...(each.also ?? [])].filter(name => name !== undefined)] as const)
      .filter(([old, names]) => names.length > 0 && !(names.length === 1 && names[0] === old)),
  );
  const { substitutions, base } = plan;
  await writeRecord(system, { bag: manifest.created, base, substitutions, successors, paths });
  return paths;
}

/**
 * Brings the record up to date when the service runs: files that were mended while the exports were loaded or the service started, and
 * configuration files of packages that steps and scripts of packages changed, and what is in /etc beside those.
 * @param created of the bag's manifest
 */
export async function settleRecord(system: NewSystem, created: string): Promise<void> {
  const record = await findRecord(system, created);
  if (!record) return;
  const defaults = await readDefaults(system);
  const paths = [...record.paths];
  const places = new Set(paths.map(each => each.now));
  const why = 'it was mended for the versions of today';
  for (const path of system.mended)
    if (!places.has(path)) paths.push({ path, now: path, why, rule: 'mended', kind: 'file' });
  const mended = paths.filter(each => each.now !== null && system.mended.has(each.now));
  const probes = await probeFiles(
    system.target,
    mended.map(each => each.now!),
  );
  for (const each of mended) each.sha256 = probes.get(each.now!)?.sha256 ?? each.sha256;
  const edited = defaults.filter(each => !each.isShipped).map(({ path, sha256 }) => ({ path, sha256 }));
  const people = system.accounts.passwd.filter(each => isPersonId(each.uid, debianRanges)).map(each => each.name);
  await writeRecord(system, { ...record, paths, defaults: edited, unowned: await readUnowned(system), people });
}

function otherwise(
  entry: IndexEntry,
  placement: Placement | undefined,
  path: string,
  system: NewSystem,
): RecordedPath | undefined {
  const record = (now: string | null, why: string, rule = entry.rule): RecordedPath => ({
    path: entry.path,
    now,
    why,
    rule,
  });
  if (entry.disposition === 'delete')
    return system.has(path) ? record(path, 'it stays: see the report of the restore', 'owner/deleted') : undefined;
  if (entry.disposition === 'attributes')
    return system.kindOf(path) === entry.kind
      ? path === entry.path
        ? undefined
        : record(path, 'the path moved', 'paths/moved')
      : record(null, 'there is no such path on the new system');
  if (!isCarried(entry) || !placement) return undefined;
  if (placement.action === 'skip') return record(null, placement.why);
  if (placement.action === 'beside') return record(`${placement.path}.perennial-old`, placement.why);
  if (placement.action === 'merge') return record(placement.path, placement.why, 'config/merge');
  if (system.gone.has(placement.path))
    return record(null, 'a program that was built again for the versions of today has no such file', 'mended');
  if (system.mended.has(placement.path))
    return record(placement.path, 'it was mended for the versions of today', 'mended');
  if (placement.target !== undefined) return { ...record(placement.path, placement.why), target: placement.target };
  return placement.path === entry.path ? undefined : record(placement.path, 'the path moved', 'paths/moved');
}

/** What was merged or mended is expected to stay as the restore left it. */
async function addContents(system: NewSystem, paths: RecordedPath[]): Promise<void> {
  const changed = paths.filter(each => each.now !== null && ['config/merge', 'mended'].includes(each.rule));
  const files = changed.filter(each => system.kindOf(each.now!) === 'file');
  const probes = await probeFiles(
    system.target,
    files.map(each => each.now!),
  );
  for (const each of files) each.sha256 = probes.get(each.now!)?.sha256;
  for (const each of changed) each.kind = system.kindOf(each.now!) as RecordedPath['kind'];
}

/** Of many intended differences, this many are told one by one; the record in the container has all. */
const MOST = 500;

/** Intended differences of files as findings: what is not where or as the bag has it, and why. */
export function explainedPaths(paths: readonly RecordedPath[], index: ReadonlyMap<string, IndexEntry>): Finding[] {
  return paths.slice(0, MOST).flatMap(({ path, now, why, rule, sha256 }): Finding[] => {
    const of = (attribute: string, was: string, is: string): Finding => ({
      area: 'file',
      subject: path,
      attribute,
      was,
      is,
      verdict: 'explained',
      why,
      rule,
    });
    if (rule === 'owner/deleted') return [of('presence', 'deleted', 'there')];
    if (now === null) return [of('presence', index.get(path)?.kind ?? 'there', 'missing')];
    const moved = now === path ? [] : [of('path', path, now)];
    const changed = sha256 !== undefined && sha256 !== index.get(path)?.sha256;
    return [...moved, ...(changed ? [of('content', 'as archived', 'merged or mended')] : [])];
  });
}
