import { verifyBag } from '../bag/verify-bag.ts';
import { ExitCode } from '../errors.ts';
import type { Command } from './commands.ts';

export const verifyCommand: Command = {
  summary: 'check every digest of a bag and that nothing is missing or too much',
  usage: `usage: perennial verify BAG [--json]

BAG is the folder of a bag or its packed file (.tar.zst).`,
  values: [],
  flags: ['json'],
  positionals: [1, 1],
  async run({ positionals, flags }) {
    const { files, bytes } = await verifyBag(positionals[0]!);
    process.stdout.write(
      flags.has('json')
        ? `${JSON.stringify({ valid: true, files, bytes })}\n`
        : `The bag is complete and unchanged: ${files} files, ${bytes} bytes.\n`,
    );
    return ExitCode.done;
  },
};
