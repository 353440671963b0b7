import type { IndexEntry } from '../bag/index-entry.ts';
import type { Decided } from '../detect/detect.ts';
import type { Accounts } from '../system/system-facts.ts';
import type { ArchivedMember, ArchivedMembers } from './archived-members.ts';

/**
 * The lines of files.ndjson: what was decided, joined with what tar wrote, in the order of `decided`. Each is made anew whenever the index
 * is iterated.
 * @param members of the payload, if there is one
 * @param isTimeless paths of which size and time would make a difference where there is none
 */
export function buildIndex(
  decided: Iterable<Decided>,
  members: Pick<ArchivedMembers, 'get'> | undefined,
  accounts: Accounts,
  resolves: (link: string, target: string) => boolean,
  isTimeless: (each: Decided) => boolean = () => false,
): Iterable<IndexEntry> {
  const users = new Map([...accounts.passwd].reverse().map(each => [each.uid, each.name]));
  const groups = new Map([...accounts.group].reverse().map(each => [each.gid, each.name]));
  return {
    *[Symbol.iterator]() {
      for (const each of decided) {
        const entry = indexEntry(each, members?.get(each.entry.path), users, groups, resolves);
        yield isTimeless(each) ? { ...entry, size: 0, mtime: '' } : entry;
      }
    },
  };
}

function indexEntry(
  each: Decided,
  member: ArchivedMember | undefined,
  users: Map<number, string>,
  groups: Map<number, string>,
  resolves: (link: string, target: string) => boolean,
): IndexEntry {
  const { entry, probe } = each;
  const attributes = member ?? probe;
  // Assigned one after the other, in the order in which they are written: this is done for each of a million paths, more than once.
  const line = {
    path: entry.path,
    kind: entry.kind,
    mode: entry.mode.toString(8).padStart(4, '0'),
    uid: entry.uid,
    gid: entry.gid,
    user: users.get(entry.uid) ?? '',
    group: groups.get(entry.gid) ?? '',
    // A log goes on being written between the walk and the reading: what is in the payload counts.
    size: member?.kind === 'file' ? member.size : entry.size,
    mtime: member?.kind === 'file' ? member.mtime : entry.mtime,
  } as IndexEntry;
  if (member?.sha256) line.sha256 = member.sha256;
  if (each.disposition === 'leave' && each.rule.startsWith('language/') && entry.kind === 'file' && probe)
    line.sha256 = probe.sha256;
  if (entry.kind === 'symlink') {
    line.target = entry.target;
    if (!resolves(entry.path, entry.target)) line.dangling = true;
  }
  if (member?.kind === 'hardlink') line.hardlink = `/${member.linkTarget.replace(/^\.?\/+/, '')}`;
  if (attributes && Object.keys(attributes.xattrs).length > 0) line.xattrs = attributes.xattrs;
  if (attributes?.aclAccess !== undefined) line.aclAccess = attributes.aclAccess;
  if (attributes?.aclDefault !== undefined) line.aclDefault = attributes.aclDefault;
  if (member?.secret) line.secret = member.secret;
  line.disposition = each.disposition;
  line.rule = each.rule;
  line.why = each.why;
  if (each.package) line.package = each.package;
  line.origin = each.origin;
  if (each.seenBy.length > 0) line.seenBy = each.seenBy;
  return line;
}
