import type { ArchiveOutcome } from '../../archive/archive.ts';
import { toolVersion } from '../../version.ts';
import { type ArchiveReport, archiveAnnotations } from '../archive-job-summary.ts';
import { attestationText } from '../attestation-text.ts';
import { byteText } from '../byte-text.ts';
import { count } from '../markdown.ts';
import { percentText } from '../percent-text.ts';
import { wordsOf } from '../restore-record.ts';
import type { RunStep } from '../run-steps.ts';
import { secondsText } from './bars.ts';
import type { PageModel } from './page-model.ts';
import type { PathList } from './path-list.ts';
import { reasonsOf } from './reasons.ts';
import { sizesOf } from './sizes.ts';

/** What the page of a decommission is made of. */
export interface ArchivePage {
  report: Omit<ArchiveReport, 'packed' | 'result'> & { packed?: ArchiveReport['packed']; result: ArchiveOutcome };
  steps: RunStep[];
  paths: PathList;
}

/** The page of a decommission. Pure. */
export function archivePage({ report, steps, paths }: ArchivePage): PageModel {
  const { attested } = report;
  const { manifest, golden, incomplete, timings } = report.result;
  const { counts, service, system } = manifest;
  const packed = report.packed?.bytes;
  const ratio = packed && service.image ? `${percentText(packed, service.image.size)} of the image` : '';
  const notices = archiveAnnotations(report);
  return {
    kind: 'Decommissioned',
    title: service.name,
    verdict:
      incomplete.length > 0
        ? { mark: 'bad', text: `Archived, but ${count(incomplete.length)} paths could not be read` }
        : { mark: 'good', text: 'Archived: all that nobody can make again' },
    summary: `${system.os.prettyName || 'A system without a name'}, archived on ${manifest.created.slice(0, 10)}. ${count(counts.kept)} of ${count(counts.paths)} paths are kept.`,
    ...(attested?.attestation ? { attestation: attestationText(attested.attestation) } : {}),
    figures: [
      ...(packed ? [{ label: 'Archive', value: byteText(packed), note: ratio }] : []),
      { label: 'Kept', value: byteText(counts.keptBytes), note: `${count(counts.kept)} paths` },
      { label: 'Deletions kept', value: count(counts.deleted) },
      { label: 'Golden answers', value: count(golden.length) },
      {
        label: 'Found in',
        value: secondsText(timings.detect),
        note: `archived in ${secondsText(timings.total)}`,
      },
    ],
    look: notices.map(({ level, message }) => ({ level, what: message, why: '', rule: '', detail: '' })),
    answers: golden.map(answer => ({
      name: answer.name,
      verdict: answer.flaky ? 'flaky' : 'taken',
      mark: answer.flaky ? 'unsure' : 'good',
      before: answer,
    })),
    state: undefined,
    steps,
    reasons: reasonsOf(counts, rules => wordsOf(rules, report.reasons)),
    sizes: sizesOf({ image: service.image?.size, kept: counts.keptBytes, packed }),
    news: [],
    drift: system.packages.map(each => ({
      name: each.name,
      before: each.version,
      after: '',
      mended: '',
      main: each.manual && each.priority !== 'required' && each.priority !== 'important',
    })),
    files: [],
    accounts: [],
    deeds: manifest.dumps.map(each => ({
      stage: 'exports',
      what: each.file,
      why: byteText(each.bytes),
      rule: `export/${each.service}`,
    })),
    history: [],
    paths,
    made: { at: manifest.created, version: toolVersion },
  };
}
