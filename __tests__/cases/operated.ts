import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { encodeBytes } from '../../src/system/byte-text.ts';

/** What a case's operate.sh does, as a person read it: operated/NAME.yml. Paths are absolute. */
export interface Operated {
  /** Made or changed. */
  made: string[];
  deleted: string[];
  /** Of packages, of which only mode, owner or attributes were changed. */
  attributes: string[];
  /** Changed by a program that makes them again at restore: not in the archive. */
  remade: string[];
  /** As shipped, and kept since an edited configuration file names them. */
  referenced: string[];
  /** Raw file of a database -> the logical export below data/dumps that has its data. */
  exported: Record<string, string>;
  /** Installed by name. */
  packages: string[];
  statoverrides: string[];
  diversions: string[];
  alternatives: string[];
  /** Kind -> files of the service, and of the bag, that hold secrets of that kind; no others do. */
  secrets: Record<string, string[]>;
  /** What a person would take besides: scripts, and what the programs keep. */
  state: string[];
}

/** Reads operated/NAME.yml. */
export function readOperated(name: string): Operated {
  const file = new URL(`operated/${name}.yml`, import.meta.url);
  const { exported = {}, secrets = {}, ...lists } = parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  const list = (field: string) => ((lists[field] ?? []) as (string | string[])[]).flat();
  return {
    exported: exported as Record<string, string>,
    secrets: secrets as Record<string, string[]>,
    made: list('made'),
    deleted: list('deleted'),
    attributes: list('attributes'),
    remade: list('remade'),
    referenced: list('referenced'),
    packages: list('packages'),
    statoverrides: list('statoverrides'),
    diversions: list('diversions'),
    alternatives: list('alternatives'),
    state: list('state'),
  };
}

/**
 * Which of these files a package shipped with just that content, by dpkg's own records and md5sum, both read in the container by its own
 * programs: nothing of ours decides.
 */
export function shippedAsTheyAre(container: string, paths: string[]): string[] {
  const records = inContainer(container, [
    'sh',
    '-c',
    `cat /var/lib/dpkg/info/*.md5sums | sed 's,  ,  /,'
     dpkg-query -W -f '\${Conffiles}\\n' | sed -n 's,^ \\(/.*\\) \\([0-9a-f]\\{32\\}\\)$,\\2  \\1,p'`,
  ]);
  const digests = inContainer(container, ['xargs', '-0', '-r', 'md5sum', '--zero', '--'], paths);
  const folders = inContainer(container, [
    'sh',
    '-c',
    'for d in bin sbin lib lib32 lib64 libx32; do [ -L /$d ] && echo $d; done; true',
  ]);
  const links = new Set(folders.trim().split('\n'));
  const shipped = new Set(records.split('\n').map(line => canonical(line, links)));
  return digests
    .split('\0')
    .filter(line => line !== '' && shipped.has(line))
    .map(line => line.slice(34));
}

/** Where /bin and the like are links, dpkg's records still say /bin. */
function canonical(line: string, links: ReadonlySet<string>): string {
  const folder = /^\w{32} {2}\/(\w+)\//.exec(line)?.[1] ?? '';
  return links.has(folder) ? line.replace(`  /${folder}/`, `  /usr/${folder}/`) : line;
}

/** Bytes of `tar | zstd -3` of exactly these paths, taken in the container as a person would. */
export function handPickedBytes(container: string, paths: string[]): number {
  const tar =
    'tar -cf - --format=posix --pax-option=delete=atime,delete=ctime --xattrs --acls --sparse --no-recursion --null -C / -T -';
  const input = list([...new Set(paths)].sort().map(path => `.${path}`));
  const archive = execFileSync('docker', ['exec', '-i', container, ...tar.split(' ')], { input, ...LARGE });
  return execFileSync('zstd', ['-3', '-c'], { input: archive, ...LARGE }).length;
}

const LARGE = { maxBuffer: 1024 * 1024 * 1024 };

function inContainer(container: string, argv: string[], paths: string[] = []): string {
  return execFileSync('docker', ['exec', '-i', container, ...argv], { input: list(paths), ...LARGE }).toString(
    'latin1',
  );
}

function list(paths: string[]): Buffer {
  return Buffer.concat(paths.flatMap(path => [encodeBytes(path), Buffer.from([0])]));
}
