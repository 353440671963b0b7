import { findEngine } from '../engine/find-engine.ts';
import { ExitCode, PerennialError } from '../errors.ts';
import { movedPrefixes } from '../plan/moved-prefixes.ts';
import { planProgram } from '../plan/plan-program.ts';
import { planText } from '../report/plan-text.ts';
import { prepare } from '../restore/prepare-restore.ts';
import { printableLines } from '../system/byte-text.ts';
import type { Command } from './commands.ts';
import { keyUsage, keyValues } from './key-options.ts';
import { bagUsage, openGivenBag } from './open-given-bag.ts';

export const planCommand: Command = {
  summary: 'say what a restore would do, and why; changes nothing',
  usage: `usage: perennial plan BAG [--base IMAGE] [--knowledge DIR] [--no-older-packages] [--engine docker|podman] [--json | --shell]

  --shell          the plan as a shell program, which can be run by hand: sh plan.sh BAG NAME

${bagUsage}
${keyUsage}`,
  values: ['base', 'engine', 'knowledge', ...keyValues],
  flags: ['json', 'shell', 'no-older-packages'],
  positionals: [1, 1],
  async run({ values, flags, positionals }, progress) {
    if (flags.has('json') && flags.has('shell'))
      throw new PerennialError('bad-input', '--json and --shell are given', { hint: 'Ask for one of them at a time.' });
    const engine = await findEngine(values.engine);
    const bag = await openGivenBag(positionals[0]!, values, progress);
    const options = {
      ...(values.base ? { base: values.base } : {}),
      ...(values.knowledge ? { knowledge: values.knowledge } : {}),
      olderPackages: !flags.has('no-older-packages'),
    };
    const planned = async () => {
      const { plan } = await prepare({ engine, bag, ...options, progress });
      return { plan, moves: flags.has('shell') ? await movedPrefixes(bag.readIndex(), plan) : [] };
    };
    const { plan, moves } = await planned().finally(bag.close);
    // Account records hold hashes, and commands may hold passwords.
    const { systemAccounts: _, services: __, start: ___, main: ____, ...shown } = plan;
    if (flags.has('shell')) process.stdout.write(planProgram(plan, moves));
    else if (flags.has('json')) process.stdout.write(`${JSON.stringify(shown, null, 2)}\n`);
    else process.stdout.write(`${printableLines(planText(plan))}\n`);
    return ExitCode.done;
  },
};
