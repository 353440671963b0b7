import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { type ArchiveOutcome, archive } from '../archive/archive.ts';
import { findSecrets } from '../archive/find-secrets.ts';
import type { Keeping } from '../archive/keep-bag.ts';
import { openBag } from '../bag/open-bag.ts';
import { serviceConfig } from '../config/service-config.ts';
import { findEngine } from '../engine/find-engine.ts';
import { ExitCode, PerennialError } from '../errors.ts';
import { readRules } from '../knowledge/read-rules.ts';
import { archiveSummary } from '../report/archive-summary.ts';
import { packPaths } from '../report/page/path-list.ts';
import { wordsOf } from '../report/restore-record.ts';
import { RunSteps } from '../report/run-steps.ts';
import { writeArchiveReport } from '../report/write-report.ts';
import { parseReference } from '../store/reference.ts';
import { parseKeepFor } from '../store/retention.ts';
import { printable, printableLines } from '../system/byte-text.ts';
import type { Command } from './commands.ts';
import { keepArchive } from './keep-archive.ts';
import { lockLists, lockUsage, lockValues, readLock } from './key-options.ts';
import { required } from './parse-arguments.ts';

export const archiveCommand: Command = {
  summary: 'decommission: write the Mutable data of a service into a bag',
  usage: `usage: perennial archive --container NAME | --rootfs DIR  --out DIR | --to REF [options]

  --container NAME     running or stopped container
  --rootfs DIR         a root directory instead (needs the rights to read it all)
  --out DIR            folder of the bag; must not exist. With encryption the file of the packed bag, or a folder for it
  --to REF             keep it, packed, in a store: a folder (made when its parent is there), a file NAME.tar.zst, release:TAG,
                       oci://HOST/NAME:TAG; may be repeated
  --baseline FILE      of \`perennial baseline\`; the image is the baseline without it
  --context DIR        build context with the Dockerfile: kept in the bag for the rebuild
  --dockerfile NAME    relative to the context (default Dockerfile)
  --build-arg K=V      build argument that was used; may be repeated
  --config FILE        perennial.yml (default: the context's)
  --start CMD          shell command that starts the daemons in the container and returns
  --smoke FILE         smoke tests (YAML); asked now, and again after a restore
  --report DIR         where to write a page about it (index.html)
  --knowledge DIR      knowledge entries of your own (default: \`knowledge\` of perennial.yml)
  --name NAME          of the packed bag (default: the service's name)
  --keep-for TIME      how long it has to last, such as "5 years": warns when nothing that keeps it does
  --allow-plaintext-secrets  keep secrets unencrypted where others may read them
  --engine NAME        docker or podman
  --json               the result as JSON on stdout

encryption, with age: the bag is one file then, and plain text is only in a private folder below TMPDIR meanwhile
${lockUsage}`,
  values: [
    ...['container', 'rootfs', 'out', 'baseline', 'context', 'dockerfile', 'config', 'start', 'smoke', 'engine'],
    'report',
    'knowledge',
    ...['name', 'keep-for', ...lockValues],
  ],
  lists: ['build-arg', 'to', ...lockLists],
  flags: ['json', 'allow-plaintext-secrets'],
  positionals: [0, 0],
  async run(args, progress) {
    const { values, flags } = args;
    if ((values.container === undefined) === (values.rootfs === undefined)) {
      throw new PerennialError('bad-input', 'Give either --container or --rootfs', {
        hint: this.usage.split('\n')[0]!,
      });
    }
    if (values.rootfs) await checkRootfs(values.rootfs);
    const steps = new RunSteps(progress);
    const to = (args.lists.to ?? []).map(parseReference);
    const keepFor = values['keep-for'];
    const lock = await readLock(args);
    if (to.length === 0) required(values, 'out', this.usage);
    const config = await serviceConfig(values);
    const options = {
      ...(values.rootfs
        ? { rootfs: values.rootfs }
        : { engine: await findEngine(values.engine), container: values.container! }),
      ...(values.baseline ? { baseline: values.baseline } : {}),
      ...(values.context ? { context: values.context } : {}),
      ...(values.dockerfile ? { dockerfile: values.dockerfile } : {}),
      buildArgs: parsePairs(args.lists['build-arg'] ?? []),
      config,
      progress: steps,
    };
    const request = {
      name: values.name ?? config.name ?? values.container ?? basename(resolve(values.rootfs!)),
      out: values.out,
      to,
      lock,
      keepForDays: findDays(keepFor, config.keepFor),
      allowPlaintextSecrets: flags.has('allow-plaintext-secrets'),
      progress: steps,
    };
    const run = async (out: string) => {
      const { index: _, ...result } = await archive({ ...options, out }); // nothing holds its lists any more
      if (values.report) await writeReport(values.report, result, steps, lock !== undefined);
      return result;
    };
    if (to.length === 0 && !lock) {
      const result = await run(values.out!);
      return say(result, [], flags.has('json'));
    }
    const { result, kept } = await keepArchive(request, run);
    return say(result, kept, flags.has('json'));
  },
};

async function writeReport(folder: string, result: ArchiveOutcome, steps: RunSteps, encrypted: boolean): Promise<void> {
  const bag = await openBag(result.bag);
  const reasons = Object.fromEntries((await readRules()).map(rule => [rule.id, rule.reason]));
  const report = { result, secrets: await findSecrets(bag), reasons, kept: [], encrypted, tooShort: [] };
  const paths = await packPaths(bag.readIndex(), rules => wordsOf(rules, reasons));
  await bag.close();
  await writeArchiveReport(folder, { report, steps: steps.steps(), paths });
}

function findDays(option: string | undefined, config: string | undefined): number | undefined {
  if (option !== undefined) return parseKeepFor(option, '--keep-for');
  return config === undefined ? undefined : parseKeepFor(config, 'keepFor');
}

async function checkRootfs(folder: string): Promise<void> {
  const isFolder = await stat(folder).then(
    each => each.isDirectory(),
    () => false,
  );
  if (!isFolder)
    throw new PerennialError('bad-input', `The root directory "${folder}" does not exist`, {
      hint: 'Name the folder that has etc, usr and var in it.',
    });
}

/** `NAME=value` words. */
function parsePairs(words: string[]): Record<string, string> {
  return Object.fromEntries(
    words.map(word => {
      const at = word.indexOf('=');
      if (at <= 0) throw new PerennialError('bad-input', `--build-arg "${word}" is not NAME=value`);
      return [word.slice(0, at), word.slice(at + 1)];
    }),
  );
}

function say(result: ArchiveOutcome, kept: Keeping[], json: boolean): ExitCode {
  for (const path of result.incomplete) process.stderr.write(`not read: ${printable(path)}\n`);
  for (const note of result.manifest.notes) process.stderr.write(`note: ${printable(note)}\n`);
  const { counts } = result.manifest;
  const bag = kept[0]?.reference ?? result.bag;
  const facts = {
    bag,
    kept: counts.kept,
    keptBytes: counts.keptBytes,
    deleted: counts.deleted,
    detectSeconds: result.timings.detect,
    incomplete: result.incomplete,
    ...(kept.length > 0 ? { stores: kept } : {}),
  };
  const places = kept.map(each => `Kept as ${each.reference}${each.encrypted ? ', encrypted' : ''}\n`);
  const text = `${printableLines(archiveSummary({ ...result, bag }))}\n${places.join('')}`;
  process.stdout.write(json ? `${JSON.stringify(facts)}\n` : text);
  return result.incomplete.length > 0 ? ExitCode.incompleteArchive : ExitCode.done;
}
