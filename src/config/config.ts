import type { SmokeTest } from '../smoke/smoke-test.ts';

/** perennial.yml: every field has a default; a service whose image has a CMD needs no file at all. */
export interface Config {
  /** Name of the service in reports. Default: the container's name. */
  name?: string;
  /** Shell command that starts the daemons and returns once they answer. */
  start?: string;
  /** minimatch globs of absolute paths that are always kept / always left; the last word over every rule. */
  include: string[];
  exclude: string[];
  /** keep: log files are kept; directories: only their directories; default keep. */
  logs: 'keep' | 'directories';
  /** Keep raw data files beside the logical export that replaces them. Default false. */
  rawData: boolean;
  /** Freeze the container while its files are read. Default false. */
  freeze: boolean;
  /** Ask the engine's diff as a second source, and keep and name the paths about which it disagrees. */
  crossCheck: boolean;
  /** Shell commands run in the container before archiving, and in the new one after the data is back. */
  quiesce: string[];
  load: string[];
  /** Ask what knowledge/ asks by itself of the services that are recognised. Default true. */
  defaults: boolean;
  /** How long an archive has to last, such as `5 years`. Default: nobody said. */
  keepFor?: string;
  smoke: SmokeTest[];
  /** Folder with knowledge entries of the owner's own, absolute. */
  knowledge?: string;
}

export const defaultConfig: Config = {
  include: [],
  exclude: [],
  logs: 'keep',
  rawData: false,
  freeze: false,
  crossCheck: false,
  quiesce: [],
  load: [],
  defaults: true,
  smoke: [],
};
