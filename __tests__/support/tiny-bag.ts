import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { IndexEntry } from '../../src/bag/index-entry.ts';
import { BAG_SCHEMA, type Manifest } from '../../src/bag/manifest.ts';
import { encodeTarMember, endOfTar, memberPadding, type TarHeader } from '../../src/bag/tar-reader.ts';
import { createBag } from '../../src/bag/write-bag.ts';

/** A manifest of an imaginary service, with the parts that a test cares about. */
export function tinyManifest(changes: Partial<Manifest> = {}): Manifest {
  return {
    schema: BAG_SCHEMA,
    tool: { name: 'perennial', version: '0.0.0' },
    created: '2026-01-02T03:04:05.000Z',
    service: tinyService(),
    system: {
      os: {
        id: 'debian',
        idLike: [],
        versionId: '11',
        codename: 'bullseye',
        prettyName: 'Debian GNU/Linux 11 (bullseye)',
      },
      architecture: 'amd64',
      packageManager: 'dpkg',
      packages: [
        tinyPackage('tinyd', '1.0-1', {
          manual: true,
          conffiles: { '/etc/tinyd.conf': 'd41d8cd98f00b204e9800998ecf8427e' },
        }),
        tinyPackage('libtiny1', '1:1.0-1+b2', { source: 'tinyd', provides: ['libtiny'], priority: 'required' }),
      ],
      overrides: { statoverrides: [], diversions: [], alternatives: [], holds: [] },
      extraRepositories: [],
      installHistory: [],
      removed: [],
    },
    rebuild: null,
    languagePackages: [],
    dumps: [],
    pristine: [],
    mounts: [],
    counts: tinyCounts(tinyIndex()),
    notes: [],
    ...changes,
  };
}

function tinyService(): Manifest['service'] {
  return {
    name: 'tiny',
    recognised: [],
    start: '',
    run: {
      hostname: 'tiny',
      user: '',
      workdir: '',
      entrypoint: [],
      command: ['/usr/sbin/tinyd'],
      env: {},
      exposed: ['7/tcp'],
      published: [],
      mounts: [],
      capAdd: [],
      capDrop: [],
      privileged: false,
      networkMode: 'default',
      extraHosts: [],
      dns: [],
      labels: {},
      stopSignal: '',
      restartPolicy: 'no',
      init: false,
      tty: false,
      shmSize: 0,
      ulimits: [],
      sysctls: {},
      devices: [],
      readOnly: false,
    },
    image: null,
    processes: [{ pid: 1, user: 'root', program: '/usr/sbin/tinyd', argv: ['/usr/sbin/tinyd'], package: 'tinyd' }],
    sockets: [{ protocol: 'tcp', address: '0.0.0.0', port: 7, program: '/usr/sbin/tinyd' }],
  };
}

export function tinyPackage(
  name: string,
  version: string,
  changes: Partial<Manifest['system']['packages'][number]> = {},
): Manifest['system']['packages'][number] {
  return {
    name,
    version,
    architecture: 'amd64',
    source: name,
    manual: false,
    status: 'installed',
    provides: [],
    conffiles: {},
    ...changes,
  };
}

/** A path of the imaginary service: what it is and, for a file, what is in it. */
export interface TinyPath extends Partial<Omit<TarHeader, 'path'>> {
  path: string;
  content?: string;
  disposition?: IndexEntry['disposition'];
}

export const tinyPaths: TinyPath[] = [
  { path: '/etc', kind: 'directory', mode: 0o755, disposition: 'parent' },
  { path: '/etc/tinyd.conf', content: 'port 7\n', disposition: 'keep' },
  { path: '/srv/data', kind: 'directory', mode: 0o2770, disposition: 'keep' },
  { path: '/srv/data/a', content: 'alpha\n', disposition: 'keep' },
  { path: '/srv/data/b', kind: 'hardlink', linkTarget: 'srv/data/a', disposition: 'keep' },
  { path: '/srv/data/link', kind: 'symlink', linkTarget: 'a', disposition: 'keep' },
  { path: '/usr/share/tiny', kind: 'directory', disposition: 'leave' },
];

/** The tar header of a path; root's, with the time of the first second of 2020. */
export function tinyHeader(path: TinyPath): TarHeader {
  const size = Buffer.byteLength(path.content ?? '');
  const { content: _, disposition: __, ...given } = path;
  return {
    kind: 'file',
    linkTarget: '',
    mode: 0o644,
    uid: 0,
    gid: 0,
    user: 'root',
    group: 'root',
    size,
    storedSize: size,
    mtime: '1577836800',
    xattrs: {},
    devMajor: 0,
    devMinor: 0,
    ...given,
    path: path.path.replace(/^\//, ''),
  };
}

/** A tar of the paths that are kept. */
export function tinyTar(paths: TinyPath[] = tinyPaths): Buffer {
  const kept = paths.filter(path => path.disposition === 'keep' || path.disposition === 'record');
  const members = kept.flatMap(path => {
    const content = Buffer.from(path.content ?? '');
    return [encodeTarMember(tinyHeader(path)), content, memberPadding(content.length)];
  });
  return Buffer.concat([...members, endOfTar]);
}

/** The index that goes with tinyTar. */
export function tinyIndex(paths: TinyPath[] = tinyPaths): IndexEntry[] {
  return paths.map(path => {
    const header = tinyHeader(path);
    const isFile = header.kind === 'file' && path.disposition !== 'leave';
    return {
      path: path.path,
      kind: header.kind === 'hardlink' ? 'file' : header.kind,
      mode: header.mode.toString(8).padStart(4, '0'),
      uid: header.uid,
      gid: header.gid,
      user: header.user,
      group: header.group,
      size: header.size,
      mtime: header.mtime,
      ...(isFile
        ? {
            sha256: createHash('sha256')
              .update(path.content ?? '')
              .digest('hex'),
          }
        : {}),
      ...(header.kind === 'symlink' ? { target: header.linkTarget } : {}),
      ...(header.kind === 'hardlink' ? { hardlink: `/${header.linkTarget}` } : {}),
      disposition: path.disposition ?? 'keep',
      rule: 'tiny',
      why: 'it is in the test',
      origin: 'operation',
    };
  });
}

/** What the manifest counts of an index. */
export function tinyCounts(index: readonly IndexEntry[]): Manifest['counts'] {
  const kept = index.filter(each => each.disposition === 'keep' || each.disposition === 'record');
  return {
    paths: index.length,
    kept: kept.length,
    keptBytes: kept.reduce((sum, each) => sum + each.size, 0),
    deleted: index.filter(each => each.disposition === 'delete').length,
    rules: {},
  };
}

/** Writes a small sound bag and returns its folder. */
export async function buildTinyBag(
  outDir: string,
  options: { manifest?: Partial<Manifest>; paths?: TinyPath[]; files?: Record<string, string> } = {},
): Promise<string> {
  const bag = await createBag(outDir);
  const index = tinyIndex(options.paths);
  await bag.addPayload(Readable.from([tinyTar(options.paths)]));
  for (const [path, content] of Object.entries(options.files ?? {})) await bag.addFile(path, content);
  return bag.finish(tinyManifest({ counts: tinyCounts(index), ...options.manifest }), index);
}
