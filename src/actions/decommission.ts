import { join } from 'node:path';
import { type ArchiveOptions, type ArchiveResult, archive } from '../archive/archive.ts';
import { type Keeping, keepBag, packInto, secretsOf, shortRetentions } from '../archive/keep-bag.ts';
import { bagFolderName } from '../bag/bag-file-name.ts';
import { PerennialError } from '../errors.ts';
import { readRules } from '../knowledge/read-rules.ts';
import { type ArchiveReport, archiveAnnotations, archiveJobSummary } from '../report/archive-job-summary.ts';
import { packPaths } from '../report/page/path-list.ts';
import { wordsOf } from '../report/restore-record.ts';
import { RunSteps } from '../report/run-steps.ts';
import { writeArchiveReport } from '../report/write-report.ts';
import { parseKeepFor } from '../store/retention.ts';
import type { PackedBag } from '../store/store.ts';
import { actionProgress } from './action-progress.ts';
import { actionStores } from './action-stores.ts';
import { type Attested, attestArchive } from './attest-archive.ts';
import type { KeepInputs } from './inputs.ts';
import { annotate, writeSummary } from './run-action.ts';
import { findAudience, makeRunnerFolder } from './runner.ts';
import { uploadReport } from './upload-report.ts';
import { type Verification, type Verified, verifyArchive } from './verify-archive.ts';

export interface DecommissionRequest {
  archive: Omit<ArchiveOptions, 'out' | 'progress'>;
  /** Of the packed file, where it is kept. */
  name: string;
  /** False: the bag stays on the runner only. */
  upload: boolean;
  verify: Verification;
  keep: KeepInputs;
}

export interface Decommissioned {
  result: ArchiveResult;
  /** The packed bag on the runner. */
  file: string;
  kept: Keeping[];
  verified: Verified;
  attested: Attested;
}

/**
 * Archives, verifies, packs, keeps, and tells of it in the job summary. The container is not touched: whoever calls
 * removes it when this has come to its end without an error.
 */
export async function decommission(request: DecommissionRequest): Promise<Decommissioned> {
  const { keep } = request;
  const { keepFor } = request.archive.config;
  const keepForDays = keep.keepForDays ?? (keepFor === undefined ? undefined : parseKeepFor(keepFor, 'keepFor'));
  const settings = await actionStores(keep);
  const folder = await makeRunnerFolder();
  const out = join(folder, bagFolderName(request.name));
  const steps = new RunSteps(actionProgress);
  const result = await archive({ ...request.archive, out, progress: steps });
  const verified = await verifyArchive(out, request.verify, request.archive, steps);
  if (keep.attest.instance) steps.step('Attesting the bag');
  const attested = await attestArchive(out, keep.attest);
  const secrets = await secretsOf(out);
  steps.step(keep.lock ? 'Packing and encrypting the bag' : 'Packing the bag');
  const { service, created } = result.manifest;
  const bag = { dir: out, name: request.name, service: service.name, created };
  const packed = await packInto(folder, bag, { lock: keep.lock });
  const rules = { secrets, allowPlaintextSecrets: keep.allowPlaintextSecrets, encrypted: keep.lock !== undefined };
  const to = request.upload ? keep.to : [];
  const kept = await keepBag(packed, to, { ...settings, progress: steps }, rules).catch(error => {
    throw withPlace(error, packed);
  });
  const report: ArchiveReport = {
    result,
    packed,
    secrets,
    verified,
    attested,
    kept,
    encrypted: keep.lock !== undefined,
    tooShort: shortRetentions(kept, keepForDays),
    reasons: Object.fromEntries((await readRules()).map(rule => [rule.id, rule.reason])),
  };
  await tell(request, report, steps, join(folder, 'report'));
  return { result, file: packed.file, kept, verified, attested };
}

/** Nothing is lost: that is to be said. */
function withPlace(error: unknown, { file }: PackedBag): unknown {
  if (!(error instanceof PerennialError)) return error;
  const hint = [error.hint, `The archive is at ${file} on the runner, and the container is still there.`];
  return new PerennialError(error.code, error.message, { cause: error, hint: hint.filter(Boolean).join('\n') });
}

/**
 * The page is uploaded where the archive is, since it names the same paths; that of an encrypted one only where nobody else can read it.
 */
async function tell(
  request: DecommissionRequest,
  report: ArchiveReport,
  steps: RunSteps,
  folder: string,
): Promise<void> {
  const words = (rules: { rule: string; why: string }[]) => wordsOf(rules, report.reasons);
  const paths = await packPaths(report.result.index, words);
  await writeArchiveReport(folder, { report, steps: steps.steps(), paths });
  const shown = report.encrypted ? (await findAudience()) === 'collaborators' : report.kept.length > 0;
  const page = shown ? await uploadReport(folder, request.name, request.keep.retentionDays) : undefined;
  await writeSummary(archiveJobSummary({ ...report, ...(page ? { page } : {}) }));
  annotate(archiveAnnotations(report));
}
