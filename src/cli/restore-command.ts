import { basename } from 'node:path';
import { readSmokeTests } from '../config/read-config.ts';
import { ofArchive } from '../drill/history.ts';
import { recordOfError, recordOfResult } from '../drill/record-of.ts';
import { findEngine } from '../engine/find-engine.ts';
import { ExitCode, PerennialError } from '../errors.ts';
import { interruption } from '../interruption.ts';
import { ORDERS, type Order } from '../plan/package-order.ts';
import { findingText } from '../proof/finding.ts';
import { planText } from '../report/plan-text.ts';
import { RestoreRecord } from '../report/restore-record.ts';
import { restoreSummary } from '../report/restore-summary.ts';
import { writeFailedRestoreReport, writeRestoreReport } from '../report/write-report.ts';
import { restore } from '../restore/restore.ts';
import { printableLines } from '../system/byte-text.ts';
import { attestationFacts, attestationUsage, attestationValues, openAttestedBag } from './attestation-options.ts';
import type { Command } from './commands.ts';
import { addDrill, readDrills } from './drill-history.ts';
import { keyUsage, keyValues } from './key-options.ts';
import { bagUsage } from './open-given-bag.ts';
import { required } from './parse-arguments.ts';

export const restoreCommand: Command = {
  summary: 'bring a service back on a new base, and ask it the smoke tests',
  usage: `usage: perennial restore BAG --name NAME [options]

  --name NAME      name of the new container; volumes are named after it
  --base IMAGE     image to rebuild on (default: the newest stable of the same distribution)
  --keep           leave the service running (and what was made when a step fails)
  --image REF      keep the restored container as an image too, with a compose.yaml in the report (implies --keep)
  --push           push that image
  --resume         go on with a restore that stopped or was killed; with nothing to go on with, begin
  --order ORDER    auto, packages-first or state-first: whether today's packages find the old state (default: auto)
  --smoke FILE     smoke tests, for the bag's of the same names
  --report DIR     where to write the report: a page (index.html), the Dockerfile and the program of what was done
  --knowledge DIR  knowledge entries of your own, which add to and replace those that are known
  --history FILE   add this drill to a history (drills.ndjson), which the page shows as a chart
  --cache          use build layers of earlier restores (faster; packages may be older)
  --no-older-packages  take no package of an older release, which gets no updates, where today's has none
  --no-publish     do not publish the old container's ports on this machine
  --allow-privileged  repeat --privileged, --network host and capabilities over the host (your own bags only)
  --engine NAME    docker or podman
  --json           the result as JSON on stdout

${bagUsage}
${keyUsage}
${attestationUsage}`,
  values: [
    'name',
    'base',
    'smoke',
    'report',
    'history',
    'engine',
    'order',
    'knowledge',
    'image',
    ...keyValues,
    ...attestationValues,
  ],
  flags: ['keep', 'json', 'cache', 'no-publish', 'no-older-packages', 'allow-privileged', 'resume', 'push'],
  positionals: [1, 1],
  async run({ values, flags, positionals }, progress) {
    const name = required(values, 'name', this.usage);
    const smoke = values.smoke ? await readSmokeTests(values.smoke) : undefined;
    if (flags.has('push') && !values.image)
      throw new PerennialError('bad-input', '--push needs --image', {
        hint: 'For example --image ghcr.io/lab/server:2030 --push',
      });
    const keep = flags.has('keep') || values.image !== undefined;
    const engine = await findEngine(values.engine);
    const record = new RestoreRecord(progress, { paths: values.report !== undefined });
    const history = values.history ? await readDrills(values.history) : [];
    const started = performance.now();
    const place = () => ({
      archive: basename(positionals[0]!).replace(/\.tar\.zst$/, ''),
      at: new Date().toISOString(),
      seconds: Math.round(performance.now() - started) / 1000,
      run: '',
    });
    const { bag, attestation } = await openAttestedBag(positionals[0]!, values, progress);
    const result = await restore({
      engine,
      bag,
      name,
      ...(values.base ? { base: values.base } : {}),
      ...(smoke ? { smoke } : {}),
      ...(values.report ? { report: values.report } : {}),
      keep,
      ...(values.image ? { imageName: imageReference(values.image), push: flags.has('push') } : {}),
      ...(values.knowledge ? { knowledge: values.knowledge } : {}),
      ...(values.order ? { order: orderOf(values.order) } : {}),
      resume: flags.has('resume'),
      useCache: flags.has('cache'),
      publish: !flags.has('no-publish'),
      olderPackages: !flags.has('no-older-packages'),
      allowPrivileged: flags.has('allow-privileged'),
      progress: record.steps,
      onJournal: record.follow,
      onPrepared: record.prepared,
      onPlan: plan => process.stderr.write(`${printableLines(planText(plan))}\n`),
    })
      .finally(bag.close)
      .catch(async error => {
        const { packedBytes } = bag;
        const drill = recordOfError(place(), record, error);
        const facts = {
          name,
          record,
          error,
          attestation,
          history: [...ofArchive(history, drill.archive), ...(values.history ? [drill] : [])],
          ...(packedBytes ? { packedBytes } : {}),
        };
        if (values.report && record.plan)
          await writeFailedRestoreReport(values.report, facts).catch(cause =>
            progress.warn(`The report of the failure could not be written: ${cause.message}`),
          );
        if (values.history && !interruption.signal) await addDrill(values.history, drill);
        throw error;
      });
    const drill = recordOfResult(place(), record, result);
    if (values.history) await addDrill(values.history, drill);
    if (values.report) {
      const { packedBytes } = bag;
      const image = await engine.findImage(result.image);
      await writeRestoreReport(values.report, {
        result,
        record,
        attestation,
        ...(packedBytes ? { packedBytes } : {}),
        ...(image ? { imageBytes: image.size } : {}),
        history: [...ofArchive(history, drill.archive), ...(values.history ? [drill] : [])],
      });
    }
    const { container, image, comparisons, state, same, seconds } = result;
    const facts = {
      container: container?.name ?? '',
      address: container?.address ?? '',
      image,
      same,
      seconds,
      ...attestationFacts(attestation),
      smoke: comparisons.map(({ name, verdict }) => ({ name, verdict })),
      compared: state.compared,
      differs: state.findings.filter(each => each.verdict === 'differs').map(findingText),
    };
    process.stdout.write(
      flags.has('json') ? `${JSON.stringify(facts)}\n` : `${printableLines(restoreSummary(result, attestation))}\n`,
    );
    return same ? ExitCode.done : ExitCode.answersDiffer;
  },
};

function orderOf(text: string): Order {
  const order = ORDERS.find(each => each === text);
  if (order) return order;
  throw new PerennialError('bad-input', `--order ${JSON.stringify(text)} is none`, {
    hint: `Use ${ORDERS.join(', ')}.`,
  });
}

/** As the engines read references (distribution/reference), without a digest: that comes of the push. */
function imageReference(text: string): string {
  if (/^[a-z0-9][a-z0-9._:/-]*[a-z0-9](:[\w][\w.-]{0,127})?$/.test(text)) return text;
  throw new PerennialError('bad-input', `--image ${JSON.stringify(text)} is no reference of an image`, {
    hint: 'Lower-case letters, digits, ".", "_", "-", "/" and one ":TAG".',
  });
}
