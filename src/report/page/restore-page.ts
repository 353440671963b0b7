import type { Attestation } from '../../attestation/verify-attestation.ts';
import type { DrillRecord } from '../../drill/drill-record.ts';
import { findingText } from '../../proof/finding.ts';
import type { Journal } from '../../restore/journal.ts';
import type { RestoreResult } from '../../restore/restore.ts';
import type { SmokeComparison } from '../../smoke/smoke-test.ts';
import { toolVersion } from '../../version.ts';
import { accountChanges } from '../account-changes.ts';
import { attestationText } from '../attestation-text.ts';
import { byteText } from '../byte-text.ts';
import { count } from '../markdown.ts';
import { packageChanges } from '../package-changes.ts';
import { type RestoreRecord, wordsOf } from '../restore-record.ts';
import { secondsText } from './bars.ts';
import type { Deed, DriftRow, FileChange, Mark, Notice, PageModel, ShownAnswer } from './page-model.ts';
import { reasonsOf } from './reasons.ts';
import { sizesOf } from './sizes.ts';

/** What the page of a restore is made of. */
export interface RestorePage {
  result: RestoreResult;
  record: RestoreRecord;
  /** Bytes of the packed bag and of the new image, where they are known. */
  packedBytes?: number;
  imageBytes?: number;
  attestation?: Attestation | undefined;
  history: DrillRecord[];
  /** ISO 8601. */
  at: string;
}

/** The page of a restore or a drill. Pure. */
export function restorePage(page: RestorePage): PageModel {
  const { result, record, packedBytes, imageBytes, history, at } = page;
  const { plan, manifest, comparisons, journal } = result;
  const same = comparisons.filter(each => each.verdict === 'same' || each.verdict === 'drift').length;
  return {
    kind: 'Restored',
    title: plan.service,
    verdict: verdictOf(result, same),
    summary: `${plan.from.prettyName} ended on ${manifest.created.slice(0, 10)}; brought back on ${plan.to.prettyName} (${plan.base}).`,
    ...attested(page.attestation),
    figures: [
      { label: 'Same answers', value: comparisons.length > 0 ? `${same} of ${comparisons.length}` : 'not asked' },
      { label: 'Brought back in', value: secondsText(result.seconds) },
      { label: 'Kept data', value: byteText(manifest.counts.keptBytes), note: `${count(manifest.counts.kept)} paths` },
      ...(packedBytes ? [{ label: 'Archive', value: byteText(packedBytes) }] : []),
      { label: 'To look at', value: String(untrusted(page.attestation).length + look(result).length) },
    ],
    look: [...untrusted(page.attestation), ...look(result)],
    answers: comparisons.map(shownAnswer),
    state: result.state,
    steps: record.steps.steps(),
    reasons: reasonsOf(manifest.counts, rules => wordsOf(rules, record.reasons)),
    sizes: sizesOf({
      image: manifest.service.image?.size,
      kept: manifest.counts.keptBytes,
      packed: packedBytes,
      newImage: imageBytes,
    }),
    drift: driftOf(result),
    news: journal.news,
    files: filesOf(result),
    accounts: record.accounts ? accountChanges(record.accounts, result.now.accounts) : [],
    deeds: deedsOf(journal),
    history,
    paths: record.paths,
    made: { at, version: toolVersion },
  };
}

/** What the head of the page says about who made the archive. */
export function attested(attestation: Attestation | undefined): Pick<PageModel, 'attestation'> {
  return attestation && attestation.untrusted === undefined ? { attestation: attestationText(attestation) } : {};
}

/** An attestation that cannot be relied on is for a person to look at. */
export function untrusted(attestation: Attestation | undefined): Notice[] {
  if (attestation?.untrusted === undefined) return [];
  return [
    { level: 'warning', what: 'Attestation', why: attestationText(attestation), rule: 'attestation', detail: '' },
  ];
}

function verdictOf({ same, comparisons }: RestoreResult, agreeing: number): PageModel['verdict'] {
  if (!same) return { mark: 'bad', text: 'Restored, but not as before' };
  if (comparisons.length === 0) return { mark: 'unsure', text: 'Restored; no smoke test shows that it is the same' };
  const all = agreeing === comparisons.length;
  return {
    mark: all ? 'good' : 'unsure',
    text: all ? 'Restored: clients get the same answers' : 'Restored; not every answer could be compared',
  };
}

function look({ journal, comparisons, state }: RestoreResult): Notice[] {
  const differing = comparisons.filter(each => each.verdict === 'differs' || each.verdict === 'missing');
  return [
    ...differing.map(
      (each): Notice => ({
        level: 'error',
        what: each.name,
        why: each.verdict === 'missing' ? 'no answer' : 'another answer than before the end',
        rule: 'smoke',
        detail: each.diff,
      }),
    ),
    ...state.findings
      .filter(each => each.verdict === 'differs')
      .map((each): Notice => ({ level: 'error', what: findingText(each), why: each.why, rule: each.rule, detail: '' })),
    ...warningsOf(journal),
  ];
}

/** What a restore noted for a person to look at. */
export function warningsOf({ entries }: Journal): Notice[] {
  return entries
    .filter(each => each.level === 'look' && each.stage !== 'smoke')
    .map(({ what, why, rule, detail }) => ({ level: 'warning', what, why, rule, detail: detail ?? '' }));
}

/** What a restore did, in order. */
export function deedsOf({ entries }: Journal): Deed[] {
  return entries
    .filter(each => each.level === 'done' && each.stage !== 'smoke')
    .map(({ stage, what, why, rule }) => ({ stage, what, why, rule }));
}

const VERDICTS: Record<SmokeComparison['verdict'], { verdict: string; mark: Mark }> = {
  same: { verdict: 'same', mark: 'good' },
  drift: { verdict: 'same but for versions', mark: 'good' },
  differs: { verdict: 'differs', mark: 'bad' },
  missing: { verdict: 'no answer', mark: 'bad' },
  flaky: { verdict: 'flaky', mark: 'unsure' },
  'no-golden': { verdict: 'new test', mark: 'plain' },
};

function shownAnswer({ name, verdict, golden, now, results }: SmokeComparison): ShownAnswer {
  const words = VERDICTS[verdict];
  return {
    name,
    ...(results && verdict === 'drift' ? { ...words, verdict: 'same results' } : words),
    ...(golden ? { before: golden } : {}),
    ...(now ? { after: now } : {}),
    ...(results && results.length > 0 ? { results } : {}),
  };
}

function driftOf({ manifest, now, plan }: RestoreResult): DriftRow[] {
  const why = new Map(plan.resolutions.filter(each => each.how !== 'same').map(each => [each.old, each.why]));
  return packageChanges(manifest.system.packages, now.packages, plan.resolutions).map(each => ({
    ...each,
    mended: why.get(each.name.split(' -> ')[0]!) ?? '',
  }));
}

/** Everything about configuration and the build that comes with a difference, or that a person should look at. */
export function filesOf({ journal, plan }: Pick<RestoreResult, 'journal' | 'plan'>): FileChange[] {
  const dockerfile = plan.dockerfile.diff
    ? [
        {
          what: 'Dockerfile, rewritten for this base',
          why: 'from the recorded one',
          rule: 'build/dockerfile',
          conflict: false,
          diff: plan.dockerfile.diff,
        },
      ]
    : [];
  const files = journal.entries
    .filter(
      each =>
        (each.stage === 'configuration' || each.stage === 'checks') && (each.detail || each.rule === 'config/conflict'),
    )
    .map(({ what, why, rule, detail }) => ({
      what,
      why,
      rule,
      conflict: rule === 'config/conflict',
      diff: detail ?? '',
    }));
  return [...files, ...dockerfile];
}
