import { join } from 'node:path';
import { type ArchiveOptions, type ArchiveResult, archive } from '../archive/archive.ts';
import { findSecrets } from '../archive/find-secrets.ts';
import { openBag } from '../bag/open-bag.ts';
import { packBag } from '../bag/pack-bag.ts';
import type { SecretCount } from '../classify/secrets.ts';
import { PerennialError } from '../errors.ts';
import { readRules } from '../knowledge/read-rules.ts';
import type { Progress } from '../progress.ts';
import {
  type ArchiveReport,
  archiveAnnotations,
  archiveJobSummary,
  secretWords,
} from '../report/archive-job-summary.ts';
import { packPaths } from '../report/page/path-list.ts';
import { wordsOf } from '../report/restore-record.ts';
import { RunSteps } from '../report/run-steps.ts';
import { writeArchiveReport } from '../report/write-report.ts';
import { actionProgress } from './action-progress.ts';
import { bagFileName, bagFolderName } from './bag-file-name.ts';
import { annotate, writeSummary } from './run-action.ts';
import { findAudience, makeRunnerFolder } from './runner.ts';
import { type Upload, uploadBag } from './upload-bag.ts';
import { uploadReport } from './upload-report.ts';
import { type Verification, type Verified, verifyArchive } from './verify-archive.ts';

export interface DecommissionRequest {
  archive: Omit<ArchiveOptions, 'out' | 'progress'>;
  /** Of the artifact and the packed file. */
  name: string;
  upload: boolean;
  verify: Verification;
  retentionDays: number;
  allowPlaintextSecrets: boolean;
}

export interface Decommissioned {
  result: ArchiveResult;
  /** The packed bag on the runner. */
  file: string;
  upload: Upload | undefined;
  verified: Verified;
}

/**
 * Archives, verifies, packs, uploads, and tells of it in the job summary. The container is not touched: whoever calls
 * removes it when this has come to its end without an error.
 */
export async function decommission(request: DecommissionRequest): Promise<Decommissioned> {
  const folder = await makeRunnerFolder();
  const out = join(folder, bagFolderName(request.name));
  const steps = new RunSteps(actionProgress);
  const result = await archive({ ...request.archive, out, progress: steps });
  const verified = await verifyArchive(out, request.verify, request.archive, steps);
  const secrets = await secretsOf(out);
  steps.step('Packing the bag');
  const file = join(folder, bagFileName(request.name));
  const packed = { file, ...(await packBag(out, file, { consume: true })) };
  const upload = request.upload ? await uploadUnlessSecret(request, packed, secrets, steps) : undefined;
  const report: ArchiveReport = {
    result,
    packed,
    secrets,
    verified,
    reasons: Object.fromEntries((await readRules()).map(rule => [rule.id, rule.reason])),
    ...(upload ? { artifact: { ...upload, retentionDays: request.retentionDays } } : {}),
  };
  await tell(request, report, steps, join(folder, 'report'));
  return { result, file, upload, verified };
}

async function secretsOf(bagFolder: string): Promise<SecretCount[]> {
  const bag = await openBag(bagFolder);
  try {
    return await findSecrets(bag);
  } finally {
    await bag.close();
  }
}

async function uploadUnlessSecret(
  request: DecommissionRequest,
  packed: { file: string; sha256: string },
  secrets: SecretCount[],
  progress: Progress,
): Promise<Upload> {
  const audience = await findAudience();
  if (secrets.length > 0 && audience !== 'collaborators' && !request.allowPlaintextSecrets) {
    const readers =
      audience === 'others' ? 'This repository is not private' : 'Whether this repository is private is not known';
    throw new PerennialError(
      'bad-input',
      `The archive is not uploaded. ${readers}, and the archive holds secrets in plain text: ${secretWords(secrets)}`,
      {
        hint: `Add \`allow-plaintext-secrets: true\` to the step if others may read them. The archive is at ${packed.file}, and the container is still there.`,
      },
    );
  }
  progress.step('Uploading the archive');
  return uploadBag(packed, request.retentionDays);
}

/** The page is uploaded where the archive is: it names the same paths. */
async function tell(
  request: DecommissionRequest,
  report: ArchiveReport,
  steps: RunSteps,
  folder: string,
): Promise<void> {
  const words = (rules: { rule: string; why: string }[]) => wordsOf(rules, report.reasons);
  const paths = await packPaths(report.result.index, words);
  await writeArchiveReport(folder, { report, steps: steps.steps(), paths });
  const page = report.artifact ? await uploadReport(folder, request.name, request.retentionDays) : undefined;
  await writeSummary(archiveJobSummary({ ...report, ...(page ? { page } : {}) }));
  annotate(archiveAnnotations(report));
}
