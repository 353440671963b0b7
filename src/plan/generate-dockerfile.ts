import { type HealthCheck, milliseconds } from '../engine/health-check.ts';
import { PerennialError } from '../errors.ts';

export interface ImageSettings {
  cmd?: string[];
  entrypoint?: string[];
  env?: Record<string, string>;
  /** `445/tcp`, `80` */
  expose?: string[];
  volumes?: string[];
  workdir?: string;
  user?: string;
  labels?: Record<string, string>;
  health?: HealthCheck;
}

/**
 * A Dockerfile for a bag that has none: the base, the packages that a person chose, and the image's own settings.
 * Comes from a bag, so every value is checked or quoted. Throws `bad-input` on a package or image name that is none.
 * An environment value with a line break cannot stand in a Dockerfile; it is left to the run options, with a comment.
 */
export function generateDockerfile(packages: string[], base: string, settings: ImageSettings = {}): string {
  if (!/^[\w][\w./:@-]*$/.test(base)) throw notA('image reference', base);
  for (const name of packages) if (!/^[a-z0-9][a-z0-9+.-]+(:[a-z0-9-]+)?$/.test(name)) throw notA('package name', name);
  const labels = Object.entries(settings.labels ?? {}).map(([name, value]) => `LABEL ${quote(name)}=${quote(value)}`);
  const lines = [`FROM ${base}`, ...labels, ...environment(settings.env ?? {}), ...installation(packages)];
  for (const port of settings.expose ?? []) {
    if (!/^\d+(-\d+)?(\/(tcp|udp|sctp))?$/.test(port)) throw notA('port', port);
    lines.push(`EXPOSE ${port}`);
  }
  if (settings.volumes?.length) lines.push(`VOLUME ${exec(settings.volumes.map(path => oneLine('volume', path)))}`);
  if (settings.workdir) lines.push(`WORKDIR ${oneLine('working directory', settings.workdir)}`);
  if (settings.user) lines.push(`USER ${oneLine('user', settings.user)}`);
  if (settings.entrypoint?.length) lines.push(`ENTRYPOINT ${exec(settings.entrypoint)}`);
  if (settings.cmd?.length) lines.push(`CMD ${exec(settings.cmd)}`);
  if (settings.health) lines.push(healthCheck(settings.health));
  return `${lines.join('\n')}\n`;
}

/** In the exec form: a text for a shell may have any character. */
function healthCheck({ test: [kind, ...words], interval, timeout, startPeriod, retries }: HealthCheck): string {
  if (kind === 'NONE') return 'HEALTHCHECK NONE';
  const times = { interval, timeout, 'start-period': startPeriod };
  const options = Object.entries(times).flatMap(([name, time]) => (time ? [`--${name}=${milliseconds(time)}`] : []));
  const command = kind === 'CMD' ? words : ['/bin/sh', '-c', words.join(' ')];
  return ['HEALTHCHECK', ...options, ...(retries ? [`--retries=${retries}`] : []), 'CMD', exec(command)].join(' ');
}

function installation(packages: string[]): string[] {
  if (packages.length === 0) return [];
  const names = [...new Set(packages)].sort().map(name => `      ${name} \\`);
  return [
    'RUN apt-get update \\',
    ' && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \\',
    ...names,
    ' && rm -rf /var/lib/apt/lists/*',
  ];
}

function environment(env: Record<string, string>): string[] {
  return Object.entries(env).map(([name, value]) => {
    if (!/^[A-Za-z_]\w*$/.test(name)) throw notA('name of an environment variable', name);
    if (/[\r\n]/.test(value)) return `# ENV ${name} has several lines: give it when the container is started`;
    return `ENV ${name}=${quote(value)}`;
  });
}

/** For ENV and LABEL, which read variables and escapes; a line break (possible in a label only) becomes a blank. */
function quote(value: string): string {
  return `"${value.replace(/\s*[\r\n]+\s*/g, ' ').replace(/["\\$]/g, '\\$&')}"`;
}

/** The exec form. */
function exec(words: string[]): string {
  return JSON.stringify(words);
}

/** `$` would be read as a variable. */
function oneLine(what: string, value: string): string {
  if (/[\r\n]/.test(value)) throw notA(what, value);
  return value.replace(/[\\$]/g, '\\$&');
}

function notA(what: string, value: string): PerennialError {
  return new PerennialError('bad-input', `Not a ${what}: ${JSON.stringify(value)}`, {
    hint: 'The bag was written by something else, or changed since: run `perennial verify` on it.',
  });
}
