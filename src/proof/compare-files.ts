import type { IndexEntry } from '../bag/index-entry.ts';
import { isCarried } from '../bag/unpacked.ts';
import type { NewSystem } from '../restore/new-system.ts';
import { compareState, namesOf, readBack, type StateDifference } from '../restore/prove-state.ts';
import { compareUnowned } from './compare-unowned.ts';
import type { Finding, StateProof } from './finding.ts';
import type { PathRecord, RecordedPath } from './path-record.ts';
import { readDefaults } from './read-defaults.ts';

/**
 * What people and their administrators put among what programs write (FHS 3.0, 5.11 and 5.14): crontabs, and mailboxes. Programs change
 * a mailbox, they do not take it away.
 */
const CRONTAB = /^\/var\/spool\/cron\/(crontabs|tabs)?\/?[^/]+$/;
const MAILBOX = /^\/var\/(spool\/)?mail\/[^/]+$/;

/** Where programs keep what they write while they run. */
const OWN_PLACES = /^\/(var\/(lib|cache|log|spool|mail|backups|tmp|lock|run)|run|tmp)\//;
/** Places and names that come and go while a service runs. */
const PASSING = /^\/(var\/(cache|log|spool|mail|tmp|lock|run)|run|tmp)\/|(\.pid|\.lock|\.sock|[.-](wal|shm|journal))$/;

/**
 * Holds the files of a living container against a bag: presence, kind, mode, owner, link target, attributes, ACLs, content.
 * A service that runs writes: another content of what it writes itself is explained, a lost file or another owner is not.
 * @param record what the restore left in the container; without it every path is expected to be as the bag has it
 * @param writers accounts that the service's programs run as
 */
export async function compareFiles(
  system: NewSystem,
  index: ReadonlyMap<string, IndexEntry>,
  record: PathRecord | undefined,
  writers: ReadonlySet<string>,
): Promise<StateProof> {
  const recorded = new Map((record?.paths ?? []).map(each => [each.path, each]));
  const expected = [...index.values()].flatMap(entry => expectationOf(entry, recorded.get(entry.path), system));
  const read = expected.filter(({ entry, path }) => isCarried(entry) && system.has(path));
  const probes = await readBack(
    system,
    read.map(({ entry, path }) => ({ path, size: entry.size })),
  );
  const names = namesOf(system);
  const findings = expected.flatMap(({ entry, path }) => {
    const now = system.entries().get(path);
    if (entry.disposition === 'delete') return now ? [deletedIsThere(path)] : [];
    const probe = isCarried(entry) ? probes.get(path) : undefined;
    const differences = compareState(entry, path, now, probe, names);
    if (entry.disposition === 'attributes' && system.leavesOut(path)) return differences.map(leftOut);
    return differences.flatMap(each => judge(each, entry, writers));
  });
  const shipped = await compareDefaults(system, index, record);
  const told = new Set(findings.map(each => each.subject));
  const came = record?.unowned ? await compareUnowned(system, record.unowned, writers) : [];
  return {
    compared: { file: expected.length + shipped.compared },
    findings: [...findings, ...shipped.findings, ...came.filter(each => !told.has(each.subject))],
  };
}

/**
 * Configuration files that the owner never touched are as today's packages ship them, or as the restore left them: an edit since
 * then is no file of the bag, and yet it makes another service of it.
 */
async function compareDefaults(
  system: NewSystem,
  index: ReadonlyMap<string, IndexEntry>,
  record: PathRecord | undefined,
): Promise<{ compared: number; findings: Finding[] }> {
  if (!record?.defaults) return { compared: 0, findings: [] }; // nobody noted what scripts of packages had changed by then
  const places = new Map(record.paths.map(each => [each.path, each.now]));
  // What a package had as shipped then (also one that was installed during operation) is no file of the owner's.
  const owners = [...index.values()].filter(each => !['package/as-shipped', 'package/unchanged'].includes(each.rule));
  const known = new Set(owners.map(({ path }) => places.get(path) ?? (places.has(path) ? '' : system.canonical(path))));
  const left = new Map(record.defaults.map(each => [each.path, each.sha256]));
  const defaults = await readDefaults(system);
  const own = defaults.filter(({ path }) => !known.has(path));
  const differing = own.filter(({ path, isShipped, sha256 }) => {
    const then = left.get(path);
    return then === undefined ? !isShipped : then !== sha256;
  });
  const why = 'the owner had it as its package ships it; it was edited since';
  const of = {
    area: 'file',
    attribute: 'content',
    was: 'as shipped',
    verdict: 'differs',
    rule: 'package/edited-since',
  } as const;
  return {
    compared: own.length,
    findings: differing.map(({ path, sha256 }) => ({ ...of, subject: path, is: shown('content', sha256), why })),
  };
}

function expectationOf(
  entry: IndexEntry,
  recorded: RecordedPath | undefined,
  system: NewSystem,
): { entry: IndexEntry; path: string }[] {
  if (!isCarried(entry) && entry.disposition !== 'delete' && entry.disposition !== 'attributes') return [];
  if (recorded?.now === null || (recorded && entry.disposition === 'delete')) return [];
  const path = recorded?.now ?? system.canonical(entry.path);
  if (!recorded) return [{ entry, path }];
  const { sha256, target, kind } = recorded;
  const changed = { ...(sha256 && { sha256 }), ...(target && { target }), ...(kind && { kind }) };
  return [{ entry: { ...entry, ...changed }, path }];
}

function deletedIsThere(path: string): Finding {
  const why = 'its owner had removed it before the end';
  return {
    area: 'file',
    subject: path,
    attribute: 'presence',
    was: 'deleted',
    is: 'there',
    verdict: 'differs',
    why,
    rule: 'owner/deleted',
  };
}

/** A packaged file that had attributes of its own, on a slim base. */
function leftOut({ path, attribute, was, is }: StateDifference): Finding {
  const why = 'dpkg of this base was told to leave it out';
  return { area: 'file', subject: path, attribute, was, is, verdict: 'explained', why, rule: 'package/attributes' };
}

/** What a difference of a living system means. Times and sizes say nothing that the content does not say. */
export function judge(
  { path, attribute, was, is }: StateDifference,
  entry: IndexEntry,
  writers: ReadonlySet<string>,
): Finding[] {
  if (attribute === 'mtime' || attribute === 'size') return [];
  if (entry.disposition === 'attributes' && !['presence', 'kind', 'mode', 'owner', 'group'].includes(attribute))
    return [];
  const of = (verdict: Finding['verdict'], why: string): Finding[] => [
    {
      area: 'file',
      subject: path,
      attribute,
      was: shown(attribute, was),
      is: shown(attribute, is),
      verdict,
      why,
      rule: 'state/proof',
    },
  ];
  const owners = CRONTAB.test(entry.path);
  if (attribute === 'presence' && PASSING.test(path) && !owners && !MAILBOX.test(entry.path))
    return of('explained', 'what a service writes there comes and goes');
  const written = (OWN_PLACES.test(path) && !owners) || (writers.has(entry.user) && !path.startsWith('/etc/'));
  if (attribute === 'content' && written) return of('explained', 'the service that runs writes it');
  return of('differs', `not as in the archive (${entry.rule})`);
}

function shown(attribute: string, value: string): string {
  return attribute === 'content' ? `sha256 ${value.slice(0, 12)}…` : value;
}
