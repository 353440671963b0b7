import { readTar } from '../bag/tar-reader.ts';
import type { CommandStream } from '../engine/engine.ts';
import { useStream } from '../engine/use-stream.ts';
import { decodeBytes } from './byte-text.ts';
import type { Target } from './target.ts';

/** Small files of a system (package database, accounts, os-release), read in one go and kept by absolute path. */
export class SystemFiles {
  readonly #content = new Map<string, { bytes: Buffer; mtime: string; target: string }>();

  set(path: string, bytes: Buffer, mtime = '', target = ''): void {
    this.#content.set(path, { bytes, mtime, target });
  }

  has(path: string): boolean {
    return this.#content.has(path);
  }

  /** The file, following one symbolic link (os-release); empty when there is none. */
  bytes(path: string): Buffer {
    return this.#content.get(path)?.bytes ?? Buffer.alloc(0);
  }

  text(path: string): string {
    return decodeBytes(this.bytes(path));
  }

  lines(path: string): string[] {
    return this.text(path)
      .split('\n')
      .filter(line => line !== '');
  }

  mtime(path: string): string {
    return this.#content.get(path)?.mtime ?? '';
  }

  /** Takes what another reading has at or below these paths, which are relative to the root. */
  adopt(other: SystemFiles, paths: readonly string[]): void {
    const isWanted = (path: string) => paths.some(each => path === `/${each}` || path.startsWith(`/${each}/`));
    for (const [path, content] of other.#content) if (isWanted(path)) this.#content.set(path, content);
  }

  /** Paths below a folder, in order. */
  below(folder: string): string[] {
    return [...this.#content.keys()].filter(path => path.startsWith(folder)).sort();
  }
}

/** Things of the package database that nobody asks for, by far its larger part. */
const UNREAD = [
  '--exclude=*.postinst',
  '--exclude=*.postrm',
  '--exclude=*.preinst',
  '--exclude=*.prerm',
  '--exclude=*.shlibs',
  '--exclude=*.symbols',
  '--exclude=*.triggers',
  '--exclude=*.templates',
  '--exclude=*.config',
];

/** Words of the tar that readTarFiles reads, less directory and paths. None needs quoting in a shell but the patterns. */
export const SYSTEM_TAR = ['tar', '--create', '--file=-', '--format=posix', '--ignore-failed-read', ...UNREAD];

/**
 * Reads files and folders of a target through its tar. Missing ones are simply not in the result.
 * @param paths relative to the root, no leading slash
 */
export async function readSystemFiles(target: Target, paths: string[]): Promise<SystemFiles> {
  const argv = [...SYSTEM_TAR, `--directory=${target.root}/`, ...paths];
  const stream = target.files
    ? target.files.tar(target.files.below(paths))
    : target.execStream(argv, { allowFailure: true, env: { LC_ALL: 'C' } });
  const read = ({ stdout }: CommandStream) => readTarFiles(stdout as AsyncIterable<Buffer>);
  return (await useStream(stream, read, 'Reading the package database')).result;
}

/** The plain files of a tar stream whose paths are relative to a system's root. */
export async function readTarFiles(source: AsyncIterable<Buffer>): Promise<SystemFiles> {
  const files = new SystemFiles();
  for await (const member of readTar(source)) {
    if (member.header.kind !== 'file') continue;
    const chunks: Buffer[] = [];
    for await (const chunk of member.body) chunks.push(chunk);
    files.set(`/${member.header.path}`, Buffer.concat(chunks), member.header.mtime);
  }
  return files;
}
