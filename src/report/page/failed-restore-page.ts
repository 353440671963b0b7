import type { Attestation } from '../../attestation/verify-attestation.ts';
import type { DrillRecord } from '../../drill/drill-record.ts';
import { PerennialError } from '../../errors.ts';
import { withoutSecrets } from '../../system/without-secrets.ts';
import { toolVersion } from '../../version.ts';
import { byteText } from '../byte-text.ts';
import { count } from '../markdown.ts';
import { type RestoreRecord, wordsOf } from '../restore-record.ts';
import { secondsText } from './bars.ts';
import { shortDigest } from './history-part.ts';
import type { Notice, PageModel } from './page-model.ts';
import { reasonsOf } from './reasons.ts';
import { attested, deedsOf, filesOf, untrusted, warningsOf } from './restore-page.ts';
import { sizesOf } from './sizes.ts';

/** What the page of a restore that failed is made of. */
export interface FailedRestorePage {
  /** Name of the service where the plan was not reached. */
  name: string;
  record: RestoreRecord;
  error: unknown;
  /** Bytes of the packed bag, where they are known. */
  packedBytes?: number;
  attestation?: Attestation | undefined;
  history: DrillRecord[];
  /** ISO 8601. */
  at: string;
}

/** The page of a restore or a drill that came to no end: why, what was done, what was not, and how to go on. Pure. */
export function failedRestorePage(page: FailedRestorePage): PageModel {
  const { name, record, error, packedBytes, history, at } = page;
  const { plan, manifest, journal, base } = record;
  const steps = record.steps.steps();
  const last = steps.at(-1);
  const progress = journal?.progress();
  const look = [failure(error), ...untrusted(page.attestation), ...(journal ? warningsOf(journal) : [])];
  return {
    kind: 'Not restored',
    title: plan?.service ?? name,
    verdict: { mark: 'bad', text: last ? `Not restored: stopped at "${last.name}"` : 'Not restored' },
    summary:
      plan && manifest
        ? `${plan.from.prettyName} ended on ${manifest.created.slice(0, 10)}; it did not come back on ${plan.to.prettyName} (${plan.base}${base ? `, ${shortDigest(base.digest)}` : ''}).`
        : 'The restore ended before there was a plan.',
    ...attested(page.attestation),
    figures: [
      ...(progress ? [{ label: 'Stages done', value: String(progress.done.length) }] : []),
      ...(progress ? [{ label: 'Not done', value: String(progress.left.length + (progress.at ? 1 : 0)) }] : []),
      ...(last ? [{ label: 'Stopped after', value: secondsText(last.start + last.seconds) }] : []),
      ...(manifest
        ? [
            {
              label: 'Kept data',
              value: byteText(manifest.counts.keptBytes),
              note: `${count(manifest.counts.kept)} paths`,
            },
          ]
        : []),
      ...(packedBytes ? [{ label: 'Archive', value: byteText(packedBytes) }] : []),
    ],
    look,
    answers: [],
    state: journal?.state,
    steps: steps.map(each => (each === last ? { ...each, failed: true } : each)),
    reasons: manifest ? reasonsOf(manifest.counts, rules => wordsOf(rules, record.reasons)) : [],
    sizes: manifest
      ? sizesOf({ image: manifest.service.image?.size, kept: manifest.counts.keptBytes, packed: packedBytes })
      : [],
    drift: [],
    news: [],
    files: journal && plan ? filesOf({ journal, plan }) : [],
    accounts: [],
    deeds: journal ? deedsOf(journal) : [],
    history,
    paths: record.paths,
    made: { at, version: toolVersion },
  };
}

/** The error, and what was done, what was not, and how to go on (`stoppedError`). */
function failure(error: unknown): Notice {
  const known = error instanceof PerennialError;
  const [what, ...said] = withoutSecrets(known ? error.message : String(error)).split('\n');
  return {
    level: 'error',
    what: what!,
    why: known ? withoutSecrets(error.hint ?? '') : 'a defect of Perennial; please report it',
    rule: known ? error.code : 'defect',
    detail: said.join('\n'),
  };
}
