import { createHash } from 'node:crypto';
import type { Disposition } from '../bag/index-entry.ts';
import type { WalkEntry } from '../detect/walk.ts';
import type { VouchedPath } from '../language/language-package.ts';
import { encodeBytes } from '../system/byte-text.ts';
import type { PackageFile, PackageFiles } from '../system/package-files.ts';
import type { FindRule, PathTest } from './rule.ts';

/** What is done with a path, by which rule, and why in words. */
export interface Verdict {
  disposition: Disposition;
  rule: string;
  why: string;
  package?: string;
  origin: 'image' | 'operation';
}

/** What reading a file told, where its inode alone could not decide. */
export interface Probe {
  md5: string;
  sha256: string;
  /** Digest of the algorithm that the package manager chose, where it is neither of these. */
  other?: string;
  /** Has extended attributes or an access control list. */
  extended: boolean;
  /** Name -> base64, as tar recorded them. */
  xattrs: Record<string, string>;
  aclAccess?: string;
  aclDefault?: string;
}

/** As compileGlobs makes them; where nothing can be said of many paths at once they are asked one by one. */
type OwnerTest = ((path: string) => boolean) & Partial<Pick<PathTest, 'mayMatch'>>;

/** The owner's last word, from perennial.yml. */
export interface OwnerRules {
  include: OwnerTest;
  exclude: OwnerTest;
  logs: 'keep' | 'directories';
}

/** The logical export that carries a path instead of the payload, as `service/export`, or undefined. */
export interface ReplacedBy {
  (path: string): string | undefined;
  /** No path is replaced. */
  isEmpty?: boolean;
  /** The raw data are archived, too. */
  keepsRaw?: boolean;
}

/** Of raw data that are archived beside the export that carries them: no other version may read them, so a restore leaves them in the bag. */
export const RAW_DATA = 'export/raw';

/** Everything that classification looks at beside the path itself. */
export interface ClassifyContext {
  packages: PackageFiles;
  findRule: FindRule;
  owner: OwnerRules;
  /** How the path was in the image; undefined when it was not there, or when no image is known. */
  inImage: (path: string) => WalkEntry | undefined;
  /** True when an image is known at all. */
  imageKnown: boolean;
  /** A Dockerfile and its context are in the bag, so that build steps make their files again. */
  rebuildable: boolean;
  /** Path lies in a volume or bind mount: its inodes say nothing about the image. */
  inMount: (path: string) => boolean;
  /** Raw data that a logical export replaces: the export's id, or undefined. */
  replacedBy: ReplacedBy;
  /**
   * False when neither a rule nor the owner nor an export decides about a file in this folder whose name ends so, whatever its name is. Not
   * given: that is asked file by file.
   * @param last code of the last character (see ANY_END)
   */
  mayNameDecide?: (folder: string, last: number) => boolean;
  /** The record of a language package that is installed again at restore. */
  vouchedBy?: (path: string) => VouchedPath | undefined;
}

/** True when an inode is exactly as the image made it. */
export function unchanged(entry: WalkEntry, before: WalkEntry | undefined): boolean {
  return (
    before !== undefined &&
    before.ctime === entry.ctime &&
    before.mtime === entry.mtime &&
    before.size === entry.size &&
    before.kind === entry.kind &&
    sameAttributes(entry, before)
  );
}

function sameAttributes(entry: WalkEntry, before: WalkEntry): boolean {
  return entry.mode === before.mode && entry.uid === before.uid && entry.gid === before.gid;
}

/**
 * Classifies one path, pure. The order is the precedence: owner, engine, rules, logical exports, packages, image.
 * @param probe what reading the file told; without it `'probe'` is returned where the content has to be known
 */
export function classify(entry: WalkEntry, context: ClassifyContext, probe?: Probe): Verdict | 'probe' {
  const before = context.inMount(entry.path) ? undefined : context.inImage(entry.path);
  const same = unchanged(entry, before);
  const origin = same ? 'image' : 'operation';
  const shipped = context.packages.get(entry.path);
  const decide = (disposition: Disposition, rule: string, why: string): Verdict =>
    shipped ? { disposition, rule, why, origin, package: shipped.package } : { disposition, rule, why, origin };

  if (entry.kind === 'socket') return decide('leave', 'runtime/socket', 'sockets are made by the program that listens');
  if (context.owner.include(entry.path)) return decide('keep', 'owner/include', 'perennial.yml includes it');
  if (context.owner.exclude(entry.path)) return decide('leave', 'owner/exclude', 'perennial.yml excludes it');
  const rule = context.findRule(entry.path, entry.kind, entry.target);
  if (rule && !(rule.exceptMounts && context.inMount(entry.path))) return decide(rule.action, rule.id, rule.reason);
  if (context.owner.logs === 'directories' && isLogFile(entry)) {
    return decide('leave', 'owner/logs', 'perennial.yml says that of logs only the directories are kept');
  }
  const replaced = context.replacedBy(entry.path);
  if (replaced && context.replacedBy.keepsRaw)
    return decide('keep', RAW_DATA, `rawData of perennial.yml; a restore loads the logical export ${replaced}`);
  if (replaced) return decide('leave', `export/${replaced}`, `the logical export ${replaced} carries this data`);
  return shipped
    ? classifyPackaged(entry, shipped, before, same, context, decide, probe)
    : classifyUnowned(entry, before, same, context, decide, probe);
}

type Decide = (disposition: Disposition, rule: string, why: string) => Verdict;

function classifyPackaged(
  entry: WalkEntry,
  shipped: PackageFile,
  before: WalkEntry | undefined,
  same: boolean,
  context: ClassifyContext,
  decide: Decide,
  probe: Probe | undefined,
): Verdict | 'probe' {
  if (shipped.local && !(same && context.rebuildable)) {
    return decide('keep', 'package/local', `${shipped.package} came from no repository, so it cannot be had again`);
  }
  const asRecorded = context.rebuildable || isAsRecorded(entry, shipped);
  if (same && asRecorded && !shipped.conffile && !editedInBuild(entry, shipped, context)) {
    return decide('leave', 'package/unchanged', `${shipped.package} ships it and it is as in the image`);
  }
  if (same && asRecorded && shipped.conffile && before && context.imageKnown && untouchedSinceUnpack(entry, shipped)) {
    return decide('leave', 'package/unchanged', `configuration file of ${shipped.package}, as shipped`);
  }
  // An upgrade made files and links anew, so how they were in the image says nothing; folders it leaves as they are.
  const earlier = entry.kind !== 'directory' && unpackedSince(shipped, context) ? undefined : before;
  if (entry.kind !== 'file' && entry.kind !== 'directory')
    return classifyPackagedLink(entry, earlier, decide, shipped, context);
  if (shipped.kind !== undefined && shipped.kind !== entry.kind) {
    return decide('keep', 'package/modified', `a ${entry.kind} where ${shipped.package} ships a ${shipped.kind}`);
  }
  if (entry.kind === 'directory' && tookPlace(before, shipped)) {
    return decide('keep', 'package/modified', `a folder where ${shipped.package} ships something else`);
  }
  if (!probe) return 'probe';
  if (entry.kind === 'file' && isEdited(probe, shipped)) {
    return shipped.conffile
      ? decide('keep', 'package/edited-conffile', `configuration file of ${shipped.package}, edited`)
      : decide('keep', 'package/modified', `its content is not what ${shipped.package} ships`);
  }
  if (attributesChanged(entry, earlier, shipped, probe, context)) {
    return decide(
      'attributes',
      'package/attributes',
      `mode, owner, attributes or ACL differ from what ${shipped.package} set`,
    );
  }
  return decide('leave', 'package/as-shipped', `${shipped.package} ships it with the same content`);
}

/** Whether the package was unpacked during operation. */
function unpackedSince({ list, unpacked }: PackageFile, context: ClassifyContext): boolean {
  if (list === undefined || !context.imageKnown) return false;
  const then = context.inImage(list);
  return then === undefined || Math.abs(Number(then.mtime) - Number(unpacked)) > 0.001;
}

/** Whether a folder is in the place of a packaged file or link. */
function tookPlace(before: WalkEntry | undefined, shipped: PackageFile): boolean {
  return before ? before.kind !== 'directory' : shipped.digest !== undefined;
}

/** A packaged link or device that differs from the image: an upgrade made it, or the owner did; both fit in a few bytes. */
function classifyPackagedLink(
  entry: WalkEntry,
  before: WalkEntry | undefined,
  decide: Decide,
  shipped: PackageFile,
  { imageKnown, rebuildable }: ClassifyContext,
): Verdict {
  const isFromImage = before !== undefined && before.target === entry.target && before.kind === entry.kind;
  if (isFromImage && (rebuildable || shipped.mode === undefined)) {
    return decide('leave', 'package/as-shipped', `link of ${shipped.package}, same target as in the image`);
  }
  if (shipped.mode !== undefined) return compareWithRecord(entry, decide, shipped);
  if (!before && shipped.digest !== undefined) {
    return decide('keep', 'package/modified', `a ${entry.kind} where ${shipped.package} ships a file`);
  }
  // Without an image the times of inodes say nothing: they are those of a copy.
  if (!before && (!imageKnown || newerThanUnpack(entry, shipped) === false)) {
    return decide('leave', 'package/as-shipped', `link of ${shipped.package}, as unpacked`);
  }
  return decide('keep', 'package/modified', `link of ${shipped.package} with another target or kind than in the image`);
}

/** A link or device of a package manager that records what it shipped. */
function compareWithRecord(entry: WalkEntry, decide: Decide, shipped: PackageFile): Verdict {
  if (!isLinkAsRecorded(entry, shipped)) {
    return decide('keep', 'package/modified', `another target or kind than ${shipped.package} ships`);
  }
  return isOwnedAsRecorded(entry, shipped)
    ? decide('leave', 'package/as-shipped', `link of ${shipped.package}, as its package manager recorded it`)
    : decide('attributes', 'package/attributes', `owner differs from what ${shipped.package} set`);
}

/** apk records of a link the digest of its target, and does not say that it is a link. */
function isLinkAsRecorded(entry: WalkEntry, { kind, target, digest, algorithm }: PackageFile): boolean {
  if (kind !== undefined) return kind === entry.kind && (kind !== 'symlink' || target === entry.target);
  if (entry.kind !== 'symlink' || digest === undefined) return false;
  const hash = createHash(algorithm === 'sha256-160' ? 'sha256' : (algorithm ?? 'md5'));
  return hash.update(encodeBytes(entry.target)).digest('hex').startsWith(digest);
}

function isOwnedAsRecorded({ uid, gid }: WalkEntry, shipped: PackageFile): boolean {
  return uid === shipped.uid && gid === shipped.gid;
}

/** Mode, owner and target as the package manager recorded them; true where it records none (dpkg). */
function isAsRecorded(entry: WalkEntry, shipped: PackageFile): boolean {
  if (shipped.mode === undefined) return true;
  if (!isOwnedAsRecorded(entry, shipped)) return false;
  if (entry.kind !== 'file' && entry.kind !== 'directory') return isLinkAsRecorded(entry, shipped);
  return entry.mode === shipped.mode && (shipped.kind === undefined || shipped.kind === entry.kind);
}

/** dpkg records no digest for files that it made itself; then any change counts as an edit. So does an unknown algorithm. */
function isEdited(probe: Probe, { digest, algorithm }: PackageFile): boolean {
  if (digest === undefined) return true;
  if (algorithm === undefined || algorithm === 'md5') return digest !== probe.md5;
  if (algorithm === 'sha256') return digest !== probe.sha256;
  if (algorithm === 'sha256-160') return digest !== probe.sha256.slice(0, digest.length);
  return digest !== probe.other;
}

function attributesChanged(
  entry: WalkEntry,
  before: WalkEntry | undefined,
  shipped: PackageFile,
  probe: Probe,
  { imageKnown, rebuildable }: ClassifyContext,
): boolean {
  if (hasOtherAttributes(probe, shipped)) return true;
  if (shipped.mode !== undefined) {
    return !isAsRecorded(entry, shipped) && !(rebuildable && before && sameAttributes(entry, before));
  }
  if (before) return !sameAttributes(entry, before);
  if (!imageKnown) return false;
  // Not in the image: unpacked during operation. What was touched after the unpacking may have been chmod-ed.
  return newerThanUnpack(entry, shipped, shipped.conffile ? CONFIGURE_SECONDS : 1) !== false && entry.kind === 'file';
}

/** Extended attributes and access control lists; a capability that the package gave is none of the owner's. */
function hasOtherAttributes(probe: Probe, { capability, extended }: PackageFile): boolean {
  if (extended) return true;
  const names = Object.keys(probe.xattrs);
  if (capability === undefined) return probe.extended;
  return (
    probe.xattrs['security.capability'] !== capability ||
    names.length > 1 ||
    probe.aclAccess !== undefined ||
    probe.aclDefault !== undefined
  );
}

/** dpkg renames configuration files into place when it configures the package, minutes after unpacking in a long run. */
const CONFIGURE_SECONDS = 600;

function newerThanUnpack(entry: WalkEntry, shipped: PackageFile, slack = 1): boolean | undefined {
  return shipped.unpacked === '' ? undefined : Number(entry.ctime) > Number(shipped.unpacked) + slack;
}

/** dpkg keeps the times of the archive: a time after the unpacking means that a build step wrote the file. */
function untouchedSinceUnpack(entry: WalkEntry, shipped: PackageFile): boolean {
  return shipped.unpacked !== '' && Number(entry.mtime) < Number(shipped.unpacked) - 1;
}

function editedInBuild(entry: WalkEntry, shipped: PackageFile, context: ClassifyContext): boolean {
  return (
    entry.kind === 'file' &&
    !context.rebuildable &&
    shipped.unpacked !== '' &&
    shipped.digest !== undefined &&
    Number(entry.mtime) > Number(shipped.unpacked) + 1
  );
}

/** What pip gives, with the usual umasks, and below a folder that hands its group on. */
const USUAL_FILE_MODES: ReadonlySet<number> = new Set([0o644, 0o755, 0o664, 0o775]);
const USUAL_FOLDER_MODES: ReadonlySet<number> = new Set([0o755, 0o775, 0o2755, 0o2775]);

/** What a language's package manager installs again, unless somebody changed it. */
function classifyVouched(
  entry: WalkEntry,
  vouched: VouchedPath,
  decide: Decide,
  probe: Probe | undefined,
): Verdict | 'probe' {
  if (!probe) return 'probe';
  if (vouched.archive !== undefined) return classifyArchived(entry, vouched, decide, probe);
  const {
    package: { name, version },
    kind,
    sha256,
  } = vouched;
  const usual = kind === 'file' ? USUAL_FILE_MODES : USUAL_FOLDER_MODES;
  if (entry.kind !== kind || probe.extended || !usual.has(entry.mode))
    return decide(
      'keep',
      'language/edited',
      `another kind, mode or attributes than ${name} ${version} was installed with`,
    );
  if (sha256 !== undefined && sha256 !== probe.sha256)
    return decide('keep', 'language/edited', `its content is not what ${name} ${version} installed`);
  return decide('leave', 'language/pip', `${name} ${version} has it, and pip installs that again`);
}

/** What the archive of a package has, which is kept: mode, owner and time are in the index, and are given back as they were. */
function classifyArchived(
  entry: WalkEntry,
  { package: { ecosystem, name, version }, sha256 }: VouchedPath,
  decide: Decide,
  probe: Probe,
): Verdict {
  const edited = (why: string) => decide('keep', 'language/edited', why);
  if (sha256 !== probe.sha256) return edited(`its content is not what the archive of ${name} ${version} has`);
  if (entry.links > 1) return edited(`another path is a hard link to it, so that it is not just a file of ${name}`);
  if (probe.extended) return edited(`it has attributes or an ACL, which the archive of ${name} has not`);
  return decide('leave', `language/${ecosystem}`, `the archive of ${name} ${version} has it, and is kept`);
}

function classifyUnowned(
  entry: WalkEntry,
  before: WalkEntry | undefined,
  same: boolean,
  context: ClassifyContext,
  decide: Decide,
  probe: Probe | undefined,
): Verdict | 'probe' {
  if (!same) {
    const vouched = context.vouchedBy?.(entry.path);
    if (vouched && (entry.kind === 'file' || entry.kind === 'directory'))
      return classifyVouched(entry, vouched, decide, probe);
    if (context.inMount(entry.path))
      return decide('keep', 'unowned/mount', 'no package ships it; it lies in a volume or a bind mount');
    return decide('keep', 'unowned/operation', whyOperation(before !== undefined, context.imageKnown));
  }
  if (isSecret(entry)) {
    return decide('keep', 'image/secret', 'made when the image was built, readable by few, lost by a rebuild');
  }
  if (context.rebuildable) {
    return decide(
      'leave',
      'image/build-step',
      'made by a build step or a package script; the Dockerfile in the bag makes it again',
    );
  }
  return decide('keep', 'image/unowned', 'no package ships it; made when the image was built');
}

function whyOperation(wasInImage: boolean, imageKnown: boolean): string {
  if (!imageKnown) return 'no package ships it';
  return wasInImage
    ? 'no package ships it, and it was changed since the image was made'
    : 'no package ships it, and it came after the image was made';
}

/** A rule that found all host keys, rndc.key and self-signed pairs (docs/design.md, "Secrets made at build time"). */
function isSecret(entry: WalkEntry): boolean {
  return entry.kind === 'file' && (entry.mode & 0o004) === 0 && entry.size > 0;
}

function isLogFile(entry: WalkEntry): boolean {
  return entry.kind !== 'directory' && entry.path.startsWith('/var/log/');
}
