import type { Mount, RunOptions } from '../engine/engine.ts';

/** Name of the volume for a mount point, behind the container's own name: `/srv/data` -> `srv-data`. */
export function volumeSuffix(destination: string): string {
  return destination.replace(/[^a-zA-Z0-9_.-]+/g, '-').replace(/^-|-$/g, '');
}

/**
 * The options of the old container that make sense anywhere, with `mounts` in place of its own (tmpfs excepted). What
 * cannot be repeated is added to `notes` in words.
 */
export function repeatableOptions(run: RunOptions, mounts: Mount[], notes: string[]): Partial<RunOptions> {
  const tmpfs = run.mounts.filter(mount => mount.type === 'tmpfs');
  if (run.readOnly)
    notes.push('The old container had a read-only root; the new one has not, since its state is put into it');
  if (run.devices.length > 0) notes.push(`Devices of the old host are not passed on: ${run.devices.join(', ')}`);
  const network = ['host', 'none'].includes(run.networkMode) ? run.networkMode : '';
  if (run.networkMode && !network && !['default', 'bridge', 'slirp4netns', 'pasta'].includes(run.networkMode)) {
    notes.push(
      `The old container was on the network ${run.networkMode}; the new one is on the engine's default network`,
    );
  }
  const { readOnly: _, devices: __, ...rest } = run;
  return {
    ...rest,
    hostname: /^[0-9a-f]{12}$/.test(run.hostname) ? '' : run.hostname,
    mounts: [...mounts, ...tmpfs],
    networkMode: network,
  };
}
