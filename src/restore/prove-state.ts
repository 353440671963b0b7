import type { IndexEntry } from '../bag/index-entry.ts';
import type { Probe } from '../classify/classify.ts';
import { probeFiles } from '../detect/probe.ts';
import type { WalkEntry } from '../detect/walk.ts';
import { printable } from '../system/byte-text.ts';
import type { Journal } from './journal.ts';
import type { NewSystem } from './new-system.ts';
import type { Placement } from './placement.ts';

/** One attribute of one path that is not as it was recorded. */
export interface StateDifference {
  path: string;
  attribute:
    | 'presence'
    | 'kind'
    | 'mode'
    | 'owner'
    | 'group'
    | 'size'
    | 'mtime'
    | 'content'
    | 'target'
    | 'xattrs'
    | 'acl';
  was: string;
  is: string;
}

/** Contents are read back up to this many bytes in all; attributes always. */
const READ_BACK = 2 * 1024 * 1024 * 1024;

/**
 * Reads back every path that was laid as it is and compares it with the index, attribute by attribute, before anything
 * is started: whatever did not arrive is reported, nothing is lost silently.
 */
export async function proveState(
  system: NewSystem,
  index: ReadonlyMap<string, IndexEntry>,
  placements: ReadonlyMap<string, Placement>,
  changed: ReadonlySet<string>,
  journal: Journal,
): Promise<StateDifference[]> {
  await system.lookAgain();
  const laid = [...placements].flatMap(([old, placement]) =>
    placement.action === 'lay' && !changed.has(placement.path) ? [{ entry: index.get(old)!, placement }] : [],
  );
  const probes = await readBack(
    system,
    laid.map(each => ({ path: each.placement.path, size: each.entry.size })),
  );
  const names = namesOf(system);
  const differences = laid.flatMap(({ entry, placement }) =>
    compareState(
      withTarget(entry, placement),
      placement.path,
      system.entries().get(placement.path),
      probes.get(placement.path),
      names,
    ),
  );
  const unread = laid.filter(each => !probes.has(each.placement.path)).length;
  report(differences, laid.length, unread, journal);
  return differences;
}

/** Names of ids; the first of two lines counts, as for the C library. */
export function namesOf(system: NewSystem): Names {
  return {
    user: new Map([...system.accounts.passwd].reverse().map(each => [each.uid, each.name])),
    group: new Map([...system.accounts.group].reverse().map(each => [each.gid, each.name])),
  };
}

function withTarget(entry: IndexEntry, placement: Placement): IndexEntry {
  return placement.action === 'lay' && placement.target !== undefined ? { ...entry, target: placement.target } : entry;
}

/** Reads contents and attributes of as many files as fit into READ_BACK. */
export async function readBack(
  system: NewSystem,
  files: { path: string; size: number }[],
): Promise<Map<string, Probe>> {
  let left = READ_BACK;
  const paths = files.filter(file => {
    if (file.size > left) return false;
    left -= file.size;
    return true;
  });
  return probeFiles(
    system.target,
    paths.map(file => file.path),
  );
}

interface Names {
  user: ReadonlyMap<number, string>;
  group: ReadonlyMap<number, string>;
}

/** Compares one path with its line of the index, pure. Owners are compared by name where they had one. */
export function compareState(
  entry: IndexEntry,
  path: string,
  now: WalkEntry | undefined,
  probe: Probe | undefined,
  names: Names,
): StateDifference[] {
  const differences: StateDifference[] = [];
  const expect = (attribute: StateDifference['attribute'], was: string, is: string) => {
    if (was !== is) differences.push({ path, attribute, was, is });
  };
  if (!now) return [{ path, attribute: 'presence', was: entry.kind, is: 'missing' }];
  expect('kind', entry.kind, now.kind);
  if (entry.kind !== 'symlink') expect('mode', bare(entry.mode), now.mode.toString(8));
  expect(
    'owner',
    entry.user || String(entry.uid),
    entry.user ? (names.user.get(now.uid) ?? String(now.uid)) : String(now.uid),
  );
  expect(
    'group',
    entry.group || String(entry.gid),
    entry.group ? (names.group.get(now.gid) ?? String(now.gid)) : String(now.gid),
  );
  if (entry.kind === 'file') expect('size', String(entry.size), String(now.size));
  if (entry.kind === 'symlink') expect('target', entry.target ?? '', now.target);
  expect('mtime', trimmed(entry.mtime), trimmed(now.mtime));
  if (probe) compareContent(entry, probe, expect);
  return differences;
}

function compareContent(
  entry: IndexEntry,
  probe: Probe,
  expect: (attribute: StateDifference['attribute'], was: string, is: string) => void,
): void {
  if (entry.kind === 'file' && entry.sha256 !== undefined) expect('content', entry.sha256, probe.sha256);
  if (entry.hardlink !== undefined) return; // attributes stand with the first name of the file
  const { was, is } = attributeChange(entry.xattrs ?? {}, probe.xattrs);
  expect('xattrs', was, is);
  expect(
    'acl',
    aclText(entry.aclAccess) + aclText(entry.aclDefault),
    aclText(probe.aclAccess) + aclText(probe.aclDefault),
  );
}

/** The kernel keeps entries by id (acl(5)), and an account may have got another one: names alone count. */
function aclText(acl = ''): string {
  return acl
    .split('\n')
    .filter(line => line !== '')
    .sort()
    .map(line => `${line}\n`)
    .join('');
}

/** Names of attributes that differ: values are bytes that tell a reader nothing. */
function attributeChange(then: Record<string, string>, now: Record<string, string>): { was: string; is: string } {
  const names = [...new Set([...Object.keys(then), ...Object.keys(now)])]
    .filter(name => then[name] !== now[name])
    .sort();
  const was = names.map(name => (then[name] === undefined ? `no ${name}` : name));
  const is = names.map(name => {
    if (now[name] === undefined) return `no ${name}`;
    return then[name] === undefined ? name : `another ${name}`;
  });
  return { was: was.join(' '), is: is.join(' ') };
}

function bare(mode: string): string {
  return mode.replace(/^0+(?=.)/, '');
}

function trimmed(time: string): string {
  return time.includes('.') ? time.replace(/\.?0*$/, '') : time;
}

function report(differences: StateDifference[], paths: number, unread: number, journal: Journal): void {
  if (differences.length === 0) {
    const contents = unread === 0 ? 'and content' : `and the content of all but ${unread}`;
    journal.done(
      'state',
      `${paths} paths read back: owner, mode, times, links, attributes ${contents} as recorded`,
      'proof before anything is started',
      'state/proof',
    );
    return;
  }
  const lines = differences
    .slice(0, 50)
    .map(each => `${printable(each.path)}: ${each.attribute}: ${printable(each.was)} != ${printable(each.is)}`);
  journal.look(
    'state',
    `${differences.length} attributes are not as recorded`,
    lines.slice(0, 5).join('; ') + whyNotSet(differences),
    'state/proof',
    lines.join('\n'),
  );
}

/** capabilities(7): attributes of the name space `security` need CAP_SYS_ADMIN, but for capabilities of files. */
function whyNotSet(differences: StateDifference[]): string {
  const isRefused = differences.some(
    each => each.attribute === 'xattrs' && /\bno security\.(?!capability)/.test(each.is),
  );
  return isRefused
    ? '; attributes of the name space "security" may only be set with CAP_SYS_ADMIN, which --allow-privileged gives where the old container had it'
    : '';
}
