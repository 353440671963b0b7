import { constants } from 'node:os';
import { shellWords } from '../system/shell-quote.ts';
import type { ContainerFacts, ImageFacts, Mount, OtherOption, PublishedPort, RunOptions } from './engine.ts';
import { milliseconds, parseHealthCheck } from './health-check.ts';

/* Parsers of `inspect` output. Docker Engine API v1.41 and podman 4 agree on these fields; where they differ it is said. */

// biome-ignore lint/suspicious/noExplicitAny: the engine's JSON is foreign; every field is read with a default
type Json = any;

/** Before the names of labels of ours: they say nothing about a service. */
const OWN_LABELS = 'org.perennial.';

/** Label by which an engine finds its own containers again. */
export const RUN_LABEL = 'org.perennial.run';
/** On every image that a restore makes. */
export const BUILD_LABEL = 'org.perennial.restore';

/** One element of `docker image inspect`. */
export function parseImage(json: Json): ImageFacts {
  const config = json.Config ?? {};
  const health = parseHealthCheck(config);
  return {
    id: withAlgorithm(json.Id ?? ''),
    tags: json.RepoTags ?? [],
    digests: json.RepoDigests ?? [],
    created: json.Created ?? '',
    size: json.Size ?? 0,
    architecture: json.Architecture ?? '',
    entrypoint: words(config.Entrypoint),
    command: words(config.Cmd),
    env: environment(config.Env),
    user: config.User ?? '',
    workdir: config.WorkingDir ?? '',
    volumes: Object.keys(config.Volumes ?? {}),
    exposed: Object.keys(config.ExposedPorts ?? {}),
    labels: config.Labels ?? {},
    ...(health ? { health } : {}),
  };
}

/** One element of `docker container inspect`; `image` is taken off its environment so that only additions remain. */
export function parseContainer(json: Json, image: ImageFacts | undefined): ContainerFacts {
  return {
    id: json.Id ?? '',
    name: String(json.Name ?? '').replace(/^\//, ''),
    running: Boolean(json.State?.Running),
    ...healthOf(json.State ?? {}),
    created: json.Created ?? '',
    imageId: withAlgorithm(json.Image ?? ''),
    imageName: json.Config?.Image ?? json.ImageName ?? '',
    address: addressOf(json.NetworkSettings ?? {}),
    run: parseRunOptions(json, image),
  };
}

/** Of a container without a health check docker says nothing or `none`, podman has an empty status; podman 3 calls it Healthcheck. */
function healthOf(state: Json): Pick<ContainerFacts, 'health'> {
  const status = state.Health?.Status ?? state.Healthcheck?.Status;
  return ['starting', 'healthy', 'unhealthy'].includes(status) ? { health: status } : {};
}

function parseRunOptions(json: Json, image: ImageFacts | undefined): RunOptions {
  const config = json.Config ?? {};
  const host = json.HostConfig ?? {};
  return {
    hostname: config.Hostname ?? '',
    user: config.User ?? '',
    workdir: config.WorkingDir ?? '',
    entrypoint: entrypointOf(json),
    command: words(config.Cmd),
    env: addedEnvironment(json, image?.env ?? {}),
    exposed: Object.keys(config.ExposedPorts ?? {}),
    published: publishedPorts(host.PortBindings),
    mounts: mountsOf(json),
    capAdd: (host.CapAdd ?? []).map(capability),
    capDrop: (host.CapDrop ?? []).map(capability),
    privileged: Boolean(host.Privileged),
    networkMode: host.NetworkMode ?? '',
    extraHosts: host.ExtraHosts ?? [],
    dns: host.Dns ?? [],
    labels: removeKnown(config.Labels ?? {}, image?.labels ?? {}),
    stopSignal: signalName(config.StopSignal),
    restartPolicy: restartPolicy(host.RestartPolicy ?? {}),
    init: Boolean(host.Init) || hasPodmanInit(json),
    tty: Boolean(config.Tty),
    shmSize: host.ShmSize === PODMAN_SHM ? 0 : (host.ShmSize ?? 0),
    ulimits: ulimitsOf(json),
    sysctls: host.Sysctls ?? {},
    devices: (host.Devices ?? []).map((device: Json) => `${device.PathOnHost}:${device.PathInContainer}`),
    readOnly: Boolean(host.ReadonlyRootfs),
    ...othersOf(json, image),
  };
}

function restartPolicy({ Name = '', MaximumRetryCount = 0 }: Json): string {
  return Name === 'on-failure' && MaximumRetryCount > 0 ? `${Name}:${MaximumRetryCount}` : Name;
}

/** Namespaces that a container can share with its host, and where `inspect` has them. */
const NAMESPACES = { pid: 'PidMode', ipc: 'IpcMode', uts: 'UTSMode', userns: 'UsernsMode' };

/** Options that few containers have. No `others` where there are none. */
function othersOf(json: Json, image: ImageFacts | undefined): Pick<RunOptions, 'others'> {
  const [config, host] = [json.Config ?? {}, json.HostConfig ?? {}];
  const one = (name: string, value: Json) => (value ? [{ name, value: String(value) }] : []);
  const limit = (name: string, value: Json) => (value > 0 && isAskedFor(json, `--${name}`) ? one(name, value) : []);
  const many = (name: string, values: Json) => ((values ?? []) as Json[]).flatMap(value => one(name, value));
  const others = [
    ...many('security-opt', host.SecurityOpt?.map(withoutProfile)),
    ...many('group-add', host.GroupAdd),
    ...many('dns-search', host.DnsSearch),
    ...many('dns-option', host.DnsOptions),
    ...one('domainname', config.Domainname),
    ...limit('stop-timeout', config.StopTimeout),
    ...limit('memory', host.Memory),
    ...limit('memory-reservation', host.MemoryReservation),
    ...limit('cpus', (host.NanoCpus ?? 0) / 1e9),
    ...limit('cpu-shares', host.CpuShares),
    ...limit('cpu-quota', host.CpuQuota),
    ...one('cpuset-cpus', host.CpusetCpus),
    ...limit('pids-limit', host.PidsLimit),
    ...limit('memory-swap', host.MemorySwap),
    ...one('cpuset-mems', host.CpusetMems),
    ...(isAskedFor(json, '--oom-score-adj') ? one('oom-score-adj', host.OomScoreAdj) : []),
    ...(isAskedFor(json, '--oom-kill-disable') ? one('oom-kill-disable', host.OomKillDisable) : []),
    ...healthOptions(config, image),
    ...logOptions(json),
    ...many('link', host.Links),
    ...networkOptions(json),
    ...one('cgroup-parent', isAskedFor(json, '--cgroup-parent') && host.CgroupParent),
    ...many('device-cgroup-rule', host.DeviceCgroupRules),
    ...pairs('storage-opt', host.StorageOpt),
    ...one('volume-driver', host.VolumeDriver),
    ...one('runtime', !['runc', 'oci', ''].includes(host.Runtime ?? '') && host.Runtime),
    ...Object.entries(NAMESPACES).flatMap(([name, key]) => one(name, host[key] === 'host' && 'host')),
    ...(host.DeviceRequests?.length > 0 ? one('gpus', 'all') : []),
  ];
  return others.length > 0 ? { others } : {};
}

/** A health check that is not the image's. Compose files have words where docker's own option has a text for a shell. */
function healthOptions(config: Json, image: ImageFacts | undefined): OtherOption[] {
  const check = parseHealthCheck(config);
  if (!check || JSON.stringify(check) === JSON.stringify(image?.health)) return [];
  const [kind, ...rest] = check.test;
  if (kind === 'NONE') return [{ name: 'no-healthcheck', value: '' }];
  const times = { interval: check.interval, timeout: check.timeout, 'start-period': check.startPeriod };
  return [
    { name: 'health-cmd', value: kind === 'CMD' ? shellWords(rest) : rest.join(' ') },
    ...Object.entries(times).flatMap(([name, time]) =>
      time === undefined ? [] : [{ name: `health-${name}`, value: milliseconds(time) }],
    ),
    ...(check.retries === undefined ? [] : [{ name: 'health-retries', value: String(check.retries) }]),
  ];
}

/** Where its log goes, when somebody said so; what an engine does by itself is its own business. */
function logOptions(json: Json): OtherOption[] {
  const { Type: type = '', Config: options } = json.HostConfig?.LogConfig ?? {};
  const isUsual =
    ['', 'json-file', 'journald', 'k8s-file', 'local'].includes(type) || !isAskedFor(json, '--log-driver');
  return [...(isUsual ? [] : [{ name: 'log-driver', value: String(type) }]), ...pairs('log-opt', options)];
}

/** Further networks, and what a container is called and has for an address in them. The engine's own choices are none. */
function networkOptions(json: Json): OtherOption[] {
  const networks = Object.entries<Json>(json.NetworkSettings?.Networks ?? {});
  const id = String(json.Id ?? '').slice(0, 12);
  const [mode, service] = [json.HostConfig?.NetworkMode ?? '', json.Config?.Labels?.['com.docker.compose.service']];
  return networks.flatMap(([name, network]) => [
    ...(networks.length > 1 && name !== mode ? [{ name: 'network', value: name }] : []),
    ...((network?.Aliases ?? []) as Json[])
      .map(String)
      .filter(alias => alias !== id && alias !== service && `/${alias}` !== json.Name && alias !== json.Name)
      .map(value => ({ name: 'network-alias', value })),
    ...(network?.IPAMConfig?.IPv4Address ? [{ name: 'ip', value: String(network.IPAMConfig.IPv4Address) }] : []),
    ...(network?.IPAMConfig?.IPv6Address ? [{ name: 'ip6', value: String(network.IPAMConfig.IPv6Address) }] : []),
  ]);
}

function pairs(name: string, values: Json): OtherOption[] {
  return Object.entries(values ?? {}).map(([key, value]) => ({ name, value: `${key}=${value}` }));
}

/** Docker has the whole text of a seccomp profile there. */
function withoutProfile(option: Json): string {
  return String(option).replace(/^seccomp[=:]\{.*$/s, 'seccomp=PROFILE');
}

/** Podman says what it gives every container as if it had been asked for; it also has the command line. */
function isAskedFor(json: Json, option: string): boolean {
  const created: Json = json.Config?.CreateCommand;
  return !Array.isArray(created) || created.some(word => word === option || String(word).startsWith(`${option}=`));
}

function words(value: Json): string[] {
  return Array.isArray(value) ? value : typeof value === 'string' && value !== '' ? [value] : [];
}

/** What podman gives every container, in bytes (containers.conf(5), shm_size). Docker has 64 MiB. */
const PODMAN_SHM = 65536000;

/** Podman joins the words of an entry point to one string; what was really started, less the command, has them apart. */
function entrypointOf(json: Json): string[] {
  const config = json.Config ?? {};
  if (typeof config.Entrypoint !== 'string') return words(config.Entrypoint);
  if (config.Entrypoint === '') return [];
  const started = [json.Path ?? '', ...(json.Args ?? [])];
  const all = hasPodmanInit(json) ? started.slice(2) : started; // podman-init --
  return all.slice(0, Math.max(1, all.length - words(config.Cmd).length));
}

function hasPodmanInit(json: Json): boolean {
  return /\/(podman|docker)-init$|^\/dev\/init$/.test(json.Path ?? '') && json.Args?.[0] === '--';
}

/** Both engines take the names without their prefix. */
function capability(name: string): string {
  return name.replace(/^CAP_/, '');
}

/** Podman 4 writes the number of the signal; 15 is what every container has. */
function signalName(signal: Json): string {
  if (typeof signal === 'string') return signal;
  const found = Object.entries(constants.signals).find(([, number]) => number === signal)?.[0];
  return signal === constants.signals.SIGTERM ? '' : (found ?? '');
}

/** Podman lists the limits of every container, also those that nobody gave, and calls them RLIMIT_NOFILE. */
function ulimitsOf(json: Json): RunOptions['ulimits'] {
  if (!isAskedFor(json, '--ulimit')) return [];
  return (json.HostConfig?.Ulimits ?? []).map((limit: Json) => ({
    name: String(limit.Name)
      .replace(/^RLIMIT_/, '')
      .toLowerCase(),
    soft: limit.Soft,
    hard: limit.Hard,
  }));
}

function withAlgorithm(id: string): string {
  return id === '' || id.includes(':') ? id : `sha256:${id}`;
}

function environment(list: Json): Record<string, string> {
  const pairs = (list ?? []).map((item: string) => {
    const at = item.indexOf('=');
    return at < 0 ? [item, ''] : [item.slice(0, at), item.slice(at + 1)];
  });
  return Object.fromEntries(pairs);
}

/** Podman adds these to every container, unless the image or a person says otherwise. Docker's `inspect` has none of its own. */
const PODMANS_OWN: ReadonlySet<string> = new Set(['container', 'HOSTNAME', 'HOME', 'PATH', 'TERM']);

function addedEnvironment(json: Json, image: Record<string, string>): Record<string, string> {
  const created: Json = json.Config?.CreateCommand;
  const isGiven = (name: string) =>
    created.some((word: Json) => new RegExp(`^(?:--env=|-e)?${name}(?:=|$)`).test(word));
  const isOwn = (name: string) => Array.isArray(created) && PODMANS_OWN.has(name) && !(name in image) && !isGiven(name);
  const env = Object.entries(environment(json.Config?.Env));
  return Object.fromEntries(env.filter(([name, value]) => image[name] !== value && !isOwn(name)));
}

function removeKnown(labels: Record<string, string>, known: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(labels).filter(([name, value]) => known[name] !== value && !name.startsWith(OWN_LABELS)),
  );
}

function publishedPorts(bindings: Json): PublishedPort[] {
  return Object.entries(bindings ?? {}).flatMap(([container, list]) =>
    ((list as Json[]) ?? []).map(item => ({ container, hostIp: item.HostIp ?? '', hostPort: item.HostPort ?? '' })),
  );
}

function mountsOf(json: Json): Mount[] {
  const mounts: Mount[] = (json.Mounts ?? []).map((mount: Json) => ({
    type: ['volume', 'bind', 'tmpfs'].includes(mount.Type) ? mount.Type : 'other',
    source: mount.Type === 'volume' ? (mount.Name ?? '') : (mount.Source ?? ''),
    destination: mount.Destination ?? '',
    writable: mount.RW !== false,
    anonymous: mount.Type === 'volume' && /^[0-9a-f]{64}$/.test(mount.Name ?? ''),
  }));
  const tmpfs = Object.entries(json.HostConfig?.Tmpfs ?? {}).map(
    ([destination, options]): Mount => ({
      ...{ type: 'tmpfs', source: '', destination, writable: true, anonymous: false },
      ...tmpfsOptions(options),
    }),
  );
  return [...mounts, ...tmpfs].sort((a, b) => (a.destination < b.destination ? -1 : 1));
}

/** Options that both engines take; what podman adds by itself (`rprivate`, `tmpcopyup`) docker refuses. */
const TMPFS_OPTION = /^(?:(?:size|mode|uid|gid|nr_inodes)=\w+|exec|ro)$/;

function tmpfsOptions(given: Json): Pick<Mount, 'options'> {
  const options = String(given ?? '')
    .split(',')
    .filter(option => TMPFS_OPTION.test(option))
    .join(',');
  return options === '' ? {} : { options };
}

function addressOf(settings: Json): string {
  if (settings.IPAddress) return settings.IPAddress;
  const networks: Json[] = Object.values(settings.Networks ?? {});
  return networks.map(network => network.IPAddress).find(Boolean) ?? '';
}
