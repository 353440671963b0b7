import { PerennialError } from '../errors.ts';
import { findingText } from '../proof/finding.ts';
import type { RestoreRecord } from '../report/restore-record.ts';
import type { RestoreResult } from '../restore/restore.ts';
import type { InstalledPackage } from '../system/system-facts.ts';
import { withoutSecrets } from '../system/without-secrets.ts';
import type { DrillRecord } from './drill-record.ts';

/** Letters of a reason that a record keeps. */
const MOST = 2000;

/** When and where a drill was. */
export interface DrillPlace {
  archive: string;
  /** ISO 8601. */
  at: string;
  seconds: number;
  /** Address of the workflow run. */
  run: string;
}

/** The record of a restore that came to its end. Pure. */
export function recordOfResult(place: DrillPlace, record: RestoreRecord, result: RestoreResult): DrillRecord {
  const differing = result.comparisons.filter(each => each.verdict === 'differs' || each.verdict === 'missing');
  const findings = result.state.findings.filter(each => each.verdict === 'differs');
  const words = [...differing.map(each => each.name), ...findings.slice(0, 10).map(findingText)].join(', ');
  const reason = words ? `Not as before: ${words}` : 'The service does not run as before';
  return {
    ...place,
    outcome: result.same ? 'good' : 'differs',
    ...baseOf(record),
    same: result.comparisons.filter(each => each.verdict === 'same' || each.verdict === 'drift').length,
    tests: result.comparisons.length,
    reason: result.same ? '' : withoutSecrets(reason).slice(0, MOST),
    packages: versions(result.now.packages),
    ...basePackagesOf(record),
    gone: goneOf(record),
  };
}

/** The record of a restore that threw. Pure. */
export function recordOfError(place: DrillPlace, record: RestoreRecord, error: unknown): DrillRecord {
  const text = error instanceof PerennialError ? error.message : `A defect of perennial: ${error}`;
  return {
    ...place,
    outcome: 'failed',
    ...baseOf(record),
    same: 0,
    tests: 0,
    reason: withoutSecrets(text).slice(0, MOST),
    ...basePackagesOf(record),
    gone: goneOf(record),
  };
}

/** The record of a drill whose job left none. */
export function recordOfLoss(place: DrillPlace): DrillRecord {
  const reason = 'The job ended without a result: it was cancelled, ran out of time, or its runner died';
  return { ...place, outcome: 'lost', base: '', digest: '', release: '', same: 0, tests: 0, reason };
}

function baseOf({ base }: RestoreRecord): Pick<DrillRecord, 'base' | 'digest' | 'release'> {
  return { base: base?.reference ?? '', digest: base?.digest ?? '', release: base?.release ?? '' };
}

function basePackagesOf({ base }: RestoreRecord): Pick<DrillRecord, 'basePackages'> {
  return base ? { basePackages: versions(base.packages) } : {};
}

function goneOf({ plan }: RestoreRecord): string[] {
  return (plan?.resolutions ?? []).filter(each => each.how === 'gone').map(each => each.old);
}

function versions(packages: readonly InstalledPackage[]): Record<string, string> {
  const there = packages.filter(each => each.status === 'installed' || each.status === 'hold');
  return Object.fromEntries(there.map(each => [each.name, each.version]));
}
