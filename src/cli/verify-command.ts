import { verifyBag } from '../bag/verify-bag.ts';
import { findEngine } from '../engine/find-engine.ts';
import { ExitCode } from '../errors.ts';
import { proveRebuild } from '../restore/prove-rebuild.ts';
import { printableLines } from '../system/byte-text.ts';
import type { Command } from './commands.ts';

export const verifyCommand: Command = {
  summary: 'check every digest of a bag, and with --rebuild that it brings everything back',
  usage: `usage: perennial verify BAG [--rebuild [--base IMAGE] [--knowledge DIR]] [--engine docker|podman] [--json]

BAG is the folder of a bag or its packed file (.tar.zst). With --rebuild the service is restored on the release that it ran on,
every path is read back and compared with the bag, and all is removed again: proof of completeness before the original goes.`,
  values: ['base', 'engine', 'knowledge'],
  flags: ['json', 'rebuild'],
  positionals: [1, 1],
  async run({ positionals, flags, values }, progress) {
    const { files, bytes } = await verifyBag(positionals[0]!);
    const rebuilt = flags.has('rebuild')
      ? await proveRebuild({
          engine: await findEngine(values.engine),
          bag: positionals[0]!,
          ...(values.base ? { base: values.base } : {}),
          ...(values.knowledge ? { knowledge: values.knowledge } : {}),
          progress,
        })
      : undefined;
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
