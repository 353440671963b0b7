import { parseStanzas, relationNames } from './deb822.ts';
import { DPKG_OPTIONS } from './dpkg-filters.ts';
import { isOwnArchive } from './own-archives.ts';
import type { PackageFile, PackageFiles } from './package-files.ts';
import type { PackageManager } from './package-manager.ts';
import type { AlternativeChoice, DpkgOverrides, InstalledPackage } from './system-facts.ts';
import type { SystemFiles } from './system-files.ts';

/* dpkg's database as it lies on disk (dpkg(1), deb-conffiles(5), update-alternatives(1)); no dpkg program is needed. */

const INFO = '/var/lib/dpkg/info/';

/** dpkg, with apt's and ucf's records. */
export const dpkg: PackageManager = {
  id: 'dpkg',
  paths: [
    'var/lib/dpkg/status',
    'var/lib/dpkg/status.d',
    'var/lib/dpkg/diversions',
    'var/lib/dpkg/statoverride',
    'var/lib/dpkg/alternatives',
    'var/lib/dpkg/info',
    'var/lib/apt/extended_states',
    'var/lib/ucf/hashfile',
    'var/lib/ucf/registry',
    'etc/apt/sources.list',
    'etc/apt/sources.list.d',
    ...DPKG_OPTIONS,
    'var/log/apt/history.log',
  ],
  database: ['/var/lib/dpkg/status', '/var/lib/dpkg/diversions', '/var/lib/ucf/hashfile', '/var/lib/ucf/registry'],
  isPresent: files => files.has('/var/lib/dpkg/status'),
  packages: files => parseDpkgStatus(files.text('/var/lib/dpkg/status'), files.text('/var/lib/apt/extended_states')),
  architecture: (_, packages) => packages.find(each => each.name === 'dpkg')?.architecture ?? '',
  overrides: readDpkgOverrides,
  extraRepositories,
  installHistory: files => aptCommands(files.text('/var/log/apt/history.log')),
  shippedFiles: readDpkgFiles,
};

/** Installed packages, and removed ones whose configuration files are still there. */
export function parseDpkgStatus(status: string, extendedStates: string): InstalledPackage[] {
  const automatic = automaticPackages(extendedStates);
  const packages: InstalledPackage[] = [];
  for (const stanza of parseStanzas(status)) {
    const [want, , state] = (stanza.get('status') ?? '').split(' ');
    if (!state || state === 'not-installed') continue;
    const name = stanza.get('package') ?? '';
    packages.push({
      name,
      version: stanza.get('version') ?? stanza.get('config-version') ?? '',
      architecture: stanza.get('architecture') ?? '',
      source: (stanza.get('source') ?? name).replace(/ \(.*$/, ''),
      // Tools that make base images mark everything as chosen; nobody chooses a library by itself.
      manual: !automatic.has(name) && !isLibrary(name, stanza.get('section') ?? ''),
      status: statusOf(want ?? '', state),
      provides: relationNames(stanza.get('provides')),
      ...(/^(required|important)$/.test(stanza.get('priority') ?? '') ? { priority: stanza.get('priority')! } : {}),
      conffiles: parseConffiles(stanza.get('conffiles') ?? ''),
    });
  }
  return packages;
}

/** Section oldlibs holds old libraries, and transitional packages of every kind, which people do choose. */
function isLibrary(name: string, section: string): boolean {
  return /(^|\/)libs$/.test(section) || (/(^|\/)oldlibs$/.test(section) && name.startsWith('lib'));
}

function statusOf(want: string, state: string): InstalledPackage['status'] {
  if (state === 'config-files') return 'config-files';
  if (state !== 'installed') return 'half-installed';
  return want === 'hold' ? 'hold' : 'installed';
}

function automaticPackages(extendedStates: string): Set<string> {
  const names = new Set<string>();
  for (const stanza of parseStanzas(extendedStates)) {
    if (stanza.get('auto-installed') === '1') names.add(stanza.get('package') ?? '');
  }
  return names;
}

/** Configuration files that are no longer part of their package, or are to be removed with the next version. */
function obsoleteConffiles(status: string): string[] {
  return [...status.matchAll(/^ (\/.*) [0-9a-z]+ (?:obsolete|remove-on-upgrade)/gm)].map(match => match[1]!);
}

/** ` /etc/x 0123abcd [obsolete|remove-on-upgrade]` lines; names may hold blanks. */
function parseConffiles(field: string): Record<string, string> {
  const files: Record<string, string> = {};
  for (const line of field.split('\n')) {
    const match = /^(\/.*) ([0-9a-f]{32}|newconffile)(?: (?:obsolete|remove-on-upgrade))*$/.exec(line.trim());
    if (match) files[match[1]!] = match[2] === 'newconffile' ? '' : match[2]!;
  }
  return files;
}

/** Diversions, statoverrides, alternatives and holds: dpkg's own overrides, to be replayed as commands. */
export function readDpkgOverrides(files: SystemFiles, packages: InstalledPackage[]): DpkgOverrides {
  return {
    statoverrides: files
      .lines('/var/lib/dpkg/statoverride')
      .map(line => /^(\S+) (\S+) (\S+) (.+)$/.exec(line))
      .filter(match => match !== null)
      .map(([, user, group, mode, path]) => ({ user: user!, group: group!, mode: mode!, path: path! })),
    diversions: parseDiversions(files.lines('/var/lib/dpkg/diversions')),
    alternatives: files.below('/var/lib/dpkg/alternatives/').map(path => parseAlternative(path, files.text(path))),
    holds: packages.filter(each => each.status === 'hold').map(each => each.name),
  };
}

/** Three lines each: path, where it went, the diverting package (`:` for the administrator). */
export function parseDiversions(lines: string[]): DpkgOverrides['diversions'] {
  const diversions: DpkgOverrides['diversions'] = [];
  for (let at = 0; at + 2 < lines.length + 0; at += 3) {
    diversions.push({ path: lines[at]!, divertedTo: lines[at + 1]!, package: lines[at + 2]! });
  }
  return diversions;
}

/** One file of /var/lib/dpkg/alternatives: status, link, slave pairs, an empty line, then the choices. */
export function parseAlternative(file: string, text: string): DpkgOverrides['alternatives'][number] {
  const lines = text.split('\n');
  const slaves: { name: string; link: string }[] = [];
  let at = 2;
  for (; lines[at]; at += 2) slaves.push({ name: lines[at]!, link: lines[at + 1] ?? '' });
  const choices: AlternativeChoice[] = [];
  for (at++; lines[at]; at += 2 + slaves.length) {
    choices.push({
      path: lines[at]!,
      priority: Number(lines[at + 1]),
      slaves: slaves.map((slave, n) => ({ ...slave, path: lines[at + 2 + n] ?? '' })).filter(slave => slave.path),
    });
  }
  const name = file.slice(file.lastIndexOf('/') + 1);
  return { name, link: lines[1] ?? '', mode: lines[0] === 'manual' ? 'manual' : 'auto', value: '', choices };
}

/**
 * Which package ships which path, with the digests that it recorded (md5sums, Conffiles; ucf's for files that it manages).
 * @param canonical maps a path as listed (`/bin/sh`) to where it really is (`/usr/bin/sh`)
 */
export function readDpkgFiles(
  files: SystemFiles,
  packages: InstalledPackage[],
  canonical: (path: string) => string,
): PackageFiles {
  const owned: PackageFiles = new Map();
  const diverted = diversionMap(parseDiversions(files.lines('/var/lib/dpkg/diversions')));
  for (const each of packages) {
    if (each.status === 'config-files') continue;
    addPackage(owned, each, files, path => canonical(diverted(path, each.name)));
  }
  for (const path of obsoleteConffiles(files.text('/var/lib/dpkg/status'))) {
    const entry = owned.get(canonical(path));
    if (entry) entry.obsolete = true;
  }
  addUcf(owned, files.lines('/var/lib/ucf/registry'), files.lines('/var/lib/ucf/hashfile'));
  return owned;
}

function addPackage(
  owned: PackageFiles,
  each: InstalledPackage,
  files: SystemFiles,
  place: (path: string) => string,
): void {
  const stem = [`${INFO}${each.name}:${each.architecture}`, INFO + each.name].find(name => files.has(`${name}.list`));
  if (!stem) return;
  const list = `${stem}.list`;
  const unpacked = files.mtime(list);
  for (const path of files.lines(list)) {
    if (path === '/.') continue;
    const place_ = place(path);
    if (!owned.has(place_)) owned.set(place_, { package: each.name, unpacked, list });
  }
  for (const line of files.lines(`${stem}.md5sums`)) {
    setDigest(owned, place(`/${line.slice(34)}`), each.name, line.slice(0, 32), false);
  }
  for (const [path, md5] of Object.entries(each.conffiles)) setDigest(owned, place(path), each.name, md5, true);
}

function setDigest(owned: PackageFiles, path: string, name: string, md5: string, conffile: boolean): void {
  const known = owned.get(path);
  const entry: PackageFile = known ?? { package: name, unpacked: '' };
  if (md5) entry.digest = md5;
  if (conffile) entry.conffile = true;
  if (!known) owned.set(path, entry);
}

/** ucf(1): hashfile `md5  path`, registry `package path`. They are configuration files with a known original. */
function addUcf(owned: PackageFiles, registry: string[], hashes: string[]): void {
  const pairs = (lines: string[]) =>
    lines.map(line => /^(\S+)\s+(.+)$/.exec(line)).flatMap(match => (match ? [[match[1]!, match[2]!] as const] : []));
  const packageOf = new Map(pairs(registry).map(([name, path]) => [path, name]));
  for (const [md5, path] of pairs(hashes)) {
    owned.set(path, { package: packageOf.get(path) ?? 'ucf', digest: md5, conffile: true, ucf: true, unpacked: '' });
  }
}

/** A diverted path belongs to whoever diverted it; everybody else's file of that name lies at the diverted place. */
function diversionMap(diversions: DpkgOverrides['diversions']): (path: string, owner: string) => string {
  const byPath = new Map(diversions.map(each => [each.path, each]));
  return (path, owner) => {
    const diversion = byPath.get(path);
    return diversion && diversion.package !== owner ? diversion.divertedTo : path;
  };
}

function extraRepositories(files: SystemFiles): string[] {
  const lists = ['/etc/apt/sources.list', ...files.below('/etc/apt/sources.list.d/')];
  return lists.flatMap(path =>
    path.endsWith('.sources') ? deb822Sources(files.text(path)) : oneLineSources(files.lines(path)),
  );
}

function oneLineSources(lines: string[]): string[] {
  return lines.map(line => line.trim()).filter(line => /^deb(-src)?\s/.test(line) && !isOwnArchive(line));
}

function deb822Sources(text: string): string[] {
  return [...parseStanzas(text)]
    .filter(stanza => stanza.get('enabled') !== 'no' && !isOwnArchive(stanza.get('uris') ?? ''))
    .map(stanza => `deb ${stanza.get('uris')} ${stanza.get('suites')} ${stanza.get('components') ?? ''}`.trim());
}

/** `Commandline:` lines of apt's history (apt writes them from 0.8 on). */
function aptCommands(text: string): string[] {
  return [...text.matchAll(/^Commandline: (.*)$/gm)].map(match => match[1]!);
}
