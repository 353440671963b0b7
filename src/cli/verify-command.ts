import type { Bag } from '../bag/open-bag.ts';
import { verifyBag } from '../bag/verify-bag.ts';
import { findEngine } from '../engine/find-engine.ts';
import { ExitCode } from '../errors.ts';
import type { Progress } from '../progress.ts';
import { proveRebuild } from '../restore/prove-rebuild.ts';
import { printableLines } from '../system/byte-text.ts';
import type { Command } from './commands.ts';
import { keyUsage, keyValues } from './key-options.ts';
import { bagUsage, openGivenBag } from './open-given-bag.ts';
import type { Arguments } from './parse-arguments.ts';

export const verifyCommand: Command = {
  summary: 'check every digest of a bag, and with --rebuild that it brings everything back',
  usage: `usage: perennial verify BAG [--rebuild [--base IMAGE] [--knowledge DIR]] [--engine docker|podman] [--json]

${bagUsage}
${keyUsage}

With --rebuild the service is restored on the release that it ran on,
every path is read back and compared with the bag, and all is removed again: proof of completeness before the original goes.`,
  values: ['base', 'engine', 'knowledge', ...keyValues],
  flags: ['json', 'rebuild'],
  positionals: [1, 1],
  async run({ positionals, flags, values }, progress) {
    const bag = await openGivenBag(positionals[0]!, values, progress);
    const { files, bytes, rebuilt } = await check(bag, flags.has('rebuild'), values, progress).finally(bag.close);
    const differences = rebuilt?.differences ?? [];
    const complete = rebuilt?.complete ?? true;
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
    process.stdout.write(flags.has('json') ? `${JSON.stringify(facts)}\n` : `${printableLines(lines.join('\n'))}\n`);
    return complete ? ExitCode.done : ExitCode.answersDiffer;
  },
};

async function check(bag: Bag, rebuilds: boolean, values: Arguments['values'], progress: Progress) {
  const checked = await verifyBag(bag);
  if (!rebuilds) return { ...checked, rebuilt: undefined };
  const rebuilt = await proveRebuild({
    engine: await findEngine(values.engine),
    bag,
    ...(values.base ? { base: values.base } : {}),
    ...(values.knowledge ? { knowledge: values.knowledge } : {}),
    progress,
  });
  return { ...checked, rebuilt };
}
