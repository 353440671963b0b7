import * as v from 'valibot';
import type { PackageDifference } from './package-differences.ts';

/**
 * `good`: restored, and every answer is as before. `differs`: restored, but clients would see another service. `failed`: not
 * restored. `lost`: the job ended without a word (a runner that died, a time limit).
 */
export type DrillOutcome = 'good' | 'differs' | 'failed' | 'lost';

const RECORD = v.object({
  archive: v.string(),
  at: v.pipe(v.string(), v.isoTimestamp()),
  outcome: v.picklist(['good', 'differs', 'failed', 'lost']),
  base: v.string(),
  digest: v.string(),
  release: v.string(),
  seconds: v.number(),
  same: v.number(),
  tests: v.number(),
  reason: v.string(),
  run: v.string(),
  packages: v.optional(v.record(v.string(), v.string())),
  basePackages: v.optional(v.record(v.string(), v.string())),
  gone: v.optional(v.array(v.string())),
  changes: v.optional(v.array(v.object({ name: v.string(), before: v.string(), after: v.string() }))),
});

/** One drill of one archive: a line of drills.ndjson. */
export interface DrillRecord {
  /** How the drill's list names the archive. */
  archive: string;
  /** ISO 8601, UTC. */
  at: string;
  outcome: DrillOutcome;
  /** Reference of the base image; empty when none was reached. */
  base: string;
  /** Digest of the base image: the registry's, else the engine's id. */
  digest: string;
  /** Pretty name of the base's release. */
  release: string;
  seconds: number;
  /** Smoke tests whose answer is as before, of all. */
  same: number;
  tests: number;
  /** Why it is not good; empty when it is. */
  reason: string;
  /** Address of the workflow run; empty outside of one. */
  run: string;
  /** Versions by package of the restored system. Kept for the last good drill only, as those of its base. */
  packages?: Record<string, string>;
  /** Versions by package of the base image. */
  basePackages?: Record<string, string>;
  /** Packages of the old system that have no successor on this base; only between the drill and its report. */
  gone?: string[];
  /** Of a drill that is not good: packages that changed since the last good one. */
  changes?: PackageDifference[];
}

/** A record that somebody else wrote; throws when it is none. */
export function parseRecord(value: unknown): DrillRecord {
  return v.parse(RECORD, value) as DrillRecord;
}

/** Whether the archive still restores. */
export function isGood(record: Pick<DrillRecord, 'outcome'>): boolean {
  return record.outcome === 'good';
}
