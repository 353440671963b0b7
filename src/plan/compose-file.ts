import { stringify } from 'yaml';
import { tmpfsArgument } from '../engine/arguments.ts';
import type { OtherOption, RunOptions } from '../engine/engine.ts';

export interface ComposeFacts {
  /** Name of the restored container. */
  name: string;
  /** Reference of the kept image. */
  image: string;
  /** How the container runs, as the engine reports it. */
  run: RunOptions;
}

/**
 * A compose file (https://github.com/compose-spec/compose-spec) that starts the kept image as the restored container runs, with its
 * volumes. Pure. `$` is doubled, since compose would put variables in its place.
 */
export function composeFile({ name, image, run }: ComposeFacts): string {
  const volumes = run.mounts.filter(mount => mount.type === 'volume' && !mount.anonymous);
  const service = {
    image,
    container_name: name,
    ...some('hostname', run.hostname.match(/^[0-9a-f]{12}$/) ? '' : run.hostname),
    ...some('user', run.user),
    ...some('working_dir', run.workdir),
    ...some('environment', run.env),
    ...some('expose', run.exposed),
    ...some('ports', run.published.map(portText)),
    ...some(
      'volumes',
      volumes.map(mount => `${mount.source}:${mount.destination}${mount.writable ? '' : ':ro'}`),
    ),
    ...some('tmpfs', run.mounts.filter(mount => mount.type === 'tmpfs').map(tmpfsArgument)),
    ...some('cap_add', run.capAdd),
    ...some('cap_drop', run.capDrop),
    ...some('extra_hosts', run.extraHosts),
    ...some('dns', run.dns),
    ...some('sysctls', run.sysctls),
    ...others(run.others ?? []),
    ...some('stop_signal', run.stopSignal),
    ...some('restart', run.restartPolicy === 'no' ? '' : run.restartPolicy),
    ...(run.privileged ? { privileged: true } : {}),
    ...(run.init ? { init: true } : {}),
    ...(run.tty ? { tty: true } : {}),
    ...(run.readOnly ? { read_only: true } : {}),
    ...some('shm_size', run.shmSize === DEFAULT_SHM ? '' : `${run.shmSize || ''}`),
    ...some('devices', run.devices),
    ...some('ulimits', Object.fromEntries(run.ulimits.map(({ name: limit, soft, hard }) => [limit, { soft, hard }]))),
  };
  const file = {
    version: '3.7', // older programs ask for it, newer ones do not look
    services: { [name.toLowerCase().replace(/[^a-z0-9_-]+/g, '-')]: withoutVariables(service) },
    ...some(
      'volumes',
      Object.fromEntries(volumes.map(mount => [mount.source, { external: true, name: mount.source }])),
    ),
  };
  return `${HEAD}${stringify(file)}`;
}

const HEAD = `# Starts the restored service from its kept image. \`docker rm -f\` the restored container first: it has the name and the ports.
# Volumes are not in an image: elsewhere, fill them with \`docker run --rm -v VOLUME:/to ...\`, or restore the bag there.
`;

/** Bytes of /dev/shm where nobody says so. */
const DEFAULT_SHM = 64 * 1024 * 1024;

/** Names of options of `docker run` in compose files. */
const LISTS: Record<string, string> = {
  'security-opt': 'security_opt',
  'group-add': 'group_add',
  'dns-search': 'dns_search',
  'dns-option': 'dns_opt',
};

function others(options: OtherOption[]): Record<string, unknown> {
  const valuesOf = (name: string) => options.filter(each => each.name === name).map(each => each.value);
  const [domain, seconds] = [valuesOf('domainname')[0], valuesOf('stop-timeout')[0]];
  return {
    ...Object.assign({}, ...Object.entries(LISTS).map(([name, key]) => some(key, valuesOf(name)))),
    ...some('domainname', domain ?? ''),
    ...some('stop_grace_period', seconds ? `${seconds}s` : ''),
    ...some('healthcheck', healthCheck(options)),
  };
}

function healthCheck(options: OtherOption[]): Record<string, unknown> {
  if (options.some(each => each.name === 'no-healthcheck')) return { disable: true };
  const given = (name: string) => options.find(each => each.name === `health-${name}`)?.value;
  const [command, retries] = [given('cmd'), given('retries')];
  if (command === undefined) return {};
  return {
    test: ['CMD-SHELL', command],
    ...some('interval', given('interval') ?? ''),
    ...some('timeout', given('timeout') ?? ''),
    ...some('start_period', given('start-period') ?? ''),
    ...(retries === undefined ? {} : { retries: Number(retries) }),
  };
}

function some(key: string, value: string | unknown[] | object): Record<string, unknown> {
  const isEmpty = typeof value === 'string' ? value === '' : Object.keys(value).length === 0;
  return isEmpty ? {} : { [key]: value };
}

function portText({ container, hostIp, hostPort }: RunOptions['published'][number]): string {
  const ip = hostIp.includes(':') ? `[${hostIp}]` : hostIp;
  return [...(ip ? [ip] : []), ...(hostPort ? [hostPort] : []), container].join(':');
}

function withoutVariables(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value).replaceAll('$', '$$$$'));
}
