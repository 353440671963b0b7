/** /etc/os-release (os-release(5)). */
export interface OsRelease {
  id: string;
  idLike: string[];
  versionId: string;
  codename: string;
  prettyName: string;
}

/** One package as its database tells it. */
export interface InstalledPackage {
  name: string;
  version: string;
  architecture: string;
  /** Source package, for names that carry a version (`ip4r` of `postgresql-13-ip4r`). */
  source: string;
  /** Chosen by a person, not pulled in by a dependency. */
  manual: boolean;
  status: 'installed' | 'config-files' | 'half-installed' | 'hold';
  /** Names that it provides, without versions. */
  provides: string[];
  /** md5 (dpkg) or sha256 (rpm) of configuration files as shipped, by path; '' when unknown (`newconffile`). */
  conffiles: Record<string, string>;
  /** `required`, `important`, `optional`, ...; dpkg only. */
  priority?: string;
  /** No configured repository offers it any more (a local .deb). */
  local?: boolean;
}

export interface PasswdEntry {
  name: string;
  password: string;
  uid: number;
  gid: number;
  gecos: string;
  home: string;
  shell: string;
}

export interface GroupEntry {
  name: string;
  password: string;
  gid: number;
  members: string[];
}

/** shadow(5) and gshadow(5) lines, kept as their fields. */
export interface ShadowEntry {
  name: string;
  fields: string[];
}

export interface SubIdEntry {
  name: string;
  start: number;
  count: number;
}

/** The account databases as records: they are merged, never overwritten. */
export interface Accounts {
  passwd: PasswdEntry[];
  group: GroupEntry[];
  shadow: ShadowEntry[];
  gshadow: ShadowEntry[];
  subuid: SubIdEntry[];
  subgid: SubIdEntry[];
}

/** dpkg's own overrides: replayed as commands, never restored as files. */
export interface DpkgOverrides {
  statoverrides: { user: string; group: string; mode: string; path: string }[];
  diversions: { path: string; divertedTo: string; package: string }[];
  alternatives: { name: string; link: string; mode: 'auto' | 'manual'; value: string; choices: AlternativeChoice[] }[];
  holds: string[];
}

export interface AlternativeChoice {
  path: string;
  priority: number;
  slaves: { name: string; link: string; path: string }[];
}

export interface ListeningSocket {
  protocol: 'tcp' | 'udp';
  address: string;
  port: number;
  program: string;
}

export interface RunningProcess {
  pid: number;
  user: string;
  program: string;
  argv: string[];
  package: string;
  /** What it was started to run, where a package ships it (`perl -T /usr/sbin/spamd`). Not in bags of the first versions. */
  script?: { program: string; package: string };
  /** Pid of the process that started it; 0 or 1 for a daemon. Not in bags of the first versions. */
  parent?: number;
}

/** What is known of a system without its files: goes into the bag's manifest. */
export interface SystemFacts {
  os: OsRelease;
  architecture: string;
  packageManager: 'dpkg' | 'rpm' | 'apk' | 'none';
  packages: InstalledPackage[];
  overrides: DpkgOverrides;
  /** Lines of sources.list and *.sources that are not the distribution's own archive. */
  extraRepositories: string[];
  /** `Commandline:` entries of /var/log/apt/history.log. */
  installHistory: string[];
  /** Packages of the image that the owner removed during operation. */
  removed: string[];
  /** Paths that packages ship and whose last component is a version: `/var/lib/gems/3.1.0`. Not in bags of the first versions. */
  versionedDirectories?: string[];
  /** Programs whose package has versions in the names of others: `pg_ctlcluster` -> `postgresql-common`. Not in bags of the first versions. */
  versionedPrograms?: Record<string, string>;
}
