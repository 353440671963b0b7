import { readTar } from '../bag/tar-reader.ts';
import type { BagWriter } from '../bag/write-bag.ts';
import { tarStream } from '../detect/probe.ts';
import type { CommandStream } from '../engine/engine.ts';
import { useStream } from '../engine/use-stream.ts';
import { compareDebianVersions } from '../plan/debian-version.ts';
import type { Progress } from '../progress.ts';
import { parseAptHistory } from '../system/apt-history.ts';
import { buildDeb, controlFile, type DebMember } from '../system/build-deb.ts';
import { encodeBytes } from '../system/byte-text.ts';
import type { SystemReading } from '../system/read-system.ts';
import type { InstalledPackage } from '../system/system-facts.ts';
import type { Target } from '../system/target.ts';

export interface LocalPackagesOptions {
  target: Target;
  now: SystemReading;
  /** The package database of the image; undefined when no image is known. */
  image: SystemReading | undefined;
  /** The Dockerfile in the bag installs the image's own packages again. */
  rebuildable: boolean;
  bag: BagWriter;
  progress: Progress;
}

/** Where a package that no repository offers lies in a bag, below data/. */
export function localPackageFile(name: string): string {
  return `packages/${name}.deb`;
}

/**
 * Finds packages that no configured repository offers (a local .deb), marks them `local`, and packs each again from its installed files
 * and the package database into the bag: they cannot be had again. Those of rpm and apk are marked already, and their files are kept.
 * @returns notes for the manifest
 */
export async function keepLocalPackages(options: LocalPackagesOptions): Promise<string[]> {
  const { now, bag, target, progress } = options;
  // What rpm and apk have of such packages is kept file by file.
  if (now.facts.packageManager !== 'dpkg') return wholeNotes(now.facts.packages.filter(each => each.local));
  const suspects = suspectPackages(options);
  if (suspects.length === 0) return [];
  const offered = await readOffered(target);
  const local = suspects.filter(each => !isOffered(each, offered));
  for (const each of local) {
    progress.step(`Packing ${each.name} ${each.version} again: no repository offers it`);
    each.local = true;
    await bag.addFile(`data/${localPackageFile(each.name)}`, await packAgain(target, now, each));
  }
  return wholeNotes(local, offered ? '' : ' (there are no package lists to ask: apt did not fetch them)');
}

function wholeNotes(local: InstalledPackage[], how = ''): string[] {
  if (local.length === 0) return [];
  return [
    `Packages that no repository offers are kept whole${how}: ${local.map(each => `${each.name} ${each.version}`).join(', ')}`,
  ];
}

/** Packages that came in another way than from a repository, by the database and apt's own history. */
function suspectPackages({ now, image, rebuildable }: LocalPackagesOptions): InstalledPackage[] {
  const history = parseAptHistory(now.files.text('/var/log/apt/history.log'));
  const before = new Map(image?.facts.packages.map(each => [each.name, each.version]));
  return now.facts.packages.filter(each => {
    if (each.status === 'config-files') return false;
    if (history.fromFiles.has(each.name)) return !(rebuildable && before.get(each.name) === each.version);
    // What is in the image came with the distribution as a rule: its installer writes no history.
    return image !== undefined && before.get(each.name) !== each.version && !history.fetched.has(each.name);
  });
}

/** Newest version of each package in the container's own lists; undefined when it has none. */
async function readOffered(target: Target): Promise<Map<string, string> | undefined> {
  const { code, stdout } = await target.exec(['sh', '-c', LISTS, 'sh', target.root], { allowFailure: true });
  if (code !== 0 || stdout.length === 0) return undefined;
  const offered = new Map<string, string>();
  let name = '';
  for (const line of stdout.toString('latin1').split('\n')) {
    if (line.startsWith('Package: ')) name = line.slice(9);
    else if (line.startsWith('Version: ')) {
      const known = offered.get(name);
      if (known === undefined || compareDebianVersions(known, line.slice(9)) < 0) offered.set(name, line.slice(9));
    }
  }
  return offered;
}

/** apt may keep its lists compressed (Acquire::GzipIndexes); its helper reads every form. */
const LISTS = `for list in "$1"/var/lib/apt/lists/*_Packages*; do
  case $list in
    *_Packages) cat "$list" ;;
    *_Packages.*) /usr/lib/apt/apt-helper cat-file "$list" ;;
  esac
done 2>/dev/null | grep -E '^(Package|Version): '`;

/** A newer version than any offered one was made here. */
function isOffered(each: InstalledPackage, offered: Map<string, string> | undefined): boolean {
  const newest = offered?.get(each.name);
  return newest !== undefined && compareDebianVersions(each.version, newest) <= 0;
}

const CONTROL_PROGRAMS = ['preinst', 'postinst', 'prerm', 'postrm', 'config'];
const CONTROL_FILES = ['templates', 'triggers', 'shlibs', 'symbols', 'conffiles', 'md5sums'];

async function packAgain(target: Target, now: SystemReading, each: InstalledPackage): Promise<Buffer> {
  const info = '/var/lib/dpkg/info/';
  const stem = [`${info}${each.name}:${each.architecture}`, info + each.name].find(name =>
    now.files.has(`${name}.list`),
  );
  const listed = stem ? now.files.lines(`${stem}.list`).filter(path => path !== '/.') : [];
  const data = await readMembers(target, listed);
  const control = stem
    ? await readMembers(
        target,
        [...CONTROL_PROGRAMS, ...CONTROL_FILES].map(kind => `${stem}.${kind}`),
      )
    : [];
  const present = new Set(data.map(({ header }) => `/${header.path}`));
  const files = control.map(({ header, content }) => {
    const kind = header.path.slice(header.path.lastIndexOf('.') + 1);
    const text = kind === 'conffiles' ? onlyPresent(content, present) : content;
    return controlFile(kind, text, CONTROL_PROGRAMS.includes(kind) ? 0o755 : 0o644);
  });
  return buildDeb([controlFile('control', controlStanza(now, each.name)), ...files], data);
}

/** A configuration file that the owner removed is none of the package's any more. */
function onlyPresent(conffiles: Buffer, present: ReadonlySet<string>): Buffer {
  const lines = conffiles.toString('latin1').split('\n');
  return Buffer.from(
    lines
      .filter(line => line !== '' && present.has(line))
      .map(line => `${line}\n`)
      .join(''),
    'latin1',
  );
}

/** The status stanza of a package without what only a database has (deb-control(5)). */
function controlStanza(now: SystemReading, name: string): Buffer {
  const stanzas = now.files.text('/var/lib/dpkg/status').split(/\n\n+/);
  const stanza = stanzas.find(text => text.split('\n').includes(`Package: ${name}`)) ?? '';
  const fields = stanza
    .split(/\n(?=\S)/)
    .filter(field => !/^(Status|Conffiles|Config-Version|Triggers-\w+):/.test(field));
  return encodeBytes(`${fields.join('\n')}\n`);
}

async function readMembers(target: Target, paths: string[]): Promise<DebMember[]> {
  const members: DebMember[] = [];
  const read = async ({ stdout }: CommandStream) => {
    for await (const { header, body } of readTar(stdout as AsyncIterable<Buffer>)) {
      const chunks: Buffer[] = [];
      for await (const chunk of body) chunks.push(chunk);
      members.push({ header, content: dense(Buffer.concat(chunks), header) });
    }
  };
  await useStream(tarStream(target, paths), read, 'Reading the files of a package');
  return members;
}

/** The content with its holes as zeros. */
function dense(stored: Buffer, { sparse, size }: DebMember['header']): Buffer {
  if (!sparse) return stored;
  const content = Buffer.alloc(size);
  let at = 0;
  for (const { offset, length } of sparse) {
    stored.copy(content, offset, at, at + length);
    at += length;
  }
  return content;
}
