import { parseAccounts } from './accounts.ts';
import { parseStanzas } from './deb822.ts';
import { DPKG_PATHS, parseDpkgStatus, readDpkgFiles, readDpkgOverrides } from './dpkg.ts';
import { parseOsRelease } from './os-release.ts';
import type { PackageFiles } from './package-files.ts';
import type { Accounts, InstalledPackage, SystemFacts } from './system-facts.ts';
import { readSystemFiles, type SystemFiles } from './system-files.ts';
import type { Target } from './target.ts';

const ACCOUNT_FILES = ['passwd', 'group', 'shadow', 'gshadow', 'subuid', 'subgid'] as const;

/** Everything of a system that is read as files, apart from the walk. */
export interface SystemReading {
  files: SystemFiles;
  facts: SystemFacts;
  accounts: Accounts;
}

/** Paths below the root that `readSystem` reads. */
export const SYSTEM_PATHS = [
  'etc/os-release',
  'usr/lib/os-release',
  ...ACCOUNT_FILES.map(name => `etc/${name}`),
  'etc/apt/sources.list',
  'etc/apt/sources.list.d',
  'var/log/apt/history.log',
  ...DPKG_PATHS,
];

/** Reads package database, accounts and release of a target in one go; nothing but tar runs in it. */
export async function readSystem(target: Target): Promise<SystemReading> {
  return systemReading(await readSystemFiles(target, SYSTEM_PATHS));
}

/** What the files of SYSTEM_PATHS tell. Pure. */
export function systemReading(files: SystemFiles): SystemReading {
  return { files, facts: systemFacts(files), accounts: readAccounts(files) };
}

/** Account databases of files already read. */
export function readAccounts(files: SystemFiles): Accounts {
  const bytes = Object.fromEntries(
    ACCOUNT_FILES.filter(name => files.has(`/etc/${name}`)).map(name => [name, files.bytes(`/etc/${name}`)]),
  );
  return parseAccounts(bytes);
}

function systemFacts(files: SystemFiles): SystemFacts {
  const release = files.has('/usr/lib/os-release') ? '/usr/lib/os-release' : '/etc/os-release';
  const packages = files.has('/var/lib/dpkg/status')
    ? parseDpkgStatus(files.text('/var/lib/dpkg/status'), files.text('/var/lib/apt/extended_states'))
    : [];
  return {
    os: parseOsRelease(files.text(release)),
    architecture: packages.find(each => each.name === 'dpkg')?.architecture ?? '',
    packageManager: packages.length > 0 ? 'dpkg' : 'none',
    packages,
    overrides: readDpkgOverrides(files, packages),
    extraRepositories: extraRepositories(files),
    installHistory: installHistory(files.text('/var/log/apt/history.log')),
    removed: [],
  };
}

/** Which package ships which path. @param canonical see canonicalPaths */
export function packageFiles(
  files: SystemFiles,
  packages: InstalledPackage[],
  canonical: (path: string) => string,
): PackageFiles {
  return readDpkgFiles(files, packages, canonical);
}

/** Hosts of the distribution's own archive; whatever else is configured has to be carried or reported. */
const OWN_ARCHIVE = /\b(deb|security|ftp[.\w]*|archive|ports|snapshot|old-releases)\.(debian|ubuntu)\.(org|com)\b/;

function extraRepositories(files: SystemFiles): string[] {
  const lists = ['/etc/apt/sources.list', ...files.below('/etc/apt/sources.list.d/')];
  return lists.flatMap(path =>
    path.endsWith('.sources') ? deb822Sources(files.text(path)) : oneLineSources(files.lines(path)),
  );
}

function oneLineSources(lines: string[]): string[] {
  return lines.map(line => line.trim()).filter(line => /^deb(-src)?\s/.test(line) && !OWN_ARCHIVE.test(line));
}

function deb822Sources(text: string): string[] {
  return [...parseStanzas(text)]
    .filter(stanza => stanza.get('enabled') !== 'no' && !OWN_ARCHIVE.test(stanza.get('uris') ?? ''))
    .map(stanza => `deb ${stanza.get('uris')} ${stanza.get('suites')} ${stanza.get('components') ?? ''}`.trim());
}

/** `Commandline:` lines of apt's history (apt writes them from 0.8 on). */
function installHistory(text: string): string[] {
  return [...text.matchAll(/^Commandline: (.*)$/gm)].map(match => match[1]!);
}
