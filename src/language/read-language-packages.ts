import { unchanged } from '../classify/classify.ts';
import type { Paths } from '../detect/path-table.ts';
import type { WalkEntry } from '../detect/walk.ts';
import { readSystemFiles, type SystemFiles } from '../system/system-files.ts';
import type { Target } from '../system/target.ts';
import { tellEditedFiles } from './edited-in-place.ts';
import type { LanguagePackage, VouchedPath } from './language-package.ts';
import {
  CONDA_RECORD,
  GEM_RECORD,
  type NamedPackage,
  NPM_RECORD,
  npmCachePath,
  type PlacedPackage,
  parseCondaMeta,
  parseGemspec,
  parseNpmLock,
} from './other-records.ts';
import { type ArchivedPackage, readArchives } from './package-archives.ts';
import { PIP_RECORD, parseMetadata, parseRecord } from './pip.ts';
import { type PythonFacts, pythonEnvironment } from './python-environment.ts';

/** What is known of a system, for its language packages. */
export interface LanguageContext extends PythonFacts {
  entries: Paths;
  /** The path as it was in the image. */
  inImage: (path: string) => WalkEntry | undefined;
  /** A package of the distribution ships the path: then it is no language package of its own. */
  isPackaged: (path: string) => boolean;
  /** The build makes again what was in the image. */
  rebuildable: boolean;
  /** Homes of accounts: npm's caches are in them. */
  homes: readonly string[];
  /** Whether the bag may have a file although a rule says that it can be had again: neither the owner nor an export decides about it. */
  canKeep: (path: string) => boolean;
}

export interface LanguagePackages {
  packages: LanguagePackage[];
  vouched: Map<string, VouchedPath>;
  /** Packages that came during operation, and of which there is an archive. */
  archived: ArchivedPackage[];
  /** Hex sha256 of each archive that was read, by its path. */
  digests: Map<string, string>;
}

/** The last characters of all paths that isRecord knows. */
export const RECORD_ENDS = 'Dnc';

/** Whether a path is that of a record of language packages. The endings are cheap to look for among a million paths. */
export const isRecord = (path: string): boolean =>
  path.endsWith('/RECORD')
    ? PIP_RECORD.test(path)
    : path.endsWith('.json')
      ? NPM_RECORD.test(path) || CONDA_RECORD.test(path)
      : path.endsWith('.gemspec') && GEM_RECORD.test(path);

/**
 * Reads the records of language packages in one go, and says what they vouch for. Nothing of the languages runs.
 * @param context with the files of the system that isRecord names
 */
export async function readLanguagePackages(
  target: Target,
  context: LanguageContext & { records: readonly string[] },
): Promise<LanguagePackages> {
  const records = [...new Set(context.records)].filter(path => !context.isPackaged(path));
  if (records.length === 0) return { packages: [], vouched: new Map(), archived: [], digests: new Map() };
  const wanted = records.flatMap(path => {
    const folder = path.slice(1, path.lastIndexOf('/'));
    return PIP_RECORD.test(path) ? [`${folder}/RECORD`, `${folder}/METADATA`] : [path.slice(1)];
  });
  const found = languagePackages(records.sort(), await readSystemFiles(target, wanted), context);
  const { vouched, digests } = await readArchives(target, found.archived, context.entries);
  for (const [path, each] of vouched) found.vouched.set(path, each);
  return { ...found, digests };
}

/** Pure; archives are not read. @param files the records, and METADATA beside pip's */
export function languagePackages(records: string[], files: SystemFiles, context: LanguageContext): LanguagePackages {
  const found: LanguagePackages = { packages: [], vouched: new Map(), archived: [], digests: new Map() };
  const homes = new Map<string, LanguagePackage>();
  for (const path of records) {
    const operation = !unchanged(context.entries.get(path)!, context.inImage(path));
    const pip = PIP_RECORD.exec(path);
    if (pip) addDistribution(found, files, path, pip[1]!, operation, context);
    else addOthers(found, files.text(path), path, operation, homes, context);
  }
  tellEditedFiles(homes, context);
  return found;
}

/** Made together with an environment, and needed to install anything else. */
const TOOLS = new Set(['pip', 'setuptools', 'wheel', 'pkg_resources', 'pkg-resources', 'distribute']);
/** PEP 508 and PEP 440; a local version (`+cu118`) is of no public index. */
const PLAIN_NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/;
const PUBLIC_VERSION = /^[\w.!]+$/;

function addDistribution(
  found: LanguagePackages,
  files: SystemFiles,
  record: string,
  folder: string,
  operation: boolean,
  context: LanguageContext,
): void {
  const { name, version } = parseMetadata(files.text(record.replace(/RECORD$/, 'METADATA')));
  if (name === '' || version === '') return;
  const environment = pythonEnvironment(folder, context);
  const against =
    typeof environment === 'string' ? environment : reasonToKeep(name, version, record, environment.root, context);
  const recorded = parseRecord(files.text(record), folder);
  const isWhole = recorded.every(({ path, sha256 }) => sha256 === undefined || context.entries.has(path));
  const left = against === undefined && isWhole && (operation || context.rebuildable);
  const why =
    against ??
    (isWhole ? (operation ? 'pip installs it again' : 'the build installs it again') : 'somebody removed files of it');
  const vouching: LanguagePackage = {
    ...{ ecosystem: 'pip', name, version, folder, why, operation },
    files: left ? 'left' : 'kept',
  };
  found.packages.push(vouching);
  if (!left) return;
  for (const { path, sha256 } of recorded) {
    if (sha256 !== undefined) found.vouched.set(path, { package: vouching, kind: 'file', sha256 });
    else if (path === record) found.vouched.set(path, { package: vouching, kind: 'file' });
    for (let up = parentOf(path); up.length > folder.length && up.startsWith(folder); up = parentOf(up))
      if (!found.vouched.has(up)) found.vouched.set(up, { package: vouching, kind: 'directory' });
  }
}

/** Undefined for a distribution that an index offers, and that pip installs again as it was. */
function reasonToKeep(
  name: string,
  version: string,
  record: string,
  root: string,
  context: LanguageContext,
): string | undefined {
  if (TOOLS.has(name.toLowerCase())) return 'the environment needs it to install anything';
  if (context.entries.has(record.replace(/RECORD$/, 'direct_url.json')))
    return 'it came from a file, a folder or a repository';
  if (!PLAIN_NAME.test(name) || !PUBLIC_VERSION.test(version)) return 'no public index has such a version';
  const [one, all] = [context.entries.get(record)!, context.entries.get(root)];
  if (root !== '/usr/local' && (one.uid !== all?.uid || one.gid !== all.gid))
    return 'its owner is not the environment’s';
  return undefined;
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

function addOthers(
  found: LanguagePackages,
  text: string,
  path: string,
  operation: boolean,
  homes: Map<string, LanguagePackage>,
  context: LanguageContext,
): void {
  const add = (ecosystem: LanguagePackage['ecosystem'], folder: string, why: string, one: NamedPackage, home = '') => {
    const { name, version } = one;
    const added: LanguagePackage = { ecosystem, name, version, folder, files: 'kept', why, operation };
    found.packages.push(added);
    if (home !== '') homes.set(home, added);
    return added;
  };
  const [npm, gem, conda] = [NPM_RECORD.exec(path), GEM_RECORD.exec(path), CONDA_RECORD.exec(path)];
  if (npm)
    for (const one of parseNpmLock(text)) {
      const added = add('npm', npm[1]!, 'npm records no digests of files', one, `${npm[1]}/${one.place}`);
      if (operation) addArchived(found, added, `${npm[1]}/${one.place}`, npmArchive(one, context), one.sha512);
    }
  const spec = gem ? parseGemspec(text, gem[2]!) : undefined;
  if (gem && spec) {
    const home = `${gem[1]}/gems/${gem[2]}`;
    const added = add('gem', gem[1]!, 'gem records no digests of files', spec, home);
    if (operation) addArchived(found, added, home, gemArchive(`${gem[1]}/cache/${gem[2]}.gem`, context));
  }
  const meta = conda ? parseCondaMeta(text) : undefined;
  if (conda && meta) add('conda', conda[1]!, 'no release has conda to install it again', meta);
}

/** @param archive where it is, or why there is none that could say something */
function addArchived(
  { archived }: LanguagePackages,
  one: LanguagePackage,
  home: string,
  archive: { path: string } | string,
  sha512?: string,
): void {
  if (typeof archive === 'string') one.why = archive;
  else archived.push({ package: one, home, archive: archive.path, ...(sha512 && { sha512 }) });
}

function npmArchive({ sha512, isForeign }: PlacedPackage, { homes, canKeep }: LanguageContext) {
  if (isForeign) return 'it came from a file, a folder or a repository';
  if (!sha512) return 'its lock file has no digest of its archive';
  const path = homes.map(home => npmCachePath(home, sha512)).find(canKeep);
  return path ? { path } : 'no cache of npm has its archive any more';
}

function gemArchive(path: string, { canKeep }: LanguageContext) {
  return canKeep(path) ? { path } : 'its .gem is not in the cache beside it';
}
