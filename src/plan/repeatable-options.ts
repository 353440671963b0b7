import type { Mount, OtherOption, RunOptions } from '../engine/engine.ts';

/** Name of the volume for a mount point, behind the container's own name: `/srv/data` -> `srv-data`. */
function volumeSuffix(destination: string): string {
  return destination.replace(/[^a-zA-Z0-9_.-]+/g, '-').replace(/^-|-$/g, '');
}

export interface MountPoint {
  destination: string;
  /** What the old container had there, a volume's name or a path of its host; empty where that is not known. */
  from: string;
}

/** Mount points with what the old container had there. */
export function mountPointsOf(destinations: string[], mounts: Mount[]): MountPoint[] {
  const sources = new Map(mounts.map(mount => [mount.destination, mount.source]));
  return destinations.map(destination => ({ destination, from: sources.get(destination) ?? '' }));
}

/**
 * A named volume for each mount point, and the same one for those where the old container had the same; `/a/b` and `/a-b` do not fall
 * together.
 */
export function namedVolumes(name: string, points: MountPoint[]): Mount[] {
  const named = points.map(({ destination }, at) => {
    const suffix = volumeSuffix(destination);
    const isTaken = points.slice(0, at).some(other => volumeSuffix(other.destination) === suffix);
    return `${name}-${suffix}${isTaken || suffix === '' ? `.${at}` : ''}`;
  });
  return points.map(({ destination, from }, at) => {
    const first = from === '' ? at : points.findIndex(other => other.from === from);
    return { type: 'volume', source: named[first] ?? '', destination, writable: true, anonymous: false };
  });
}

/** Names of the volumes of mounts, each once. */
export function volumesOf(mounts: Mount[]): string[] {
  return [...new Set(mounts.map(mount => mount.source))];
}

/** In words, mount points of which one showed a folder of the other: their volumes are two. */
export function overlappingMounts(points: MountPoint[]): string[] {
  return points.flatMap(outer =>
    points
      .filter(inner => outer.from.startsWith('/') && inner.from.startsWith(`${outer.from}/`))
      .map(
        inner =>
          `${inner.destination} was a folder of what ${outer.destination} showed; now each has a volume of its own, and what is written in one does not appear in the other`,
      ),
  );
}

/**
 * Capabilities that stay inside a container (capabilities(7)): what engines give anyway, and what concerns its own network, memory and
 * scheduling. A bag may be a stranger's, and kernels learn new ones, so whatever is not known to be local reaches the host.
 */
const LOCAL_CAPABILITIES: ReadonlySet<string> = new Set(
  (
    'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE NET_RAW SETFCAP SETGID SETPCAP SETUID SYS_CHROOT ' +
    'NET_ADMIN NET_BROADCAST IPC_LOCK IPC_OWNER LEASE SYS_NICE SYS_RESOURCE'
  ).split(' '),
);

/** Engines take a capability in any case, with and without its prefix. */
function isLocal(capability: string): boolean {
  return LOCAL_CAPABILITIES.has(capability.toUpperCase().replace(/^CAP_/, ''));
}

/**
 * The options less those that hand the host over to the container, unless they are allowed. What is taken away is added
 * to `notes`.
 */
function withoutHostRights(run: RunOptions, notes: string[]): RunOptions {
  const capAdd = run.capAdd.filter(isLocal);
  const taken = [
    ...(run.privileged ? ['--privileged'] : []),
    ...(run.networkMode === 'host' ? ['--network host'] : []),
    ...run.capAdd.filter(name => !isLocal(name)).map(name => `--cap-add ${name}`),
  ];
  if (taken.length > 0)
    notes.push(`Rights over this machine are not given without --allow-privileged: ${taken.join(', ')}`);
  return { ...run, capAdd, privileged: false, networkMode: run.networkMode === 'host' ? '' : run.networkMode };
}

/**
 * Capabilities that each container has unless it is told otherwise, and with which state is put back: owners and modes are set, files of
 * others read and written, packages installed.
 */
const NEEDED = 'CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD SETFCAP SETGID SETUID SYS_CHROOT'.split(' ');

/** The options with the capabilities that a restore needs and the old container had not. What is given is added to `loosened`. */
function withRightsToRestore(run: RunOptions, loosened: string[]): RunOptions {
  const bare = (capability: string) => capability.toUpperCase().replace(/^CAP_/, '');
  const [dropped, added] = [new Set(run.capDrop.map(bare)), new Set(run.capAdd.map(bare))];
  const isMissing = (each: string) =>
    (dropped.has('ALL') || dropped.has(each)) && !added.has(each) && !added.has('ALL');
  const missing = run.privileged ? [] : NEEDED.filter(isMissing);
  if (missing.length === 0) return run;
  loosened.push(`--cap-drop of ${missing.join(', ')}`);
  if (dropped.has('ALL')) return { ...run, capAdd: [...run.capAdd, ...missing] };
  return { ...run, capDrop: run.capDrop.filter(each => !missing.includes(bare(each))) };
}

/** In a container that starts as a user without rights, it takes those of root, too, whose programs a restore runs there. */
function withoutNoNewPrivileges(run: RunOptions, loosened: string[]): RunOptions {
  const isRoot = /^(?:|0|root)(?::|$)/.test(run.user);
  if (isRoot || !run.others?.some(isNoNewPrivileges)) return run;
  loosened.push('no-new-privileges');
  return { ...run, others: run.others.filter(each => !isNoNewPrivileges(each)) };
}

/**
 * The options as root can put state back under them. What is less strict than it was is added to `notes`, in one.
 * @param filled places of mounts that get their content back
 */
function withRoomForRoot(recorded: RunOptions, filled: readonly string[], notes: string[]): RunOptions {
  const loosened: string[] = [];
  const run = withoutNoNewPrivileges(withRightsToRestore(recorded, loosened), loosened);
  if (run.readOnly) loosened.push('a read-only root');
  const closed = run.mounts.filter(each => !each.writable && filled.includes(each.destination));
  if (closed.length > 0) loosened.push(`read-only mounts at ${closed.map(each => each.destination).join(', ')}`);
  if (loosened.length > 0)
    notes.push(
      `Options of the old container under which no state can be put back are left out (compose.yaml of --image and --report has them again): ${loosened.join('; ')}`,
    );
  return { ...run, readOnly: false };
}

/** Options that take nothing from this machine, and that a restore itself can work with. */
const REPEATED: ReadonlySet<string> = new Set(
  'security-opt group-add dns-search dns-option domainname stop-timeout'.split(' '),
);
const LIMITS = /^(?:memory|cpu|pids)/;

function isRepeated({ name, value }: OtherOption): boolean {
  if (isHealthCheck(name)) return true;
  if (!REPEATED.has(name)) return false;
  return name === 'security-opt' ? isNoNewPrivileges({ name, value }) : /^\w[\w.:-]*$/.test(value);
}

/** Its command runs in the container. */
function isHealthCheck(name: string): boolean {
  return /^(?:health-(?:cmd|interval|timeout|start-period|retries)|no-healthcheck)$/.test(name);
}

/** That programs gain no rights by being executed. */
export function isNoNewPrivileges({ name, value }: OtherOption): boolean {
  return name === 'security-opt' && /^no-new-privileges(?:[=:]true)?$/.test(value);
}

/** Of the options without a field those that are repeated; the others are added to `notes`. */
function repeatableOthers(others: OtherOption[], notes: string[]): OtherOption[] {
  const left = others.filter(each => !isRepeated(each));
  const words = (options: OtherOption[]) => options.map(({ name, value }) => `--${name} ${value}`.trim()).join(', ');
  const limits = left.filter(({ name }) => LIMITS.test(name));
  const rest = left.filter(({ name }) => !LIMITS.test(name));
  if (limits.length > 0)
    notes.push(
      `Limits of the old container are not set, since a restore may need more than the service: ${words(limits)} (set them with \`docker update\`)`,
    );
  if (rest.length > 0)
    notes.push(`Options of the old container that reach this machine are not repeated: ${words(rest)}`);
  return others.filter(isRepeated);
}

/**
 * The options of the old container that make sense anywhere, with `mounts` in place of its own (tmpfs excepted). What
 * cannot be repeated is added to `notes` in words.
 */
export function repeatableOptions(
  recorded: RunOptions,
  mounts: Mount[],
  notes: string[],
  allowPrivileged = false,
): Partial<RunOptions> {
  const filled = mounts.map(each => each.destination);
  const run = withRoomForRoot(allowPrivileged ? recorded : withoutHostRights(recorded, notes), filled, notes);
  const tmpfs = run.mounts.filter(mount => mount.type === 'tmpfs');
  if (run.devices.length > 0) notes.push(`Devices of the old host are not passed on: ${run.devices.join(', ')}`);
  const network = ['host', 'none'].includes(run.networkMode) ? run.networkMode : '';
  if (run.networkMode && !network && !['default', 'bridge', 'slirp4netns', 'pasta'].includes(run.networkMode)) {
    notes.push(
      `The old container was on the network ${run.networkMode}; the new one is on the engine's default network`,
    );
  }
  const { readOnly: _, devices: __, others: ___, ...rest } = run;
  const others = repeatableOthers(run.others ?? [], notes);
  return {
    ...rest,
    hostname: /^[0-9a-f]{12}$/.test(run.hostname) ? '' : run.hostname,
    mounts: [...mounts, ...tmpfs],
    networkMode: network,
    ...(others.length > 0 ? { others } : {}),
  };
}
