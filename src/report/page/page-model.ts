import type { DrillRecord } from '../../drill/drill-record.ts';
import type { PackageNews } from '../../plan/package-news.ts';
import type { StateProof } from '../../proof/finding.ts';
import type { ComparedResult } from '../../smoke/smoke-test.ts';
import type { RunStep } from '../run-steps.ts';
import type { PathList } from './path-list.ts';

/* What a report page shows, as plain values: made of an archive run or a restore, and drawn by report-page.ts. */

export type Mark = 'good' | 'bad' | 'unsure' | 'plain';

/** Something that a person should look at. */
export interface Notice {
  level: 'error' | 'warning' | 'notice';
  what: string;
  why: string;
  rule: string;
  detail: string;
}

/** One smoke test: what clients saw then, and what they see now. */
export interface ShownAnswer {
  name: string;
  verdict: string;
  mark: Mark;
  before?: { status: string; lines: string[] };
  after?: { status: string; lines: string[] };
  /** Of an analysis: its values, and how far they are from what they were. */
  results?: ComparedResult[];
}

/** Why paths were kept or left; `bytes` of their content. */
export interface Reason {
  rule: string;
  words: string;
  kept: boolean;
  paths: number;
  bytes: number;
}

export interface Size {
  label: string;
  note: string;
  bytes: number;
  /** It is what Perennial keeps. */
  kept: boolean;
}

/** A package that is not what it was. */
export interface DriftRow {
  name: string;
  before: string;
  after: string;
  /** What mended it, in words; empty where an update was all. */
  mended: string;
  main: boolean;
}

/** A file that is not as it was, and what was done about it. */
export interface FileChange {
  what: string;
  why: string;
  rule: string;
  conflict: boolean;
  diff: string;
}

export interface AccountRow {
  kind: 'user' | 'group';
  name: string;
  before: string;
  after: string;
  words: string;
}

export interface Deed {
  stage: string;
  what: string;
  why: string;
  rule: string;
}

export interface PageModel {
  kind: 'Decommissioned' | 'Restored' | 'Not restored';
  title: string;
  verdict: { mark: Mark; text: string };
  summary: string;
  /** Who made the archive, where somebody signed for it. */
  attestation?: string;
  figures: { label: string; value: string; note?: string }[];
  look: Notice[];
  answers: ShownAnswer[];
  /** What a restore compared beyond the answers. */
  state: StateProof | undefined;
  steps: RunStep[];
  reasons: Reason[];
  sizes: Size[];
  drift: DriftRow[];
  /** What the packages' maintainers tell those who come from the old versions. */
  news: PackageNews[];
  files: FileChange[];
  accounts: AccountRow[];
  deeds: Deed[];
  history: DrillRecord[];
  paths: PathList | undefined;
  /** ISO 8601, and the version of this program. */
  made: { at: string; version: string };
}
