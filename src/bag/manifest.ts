import type { ImageFacts, RunOptions } from '../engine/engine.ts';
import type { LanguagePackage } from '../language/language-package.ts';
import type { ListeningSocket, RunningProcess, SystemFacts } from '../system/system-facts.ts';

/** Schema version of data/manifest.json and data/files.ndjson.zst. Newer bags are refused, older ones always read. */
export const BAG_SCHEMA = 1;

export interface Dump {
  /** Path below data/dumps/ */
  file: string;
  /** knowledge/services entry that wrote it and knows how to load it. */
  service: string;
  /** Id of the export within the entry. */
  export: string;
  bytes: number;
}

/** A configuration file whose version before the owner's edits is kept in data/pristine/ for a three-way merge. */
export interface Pristine {
  /** Absolute path of the edited file. */
  path: string;
  /** Path below data/ */
  file: string;
  source: 'image' | 'package';
}

export interface Counts {
  paths: number;
  kept: number;
  keptBytes: number;
  deleted: number;
  /** By rule id: how many paths it decided and their bytes. */
  rules: Record<string, { paths: number; bytes: number; kept: boolean }>;
}

/** data/manifest.json */
export interface Manifest {
  schema: number;
  tool: { name: 'perennial'; version: string };
  /** ISO 8601, when the archive was taken; SOURCE_DATE_EPOCH is honoured. */
  created: string;
  service: {
    name: string;
    /** Ids of knowledge/services entries that recognised it. */
    recognised: string[];
    /** Command that the owner gave to start the daemons (`--start`), run by `sh -c` in the container. */
    start: string;
    run: RunOptions;
    image: ImageFacts | null;
    processes: RunningProcess[];
    sockets: ListeningSocket[];
    /** Lines of the services' own checkers that call something deprecated; absent when there were none. */
    foretold?: { service: string; check: string; line: string }[];
  };
  system: SystemFacts;
  /** How the image was built, when a context was given: paths below data/rebuild/. */
  rebuild: { dockerfile: string; context: string; buildArgs: Record<string, string> } | null;
  /** Packages of languages (pip, npm, gem, conda), as their own records list them. Bags before them have none. */
  languagePackages: LanguagePackage[];
  dumps: Dump[];
  pristine: Pristine[];
  /** Volume and bind-mount policy as applied: destination -> what was done and why. */
  mounts: { destination: string; kept: boolean; why: string }[];
  counts: Counts;
  /** What a person should know: unreadable paths, lost attributes, disagreeing sources. */
  notes: string[];
}
