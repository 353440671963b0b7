import type { Difference, Service } from '../knowledge/service.ts';
import type { Accounts, OsRelease } from '../system/system-facts.ts';
import type { Substitution } from './path-substitution.ts';
import type { Resolution } from './resolve-packages.ts';

/** One thing that a restore will do, with its reason. `where` says what it concerns: a package, a path, an account. */
export interface PlannedStep {
  /** Stage of the restore that does it, in this order. */
  stage:
    | 'base'
    | 'build'
    | 'packages'
    | 'accounts'
    | 'state'
    | 'overrides'
    | 'deletions'
    | 'configuration'
    | 'attributes'
    | 'exports'
    | 'checks'
    | 'start'
    | 'smoke';
  what: string;
  why: string;
  /** Mechanism or knowledge entry that decided. */
  rule: string;
}

/** Everything that is decided before anything is changed. Pure data: it can be shown, compared and kept. */
export interface Plan {
  service: string;
  /** Image reference of the base. */
  base: string;
  from: OsRelease;
  to: OsRelease;
  sameRelease: boolean;
  resolutions: Resolution[];
  /** Packages of the old system that the new one has in another version: name -> version then. */
  versions: Record<string, string>;
  substitutions: Substitution[];
  /** The start command of then, and that of today as far as it can be told before packages are there. */
  start: { old: string; today: string };
  /** The main process of then and of today. */
  main: { old: string[]; today: string[] };
  /** Today's packages in the place of those on hold. */
  holds: string[];
  /** Configuration files that today's packages say they move: known once these are there. */
  moves?: ReadonlyMap<string, string>;
  /** Real package names to have on the new system beside what the Dockerfile installs. */
  install: string[];
  /** Whether older releases are asked for packages that today's has not. */
  olderPackages: boolean;
  /** Packages of old dependencies that today's packages do not pull in any more. */
  demoted: string[];
  /** Packages that the owner had removed. */
  remove: string[];
  /** Of these, those that went with their configuration files (`apt-get purge`). */
  purge: string[];
  dockerfile: {
    text: string;
    generated: boolean;
    /** What changed in it, and in files of the build context. */
    diff: string;
    buildArgs: Record<string, string>;
    /** Texts of today of files of the build context that change, as latin1. */
    context: Record<string, string>;
  };
  /** Accounts of the base with the old system accounts merged in, right after FROM. */
  systemAccounts: Accounts;
  services: Service[];
  differences: { service: string; difference: Difference }[];
  steps: PlannedStep[];
  /** What a person should know beforehand. */
  notes: string[];
}
