import type { IndexEntry } from '../bag/index-entry.ts';
import type { PayloadMember } from '../bag/write-bag.ts';
import type { Decided } from '../detect/detect.ts';
import { extendedAttributes } from '../detect/probe.ts';
import type { Accounts } from '../system/system-facts.ts';

/**
 * The lines of files.ndjson: what was decided, joined with what tar wrote.
 * @param isTimeless paths of which size and time would make a difference where there is none
 */
export function buildIndex(
  decided: Decided[],
  members: PayloadMember[],
  accounts: Accounts,
  resolves: (link: string, target: string) => boolean,
  isTimeless: (each: Decided) => boolean = () => false,
): IndexEntry[] {
  const written = new Map(members.map(member => [`/${member.header.path}`, member]));
  const users = new Map([...accounts.passwd].reverse().map(each => [each.uid, each.name]));
  const groups = new Map([...accounts.group].reverse().map(each => [each.gid, each.name]));
  return decided.map(each => {
    const entry = indexEntry(each, written.get(each.entry.path), users, groups, resolves);
    return isTimeless(each) ? { ...entry, size: 0, mtime: '' } : entry;
  });
}

function indexEntry(
  each: Decided,
  member: PayloadMember | undefined,
  users: Map<number, string>,
  groups: Map<number, string>,
  resolves: (link: string, target: string) => boolean,
): IndexEntry {
  const { entry, probe } = each;
  const attributes = member ? extendedAttributes(member.header) : probe;
  return {
    path: entry.path,
    kind: entry.kind,
    mode: entry.mode.toString(8).padStart(4, '0'),
    uid: entry.uid,
    gid: entry.gid,
    user: users.get(entry.uid) ?? '',
    group: groups.get(entry.gid) ?? '',
    // A log goes on being written between the walk and the reading: what is in the payload counts.
    size: member?.header.kind === 'file' ? member.header.size : entry.size,
    mtime: member?.header.kind === 'file' ? member.header.mtime : entry.mtime,
    ...(member?.sha256 ? { sha256: member.sha256 } : {}),
    ...(each.rule === 'language/pip' && entry.kind === 'file' && probe ? { sha256: probe.sha256 } : {}),
    ...(entry.kind === 'symlink' ? { target: entry.target } : {}),
    ...(entry.kind === 'symlink' && !resolves(entry.path, entry.target) ? { dangling: true as const } : {}),
    ...(member?.header.kind === 'hardlink' ? { hardlink: `/${member.header.linkTarget.replace(/^\.?\/+/, '')}` } : {}),
    ...(attributes && Object.keys(attributes.xattrs).length > 0 ? { xattrs: attributes.xattrs } : {}),
    ...(attributes?.aclAccess === undefined ? {} : { aclAccess: attributes.aclAccess }),
    ...(attributes?.aclDefault === undefined ? {} : { aclDefault: attributes.aclDefault }),
    disposition: each.disposition,
    rule: each.rule,
    why: each.why,
    ...(each.package ? { package: each.package } : {}),
    origin: each.origin,
    ...(each.seenBy.length > 0 ? { seenBy: each.seenBy } : {}),
  };
}
