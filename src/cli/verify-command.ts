import type { Bag } from '../bag/open-bag.ts';
import { verifyBag } from '../bag/verify-bag.ts';
import { findEngine } from '../engine/find-engine.ts';
import { ExitCode } from '../errors.ts';
import type { Progress } from '../progress.ts';
import { attestationText } from '../report/attestation-text.ts';
import { proveRebuild } from '../restore/prove-rebuild.ts';
import { printableLines } from '../system/byte-text.ts';
import { attestationFacts, attestationUsage, attestationValues, openAttestedBag } from './attestation-options.ts';
import type { Command } from './commands.ts';
import { keyUsage, keyValues } from './key-options.ts';
import { bagUsage } from './open-given-bag.ts';
import type { Arguments } from './parse-arguments.ts';

export const verifyCommand: Command = {
  summary: 'check every digest of a bag, who attested it, and with --rebuild that it brings all back',
  usage: `usage: perennial verify BAG [--deep] [--rebuild [--base IMAGE] [--knowledge DIR]] [--engine docker|podman] [--json]

${bagUsage}
${keyUsage}
${attestationUsage}

It finds every changed byte and every file that is missing, cut or too much, in about the time that sha256sum needs for the bag. With --deep
also the payload is read, and held against the index path by path, as \`archive\` does before it reports success and \`restore\` before
it does anything: a bag that was made wrong, or forged, is refused by those.

With --rebuild the service is restored on the release that it ran on,
every path is read back and compared with the bag, and all is removed again: proof of completeness before the original goes.`,
  values: ['base', 'engine', 'knowledge', ...keyValues, ...attestationValues],
  flags: ['json', 'deep', 'rebuild'],
  positionals: [1, 1],
  async run({ positionals, flags, values }, progress) {
    const { bag, attestation } = await openAttestedBag(positionals[0]!, values, progress);
    const deep = flags.has('deep') || flags.has('rebuild');
    const { files, bytes, rebuilt } = await check(bag, flags, values, progress).finally(bag.close);
    const differences = rebuilt?.differences ?? [];
    const complete = rebuilt?.complete ?? true;
    const facts = {
      valid: true,
      files,
      bytes,
      deep,
      ...attestationFacts(attestation),
      ...(rebuilt ? { rebuilt: complete, differences } : {}),
    };
    const lines = [
      `The bag is complete and unchanged: ${files} files, ${bytes} bytes.`,
      ...(deep ? ['Payload and index agree on every path.'] : []),
      ...(attestation ? [`${attestationText(attestation)}.`] : []),
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

async function check(bag: Bag, flags: Arguments['flags'], values: Arguments['values'], progress: Progress) {
  // A rebuild is a restore, which goes deep by itself.
  const checked = await verifyBag(bag, { deep: flags.has('deep') && !flags.has('rebuild') });
  if (!flags.has('rebuild')) return { ...checked, rebuilt: undefined };
  const rebuilt = await proveRebuild({
    engine: await findEngine(values.engine),
    bag,
    ...(values.base ? { base: values.base } : {}),
    ...(values.knowledge ? { knowledge: values.knowledge } : {}),
    progress,
  });
  return { ...checked, rebuilt };
}
