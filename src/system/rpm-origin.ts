import { askSqlite } from './read-sqlite.ts';
import type { RpmHeader } from './rpm-header.ts';
import type { SystemFiles } from './system-files.ts';

/*
 * Where an rpm came from. rpm itself does not record it; dnf 4 has it in its history, dnf 5 in its system state, zypper in its log.
 */

const DNF4_HISTORY = '/var/lib/dnf/history.sqlite';
const DNF5_STATE = '/usr/lib/sysimage/libdnf5/nevras.toml';
const ZYPP_HISTORY = '/var/log/zypp/history';

/** Files that are read for it, absolute. */
export const ORIGIN_FILES = [DNF4_HISTORY, `${DNF4_HISTORY}-wal`, DNF5_STATE, ZYPP_HISTORY];

/** What the programs call the origin of a package that was given as a file. */
const FROM_FILE = new Set(['@commandline', '_tmpRPMcache_']);

/** Tags of signatures: DSA, RSA, those of both over header and content, OpenPGP (include/rpm/rpmtag.h). */
const SIGNATURES = ['dsaHeader', 'rsaHeader', 'sigGpg', 'sigPgp', 'openPgp'] as const;

/**
 * A test whether a package came from no repository, so that it cannot be had again. What installed it says so; where nothing does, a package
 * without a signature is taken for one: distributions and those who publish repositories sign theirs.
 */
export function cameFromFile(files: SystemFiles): (header: RpmHeader) => boolean {
  const repositories = new Map([...ofDnf4(files), ...ofDnf5(files), ...ofZypp(files)]);
  return header => {
    const repository = repositories.get(nevra(header));
    if (repository) return FROM_FILE.has(repository);
    return !SIGNATURES.some(tag => header.has(tag));
  };
}

/** Name, epoch unless it is 0, version, release, architecture: `vim-2:9.1-1.fc43.x86_64`. */
function nevra(header: RpmHeader): string {
  const epoch = header.number('epoch') ?? 0;
  return nameOf(header.text('name'), epoch, `${header.text('version')}-${header.text('release')}`, header.text('arch'));
}

function nameOf(name: string, epoch: number, version: string, architecture: string): string {
  return `${name}-${epoch === 0 ? '' : `${epoch}:`}${version}.${architecture}`;
}

/** Tables as of dnf 4.14; the last transaction of a package counts. */
const DNF4_QUESTION = `SELECT r.name, r.epoch, r.version, r.release, r.arch, p.repoid FROM trans_item t
  JOIN rpm r ON r.item_id = t.item_id JOIN repo p ON p.id = t.repo_id ORDER BY t.id`;

function ofDnf4(files: SystemFiles): [string, string][] {
  if (!files.has(DNF4_HISTORY)) return [];
  try {
    return askSqlite(files.bytes(DNF4_HISTORY), files.bytes(`${DNF4_HISTORY}-wal`), DNF4_QUESTION).map(row => [
      nameOf(String(row.name), Number(row.epoch), `${row.version}-${row.release}`, String(row.arch)),
      String(row.repoid),
    ]);
  } catch {
    return []; // a history of another format says nothing: signatures decide
  }
}

/** TOML with a table of each package, in a line or in two: `"a-1-1.noarch" = {from_repo="x"}`, `[nevras."a-1-1.noarch"]`. */
const DNF5_PACKAGE = /"([^"\n]+)"(?:\s*=\s*\{\s*|\]\s*\n\s*)from_repo\s*=\s*"([^"\n]*)"/g;

function ofDnf5(files: SystemFiles): [string, string][] {
  return [...files.text(DNF5_STATE).matchAll(DNF5_PACKAGE)].map(match => [match[1]!, match[2]!]);
}

/** `date|install|name|version-release|arch|who|repository|checksum|` (libzypp, zypp/HistoryLog). */
function ofZypp(files: SystemFiles): [string, string][] {
  return files
    .lines(ZYPP_HISTORY)
    .map(line => line.split('|'))
    .filter(fields => fields[1] === 'install' && fields.length > 6)
    .map(fields => [`${fields[2]}-${fields[3]}.${fields[4]}`, fields[6]!]);
}
