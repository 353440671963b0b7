import type { PathKind } from '../bag/index-entry.ts';
import { isOwnArchive } from './own-archives.ts';
import { type DigestAlgorithm, localNames, type PackageFile, type PackageFiles } from './package-files.ts';
import type { PackageManager } from './package-manager.ts';
import type { DpkgOverrides, InstalledPackage } from './system-facts.ts';
import type { SystemFiles } from './system-files.ts';

/*
 * apk's database as it lies on disk: a text file with a line a field, a blank line after each package (apk-package(5),
 * apk-v2(5); `apk_db_fdb_read` in apk-tools' src/database.c). No apk program is needed.
 */

/** apk 3 can have a second database for packages of a merged /usr. */
const DATABASES = ['/lib/apk/db/installed', '/usr/lib/apk/db/installed'];

/** Alpine's and its kin's package manager. */
export const apk: PackageManager = {
  id: 'apk',
  paths: [...DATABASES.map(path => path.slice(1)), 'etc/apk', 'etc/busybox-paths.d', 'var/log/apk.log'],
  database: DATABASES,
  isPresent: files => DATABASES.some(path => files.has(path)),
  packages: readPackages,
  architecture: (files, packages) => files.lines('/etc/apk/arch')[0] ?? mostCommon(packages),
  overrides: files => noOverrides(worldOf(files).filter(word => /[=<>~]/.test(word))),
  extraRepositories: files =>
    ['/etc/apk/repositories', ...files.below('/etc/apk/repositories.d/')]
      .flatMap(path => files.lines(path))
      .map(line => line.trim())
      .filter(line => line !== '' && !line.startsWith('#') && !isOwnArchive(line)),
  installHistory: files => [...files.text('/var/log/apk.log').matchAll(/^Running `(.*)` at /gm)].map(each => each[1]!),
  shippedFiles: readFiles,
};

/**
 * Names of packages that were given as files: of these apk writes down the digest of the very file (apk-add(8)), `tool><Q1...`.
 */
function localOf(files: SystemFiles): ReadonlySet<string> {
  return new Set(worldOf(files).flatMap(word => (word.includes('><') ? [word.slice(0, word.indexOf('><'))] : [])));
}

/** Words of /etc/apk/world: what somebody asked for, perhaps with a version (`nginx=1.28.0-r3`, `nginx@edge`). */
function worldOf(files: SystemFiles): string[] {
  return files.text('/etc/apk/world').split(/\s+/).filter(Boolean);
}

function readPackages(files: SystemFiles): InstalledPackage[] {
  const chosen = new Set(worldOf(files).map(word => word.replace(/[=<>~@].*$/, '')));
  const local = localOf(files);
  return DATABASES.flatMap(path => [...parseApkDatabase(files.text(path))]).map(({ fields }) => ({
    name: fields.get('P') ?? '',
    version: fields.get('V') ?? '',
    architecture: fields.get('A') ?? '',
    source: fields.get('o') ?? fields.get('P') ?? '',
    manual: chosen.has(fields.get('P') ?? ''),
    status: 'installed',
    ...(local.has(fields.get('P') ?? '') ? { local: true } : {}),
    provides: namesOf(fields.get('p') ?? ''),
    conffiles: {}, // apk protects folders, it does not list files
  }));
}

/** Names without versions; commands and libraries (`cmd:sh=1`, `so:libc.so=1`) are no names of packages. */
function namesOf(words: string): string[] {
  return words
    .split(' ')
    .map(word => word.replace(/[=<>~].*$/, ''))
    .filter(word => word !== '' && !word.includes(':'));
}

function mostCommon(packages: InstalledPackage[]): string {
  const counts = new Map<string, number>();
  for (const { architecture } of packages)
    if (architecture !== 'noarch') counts.set(architecture, (counts.get(architecture) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? '';
}

function noOverrides(holds: string[]): DpkgOverrides {
  return { statoverrides: [], diversions: [], alternatives: [], holds };
}

/** One file or directory of a package. */
export interface ApkFile {
  path: string;
  directory: boolean;
  /** `uid:gid:mode[:digest of the extended attributes]`; '' for the usual. */
  attributes: string;
  /** `Q1` and base64 of a sha1, `Q2` of a sha256, or plain hex of an md5; of a link, of its target. */
  checksum: string;
}

export interface ApkPackage {
  /** Fields of one letter (`P` name, `V` version, `A` architecture, `o` origin, `t` build time, `f` flags, ...). */
  fields: Map<string, string>;
  files: ApkFile[];
}

/** Packages of an installed database, one after the other. */
export function* parseApkDatabase(text: string): Generator<ApkPackage> {
  for (const stanza of text.split('\n\n')) {
    const one: ApkPackage = { fields: new Map(), files: [] };
    let folder = '';
    let last: ApkFile | undefined;
    const add = (path: string, directory: boolean) => {
      last = { path, directory, attributes: '', checksum: '' };
      one.files.push(last);
    };
    for (const line of stanza.split('\n')) {
      const [field, value] = [line[0] ?? '', line.slice(2)];
      if (field === 'F') {
        folder = value === '' ? '' : `/${value}`;
        if (folder !== '') add(folder, true);
      } else if (field === 'R') add(`${folder}/${value}`, false);
      else if ((field === 'M' || field === 'a') && last) last.attributes = value;
      else if (field === 'Z' && last) last.checksum = value;
      else if (field !== '') one.fields.set(field, value);
    }
    if (one.fields.has('P')) yield one;
  }
}

/** Files below these are protected: an upgrade leaves the owner's (apk-protected_paths(5), src/database.c). */
const PROTECTED = /^\/etc\//;

function readFiles(
  files: SystemFiles,
  packages: InstalledPackage[],
  canonical: (path: string) => string,
): PackageFiles {
  const owned: PackageFiles = new Map();
  const local = localNames(packages);
  for (const database of DATABASES) {
    for (const one of parseApkDatabase(files.text(database))) {
      const truncated = one.fields.get('f')?.includes('S') ?? false;
      for (const each of one.files) {
        const path = canonical(each.path);
        const entry = packageFile(one, each, truncated);
        if (local.has(entry.package)) entry.local = true;
        // A folder belongs to whoever comes last in the database; its usual attributes are no statement.
        if (!each.directory || each.attributes !== '' || !owned.has(path)) owned.set(path, entry);
      }
    }
  }
  addBusyboxLinks(owned, files, canonical);
  return owned;
}

/** Busybox's trigger makes a link for each of its programs that no other package brings (Alpine's main/busybox/busybox.trigger). */
function addBusyboxLinks(owned: PackageFiles, files: SystemFiles, canonical: (path: string) => string): void {
  const link: PackageFile = {
    ...{ package: 'busybox', unpacked: '', kind: 'symlink', target: '/bin/busybox' },
    ...{ mode: 0o777, uid: 0, gid: 0 },
  };
  for (const list of files.below('/etc/busybox-paths.d/')) {
    for (const name of files.lines(list)) {
      const path = canonical(`/${name}`);
      if (!owned.has(path)) owned.set(path, link);
    }
  }
}

/**
 * The time of the build stands in for that of the unpacking: nothing in a package is younger, and whatever is in the file system was
 * written by somebody else.
 */
function packageFile({ fields }: ApkPackage, each: ApkFile, truncated: boolean): PackageFile {
  const [uid, gid, mode, attributes] = (each.attributes || (each.directory ? '0:0:755' : '0:0:644')).split(':');
  const permissions = Number.parseInt(mode ?? '', 8);
  const kind: PathKind | undefined = each.directory ? 'directory' : undefined; // a link's digest tells
  return {
    package: fields.get('P') ?? '',
    unpacked: fields.get('t') ?? '',
    ...(kind ? { kind } : {}),
    mode: permissions & 0o7777,
    uid: Number(uid),
    gid: Number(gid),
    ...(!each.directory && PROTECTED.test(each.path) ? { conffile: true } : {}),
    ...(attributes ? { extended: true } : {}),
    ...parseChecksum(each.checksum, truncated),
  };
}

/** Nothing for a checksum of a kind that is not known: what it is of then counts as edited. */
function parseChecksum(text: string, truncated: boolean): { digest?: string; algorithm?: DigestAlgorithm } {
  const hex = Buffer.from(text.slice(2), 'base64').toString('hex');
  if (text.startsWith('Q1') && hex.length === 40) return { digest: hex, algorithm: truncated ? 'sha256-160' : 'sha1' };
  if (text.startsWith('Q2') && hex.length === 64) return { digest: hex, algorithm: 'sha256' };
  return /^[0-9a-f]{32}$/.test(text) ? { digest: text, algorithm: 'md5' } : {};
}
