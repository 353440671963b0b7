import type { BuildOptions, ExecOptions, Mount, RunContainerOptions, RunOptions } from './engine.ts';

/* Pure builders of argument arrays: what is tested is what the engine gets. */

/** `docker build …`; the image id is written to `idFile` because what is printed differs between builders. */
export function buildArguments(options: BuildOptions, idFile: string): string[] {
  return [
    'build',
    '--force-rm', // a step that fails leaves no container behind
    '--iidfile',
    idFile,
    ...(options.dockerfile ? ['--file', options.dockerfile] : []),
    ...(options.tag ? ['--tag', options.tag] : []),
    ...(options.pull ? ['--pull'] : []),
    ...(options.noCache ? ['--no-cache'] : []),
    ...Object.entries(options.buildArgs ?? {}).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]),
    ...pairs(options.labels).flatMap(label => ['--label', label]),
    options.context,
  ];
}

/** `docker exec …`; stdin is attached only when there is something to send. */
export function execArguments(container: string, argv: string[], options: ExecOptions, interactive: boolean): string[] {
  return [
    'exec',
    ...(interactive ? ['--interactive'] : []),
    ...(options.user === undefined ? [] : ['--user', options.user]),
    ...(options.workdir ? ['--workdir', options.workdir] : []),
    ...Object.entries(options.env ?? {}).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
    container,
    ...argv,
  ];
}

/** `docker run …` for a container like the recorded one. */
export function runArguments(options: RunContainerOptions, mode: 'detached' | 'once', interactive = false): string[] {
  const run = options.run ?? {};
  return [
    'run',
    ...(mode === 'detached' ? ['--detach'] : ['--rm']),
    ...(interactive ? ['--interactive'] : []),
    ...(options.name ? ['--name', options.name] : []),
    ...runOptionArguments(run),
    ...(options.volumesFrom ? ['--volumes-from', options.volumesFrom] : []),
    ...(options.pidOf ? ['--pid', `container:${options.pidOf}`] : []),
    ...(options.networkOf ? ['--network', `container:${options.networkOf}`] : []),
    ...(options.extraArgs ?? []),
    ...(options.entrypoint === undefined ? [] : ['--entrypoint', options.entrypoint]),
    options.image,
    ...(options.command ?? run.command ?? []),
  ];
}

/** The options of `docker run` that make a container like the recorded one; no name, image or command. */
export function runOptionArguments(run: Partial<RunOptions>): string[] {
  const many = (flag: string, values: string[] | undefined) => (values ?? []).flatMap(value => [flag, value]);
  return [
    ...(run.hostname ? ['--hostname', run.hostname] : []),
    ...(run.user ? ['--user', run.user] : []),
    ...(run.workdir ? ['--workdir', run.workdir] : []),
    ...many('--env', pairs(run.env)),
    ...many('--expose', run.exposed),
    ...many(
      '--publish',
      run.published?.map(port => publishArgument(port)),
    ),
    ...many(
      '--mount',
      run.mounts?.map(mountArgument).filter(argument => argument !== ''),
    ),
    ...many('--tmpfs', run.mounts?.filter(mount => mount.type === 'tmpfs').map(tmpfsArgument)),
    ...many('--cap-add', run.capAdd),
    ...many('--cap-drop', run.capDrop),
    ...(run.privileged ? ['--privileged'] : []),
    ...(run.networkMode && !['default', 'bridge', 'slirp4netns'].includes(run.networkMode)
      ? ['--network', run.networkMode]
      : []),
    ...many('--add-host', run.extraHosts),
    ...many('--dns', run.dns),
    ...many('--label', pairs(run.labels)),
    ...(run.stopSignal ? ['--stop-signal', run.stopSignal] : []),
    ...(run.restartPolicy && run.restartPolicy !== 'no' ? ['--restart', run.restartPolicy] : []),
    ...(run.init ? ['--init'] : []),
    ...(run.tty ? ['--tty'] : []),
    ...(run.shmSize && run.shmSize !== 67108864 ? ['--shm-size', String(run.shmSize)] : []),
    ...many(
      '--ulimit',
      run.ulimits?.map(limit => `${limit.name}=${limit.soft}:${limit.hard}`),
    ),
    ...many('--sysctl', pairs(run.sysctls)),
    ...many('--device', run.devices),
    ...(run.readOnly ? ['--read-only'] : []),
    ...(run.others ?? []).flatMap(({ name, value }) => (value === '' ? [`--${name}`] : [`--${name}`, value])),
  ];
}

function pairs(values: Record<string, string> | undefined): string[] {
  return Object.entries(values ?? {}).map(([name, value]) => `${name}=${value}`);
}

function publishArgument(port: { container: string; hostIp: string; hostPort: string }): string {
  const ip = port.hostIp.includes(':') ? `[${port.hostIp}]` : port.hostIp;
  return [...(ip ? [ip] : []), port.hostPort, port.container].join(':');
}

/** As `--tmpfs` has it; compose files, too. */
export function tmpfsArgument({ destination, options }: Mount): string {
  return options ? `${destination}:${options}` : destination;
}

function mountArgument(mount: { type: string; source: string; destination: string; writable: boolean }): string {
  if (mount.type !== 'volume' && mount.type !== 'bind') return '';
  const field = (value: string) => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  const parts = [`type=${mount.type}`, field(`source=${mount.source}`), field(`destination=${mount.destination}`)];
  return [...parts, ...(mount.writable ? [] : ['readonly'])].join(',');
}
