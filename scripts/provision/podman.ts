import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { hasProgram, run, tryRun } from '../command.ts';
import { aptInstall, offered } from './apt.ts';

/** What podman needs beside itself to run and build, as root and rootless; names differ between releases. */
const PACKAGES = [
  'podman',
  'buildah',
  'crun',
  'runc',
  'netavark',
  'aardvark-dns',
  'containernetworking-plugins',
  'passt',
  'slirp4netns',
  'uidmap',
  'fuse-overlayfs',
  'catatonit',
  'iptables',
];
const DROP_IN = '/etc/containers/containers.conf.d/90-perennial.conf';
const STORAGE = '/etc/containers/storage.conf';
const CAP_SYS_RESOURCE = 24n;

/** podman, and the settings that it lacks on a machine without systemd (docs/development.md, "podman"). */
export const providePodman = {
  present: () => hasProgram('podman') && !isMisconfigured(),
  provide(): void {
    if (!hasProgram('podman')) aptInstall(offered(PACKAGES));
    if (isMisconfigured()) configure();
  },
};

/** Copies images of the docker engine into podman's storage; `user` takes them into a rootless one. */
export function loadIntoPodman(images: string[], user?: string): void {
  const asUser = user ? 'runuser -u "$USER_NAME" -- ' : '';
  const script = `cd / && docker save "$@" | ${asUser}podman load -q`;
  run('bash', ['-o', 'pipefail', '-c', script, 'bash', ...images], {
    env: {
      ...process.env,
      ...(user ? { USER_NAME: user, HOME: run('sh', ['-c', 'eval echo ~"$0"', user]).trim() } : {}),
    },
  });
}

function isMisconfigured(): boolean {
  if (process.getuid?.() !== 0) return false;
  return (settings() !== '' && !existsSync(DROP_IN)) || !existsSync(STORAGE) || tunClosed();
}

function configure(): void {
  mkdirSync('/etc/containers/containers.conf.d', { recursive: true });
  if (settings() !== '') writeFileSync(DROP_IN, settings());
  // Without this file a rootless podman falls back to vfs, which copies every layer in full.
  const storage =
    '[storage]\ndriver = "overlay"\nrunroot = "/run/containers/storage"\ngraphroot = "/var/lib/containers/storage"\n';
  if (!existsSync(STORAGE)) writeFileSync(STORAGE, storage);
  // Rootless networks (slirp4netns, pasta) open it as the user; udev does this where it runs.
  if (tunClosed()) chmodSync('/dev/net/tun', 0o666);
}

function tunClosed(): boolean {
  return existsSync('/dev/net/tun') && (statSync('/dev/net/tun').mode & 0o006) !== 0o006;
}

/** The drop-in for containers.conf(5); empty on a machine that needs none. */
function settings(): string {
  return [limits(), existsSync('/sys/fs/cgroup/cgroup.controllers') ? '' : '[engine]\nruntime = "runc"\n'].join('');
}

/**
 * podman raises the limits of open files and processes to 1048576, which needs CAP_SYS_RESOURCE. Where root lacks
 * it (a nested machine), it must be told to ask for less. crun refuses a hybrid cgroup hierarchy, runc does not.
 */
function limits(): string {
  const capabilities = BigInt(`0x${/^CapEff:\s*(\w+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0'}`);
  if ((capabilities >> CAP_SYS_RESOURCE) & 1n) return '';
  const files = Math.min(Number(tryRun('sh', ['-c', 'ulimit -Hn']).stdout) || 1024, 1048576);
  return `[containers]\ndefault_ulimits = ["nofile=${files}:${files}", "nproc=8192:8192"]\n`;
}
