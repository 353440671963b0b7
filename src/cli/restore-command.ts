import { readSmokeTests } from '../config/read-config.ts';
import { findEngine } from '../engine/find-engine.ts';
import { ExitCode } from '../errors.ts';
import { planText } from '../report/plan-text.ts';
import { packedBytes, RestoreRecord } from '../report/restore-record.ts';
import { restoreSummary } from '../report/restore-summary.ts';
import { writeRestoreReport } from '../report/write-report.ts';
import { restore } from '../restore/restore.ts';
import type { Command } from './commands.ts';
import { required } from './parse-arguments.ts';

export const restoreCommand: Command = {
  summary: 'bring a service back on a new base, and ask it the smoke tests',
  usage: `usage: perennial restore BAG --name NAME [options]

  --name NAME      name of the new container; volumes are named after it
  --base IMAGE     image to rebuild on (default: the newest stable of the same distribution)
  --keep           leave the service running
  --smoke FILE     smoke tests instead of the bag's
  --report DIR     where to write the report: a page (index.html), the Dockerfile and the program of what was done
  --cache          use build layers of earlier restores (faster; packages may be older)
  --no-publish     do not publish the old container's ports on this machine
  --allow-privileged  repeat --privileged, --network host and capabilities over the host (your own bags only)
  --engine NAME    docker or podman
  --json           the result as JSON on stdout`,
  values: ['name', 'base', 'smoke', 'report', 'engine'],
  flags: ['keep', 'json', 'cache', 'no-publish', 'allow-privileged'],
  positionals: [1, 1],
  async run({ values, flags, positionals }, progress) {
    const name = required(values, 'name', this.usage);
    const smoke = values.smoke ? await readSmokeTests(values.smoke) : undefined;
    const engine = await findEngine(values.engine);
    const record = new RestoreRecord(progress, { paths: values.report !== undefined });
    const result = await restore({
      engine,
      bag: positionals[0]!,
      name,
      ...(values.base ? { base: values.base } : {}),
      ...(smoke ? { smoke } : {}),
      ...(values.report ? { report: values.report } : {}),
      keep: flags.has('keep'),
      useCache: flags.has('cache'),
      publish: !flags.has('no-publish'),
      allowPrivileged: flags.has('allow-privileged'),
      progress: record.steps,
      onPrepared: record.prepared,
      onPlan: plan => process.stderr.write(`${planText(plan)}\n`),
    });
    if (values.report) {
      const packed = await packedBytes(positionals[0]!);
      const image = await engine.findImage(result.image);
      await writeRestoreReport(values.report, {
        result,
        record,
        ...(packed ? { packedBytes: packed } : {}),
        ...(image ? { imageBytes: image.size } : {}),
        history: [],
      });
    }
    const { container, image, comparisons, same, seconds } = result;
    const facts = {
      container: container?.name ?? '',
      address: container?.address ?? '',
      image,
      same,
      seconds,
      smoke: comparisons.map(({ name, verdict }) => ({ name, verdict })),
    };
    process.stdout.write(flags.has('json') ? `${JSON.stringify(facts)}\n` : `${restoreSummary(result)}\n`);
    return same ? ExitCode.done : ExitCode.answersDiffer;
  },
};
