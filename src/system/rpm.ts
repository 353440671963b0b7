import type { PathKind } from '../bag/index-entry.ts';
import { parseAlternative } from './dpkg.ts';
import { capabilityAttribute } from './file-capabilities.ts';
import { isOwnArchive } from './own-archives.ts';
import { type DigestAlgorithm, localNames, type PackageFile, type PackageFiles } from './package-files.ts';
import type { PackageManager } from './package-manager.ts';
import { RPM_DATABASE, rpmHeaders } from './rpm-database.ts';
import type { RpmHeader } from './rpm-header.ts';
import { cameFromFile, ORIGIN_FILES } from './rpm-origin.ts';
import type { DpkgOverrides, InstalledPackage } from './system-facts.ts';
import type { SystemFiles } from './system-files.ts';

const REPOSITORY_FOLDERS = ['/etc/yum.repos.d/', '/etc/dnf/repos.override.d/', '/etc/zypp/repos.d/'];

/** rpm, with the repositories and logs of dnf, yum and zypper. */
export const rpm: PackageManager = {
  id: 'rpm',
  paths: [
    ...RPM_DATABASE.map(path => path.slice(1)),
    'etc/passwd',
    'etc/group',
    'var/lib/alternatives',
    'var/log/dnf.log',
    ...ORIGIN_FILES.map(path => path.slice(1)),
    ...REPOSITORY_FOLDERS.map(path => path.slice(1, -1)),
  ],
  database: [...RPM_DATABASE, '/etc/passwd', '/etc/group'], // owners are recorded by name
  isPresent: files => RPM_DATABASE.some(path => files.has(path)),
  packages: readPackages,
  architecture: (_, packages) =>
    packages.find(each => /^(glibc|filesystem|musl|rpm)$/.test(each.name) && each.architecture !== 'noarch')
      ?.architecture ??
    packages.find(each => each.architecture !== 'noarch')?.architecture ??
    '',
  overrides: readOverrides,
  extraRepositories: files => [...repositories(files), ...keys(files)],
  installHistory: files =>
    [...files.text('/var/log/dnf.log').matchAll(/ Command: (.*)$/gm)].map(match => match[1]!.trim()),
  shippedFiles: readFiles,
};

/** Keys of repositories are in the database as packages of this name. */
const KEY = 'gpg-pubkey';

function installedHeaders(files: SystemFiles): RpmHeader[] {
  return rpmHeaders(files).filter(header => header.text('name') !== KEY);
}

function readPackages(files: SystemFiles): InstalledPackage[] {
  const headers = installedHeaders(files);
  const needed = new Set(
    headers.flatMap(header => {
      const own = new Set(header.texts('provides'));
      return header.texts('requires').filter(each => !own.has(each));
    }),
  );
  const isLocal = cameFromFile(files);
  return headers.map(header => {
    const name = header.text('name');
    const provides = [...new Set(header.texts('provides'))];
    return {
      name,
      version: versionOf(header),
      architecture: header.text('arch'),
      source: header.text('sourceRpm').replace(/-[^-]*-[^-]*$/, '') || name,
      // rpm itself does not know: what no other package asks for was asked for by somebody.
      manual: ![name, ...provides].some(each => needed.has(each)),
      status: 'installed',
      ...(isLocal(header) ? { local: true } : {}),
      provides: provides.filter(each => each !== name && /^[\w.+-]+$/.test(each)),
      conffiles: Object.fromEntries(
        shipped(header, new Map(), new Map()).flatMap(({ path, entry }) =>
          entry.conffile ? [[path, entry.digest ?? '']] : [],
        ),
      ),
    };
  });
}

/** `epoch:version-release`, as rpm compares them. */
function versionOf(header: RpmHeader): string {
  const epoch = header.number('epoch');
  return `${epoch === undefined ? '' : `${epoch}:`}${header.text('version')}-${header.text('release')}`;
}

function readOverrides(files: SystemFiles): DpkgOverrides {
  return {
    statoverrides: [],
    diversions: [],
    // As dpkg's but for priorities, which may be `@family@10 service`.
    alternatives: files
      .below('/var/lib/alternatives/')
      .map(path => parseAlternative(path, files.text(path).replace(/^(?:@[^@\n]*@)?(\d+)(?: .*)?$/gm, '$1'))),
    holds: [],
  };
}

/** Enabled sections of *.repo files that are not the distribution's own. */
function repositories(files: SystemFiles): string[] {
  const lists = REPOSITORY_FOLDERS.flatMap(folder => files.below(folder)).filter(path => path.endsWith('.repo'));
  return lists.flatMap(path =>
    files
      .text(path)
      .split(/^(?=\[)/m)
      .filter(section => section.startsWith('[') && !/^enabled\s*=\s*0/m.test(section))
      .flatMap(section => {
        const address = /^(?:baseurl|mirrorlist|metalink)\s*=\s*(\S+)/m.exec(section)?.[1];
        return address && !isOwnArchive(address) ? [`${section.slice(1, section.indexOf(']'))} ${address}`] : [];
      }),
  );
}

function keys(files: SystemFiles): string[] {
  return rpmHeaders(files)
    .filter(header => header.text('name') === KEY)
    .map(header => `key ${KEY}-${versionOf(header)} ${header.text('summary')}`);
}

function readFiles(
  files: SystemFiles,
  packages: InstalledPackage[],
  canonical: (path: string) => string,
): PackageFiles {
  const owned: PackageFiles = new Map();
  const local = localNames(packages);
  const ids = (path: string) =>
    new Map(
      files
        .lines(path)
        .map(line => line.split(':'))
        .map(fields => [fields[0]!, Number(fields[2])] as const)
        .reverse(),
    );
  const [users, groups] = [ids('/etc/passwd'), ids('/etc/group')];
  for (const header of installedHeaders(files))
    for (const { path, entry } of shipped(header, users, groups))
      owned.set(canonical(path), local.has(entry.package) ? { ...entry, local: true } : entry);
  return owned;
}

/** Bits of FILEFLAGS (include/rpm/rpmfiles.h). */
const CONFIG = 1;
const GHOST = 64;
/** FILESTATES: installed as it is in the package; others were replaced, or left out (documentation, other languages). */
const NORMAL = 0;

/** FILEDIGESTALGO: numbers of OpenPGP hash algorithms (RFC 4880, 9.4). md5 when the tag is missing. */
const ALGORITHMS: Record<number, DigestAlgorithm> = {
  1: 'md5',
  2: 'sha1',
  8: 'sha256',
  9: 'sha384',
  10: 'sha512',
  11: 'sha224',
};

/**
 * What a package really put into the file system. `%ghost` files are only names: what is in them belongs to whoever wrote it.
 */
function shipped(
  header: RpmHeader,
  users: ReadonlyMap<string, number>,
  groups: ReadonlyMap<string, number>,
): { path: string; entry: PackageFile }[] {
  const [modes, flags, states] = [
    header.numbers('fileModes'),
    header.numbers('fileFlags'),
    header.numbers('fileStates'),
  ];
  const [digests, targets, caps] = [header.texts('fileDigests'), header.texts('fileLinkTos'), header.texts('fileCaps')];
  const [owners, ownerGroups] = [header.texts('fileUserNames'), header.texts('fileGroupNames')];
  const algorithm = ALGORITHMS[header.number('fileDigestAlgo') ?? 1];
  const name = header.text('name');
  const unpacked = String(header.number('installTime') ?? '');
  return header.paths().flatMap((path, n) => {
    const flag = flags[n] ?? 0;
    if ((flag & GHOST) !== 0 || (states[n] ?? NORMAL) !== NORMAL) return [];
    const entry: PackageFile = {
      package: name,
      unpacked,
      kind: kindOf(modes[n] ?? 0),
      mode: (modes[n] ?? 0) & 0o7777,
      uid: users.get(owners[n] ?? '') ?? (owners[n] === 'root' ? 0 : -1),
      gid: groups.get(ownerGroups[n] ?? '') ?? (ownerGroups[n] === 'root' ? 0 : -1),
    };
    if ((flag & CONFIG) !== 0) entry.conffile = true;
    if (digests[n] && algorithm) Object.assign(entry, { digest: digests[n], algorithm });
    if (targets[n]) entry.target = targets[n];
    if (caps[n]) addCapability(entry, caps[n]);
    return [{ path, entry }];
  });
}

/** An attribute that cannot be computed is only known to be there. */
function addCapability(entry: PackageFile, text: string): void {
  const attribute = capabilityAttribute(text);
  if (attribute !== undefined) entry.capability = attribute;
  else if (!/^\s*=?\s*$/.test(text)) entry.extended = true;
}

/** File type bits of st_mode (inode(7)). */
function kindOf(mode: number): PathKind {
  const kinds: Record<number, PathKind> = {
    1: 'fifo',
    2: 'char',
    4: 'directory',
    6: 'block',
    10: 'symlink',
    12: 'socket',
  };
  return kinds[mode >> 12] ?? 'file';
}
