import { openBag } from '../bag/open-bag.ts';
import { verifyBag } from '../bag/verify-bag.ts';
import { findEngine } from '../engine/find-engine.ts';
import { ExitCode } from '../errors.ts';
import { sameBase } from '../knowledge/distribution.ts';
import { readDistributions } from '../knowledge/read-distributions.ts';
import type { Progress } from '../progress.ts';
import { type RestoreResult, restore } from '../restore/restore.ts';
import type { Command } from './commands.ts';
import type { Arguments } from './parse-arguments.ts';

export const verifyCommand: Command = {
  summary: 'check every digest of a bag, and with --rebuild that it brings everything back',
  usage: `usage: perennial verify BAG [--rebuild [--base IMAGE]] [--engine docker|podman] [--json]

BAG is the folder of a bag or its packed file (.tar.zst). With --rebuild the service is restored on the release that it ran on,
every path is read back and compared with the bag, and all is removed again: proof of completeness before the original goes.`,
  values: ['base', 'engine'],
  flags: ['json', 'rebuild'],
  positionals: [1, 1],
  async run({ positionals, flags, values }, progress) {
    const { files, bytes } = await verifyBag(positionals[0]!);
    const rebuilt = flags.has('rebuild') ? await rebuild(positionals[0]!, values, progress) : undefined;
    const differences = rebuilt?.differences ?? [];
    const complete = differences.length === 0 && (rebuilt?.same ?? true);
    const facts = { valid: true, files, bytes, ...(rebuilt ? { rebuilt: complete, differences } : {}) };
    const lines = [
      `The bag is complete and unchanged: ${files} files, ${bytes} bytes.`,
      ...(rebuilt
        ? [
            complete
              ? 'A rebuild on the same release gives every path back as recorded.'
              : 'A rebuild on the same release is not the same:',
          ]
        : []),
      ...differences.map(each => `  ${each}`),
    ];
    process.stdout.write(flags.has('json') ? `${JSON.stringify(facts)}\n` : `${lines.join('\n')}\n`);
    return complete ? ExitCode.done : ExitCode.answersDiffer;
  },
};

async function rebuild(
  path: string,
  values: Arguments['values'],
  progress: Progress,
): Promise<{ same: boolean; differences: string[] }> {
  const engine = await findEngine(values.engine);
  const bag = await openBag(path);
  const base = values.base ?? sameBase(await readDistributions(), bag.manifest.system.os);
  await bag.close();
  const name = `perennial-verify-${process.pid}`;
  const result = await restore({ engine, bag: path, name, base, keep: false, publish: false, progress });
  return { same: result.same, differences: lookedAt(result) };
}

/** What the read-back and the checks had to say; a report of a good rebuild has none. */
function lookedAt(result: RestoreResult): string[] {
  const wanted = new Set(['state/proof', 'start', 'start/ports', 'smoke']);
  return result.journal.entries
    .filter(entry => entry.level === 'look' && wanted.has(entry.rule))
    .map(entry => `${entry.what}: ${entry.why}`);
}
