import { readSmokeTests } from '../config/read-config.ts';
import { findEngine } from '../engine/find-engine.ts';
import { ExitCode } from '../errors.ts';
import { checkSummary } from '../report/check-summary.ts';
import { check } from '../restore/check.ts';
import { printableLines } from '../system/byte-text.ts';
import { attestationFacts, attestationUsage, attestationValues, openAttestedBag } from './attestation-options.ts';
import type { Command } from './commands.ts';
import { keyUsage, keyValues } from './key-options.ts';
import { bagUsage } from './open-given-bag.ts';
import { required } from './parse-arguments.ts';

export const checkCommand: Command = {
  summary: 'compare a running container with a bag: files, accounts, processes, data, answers',
  usage: `usage: perennial check BAG --container NAME [options]

  --container NAME     running container: restored from the bag, or the one that it was made of
  --smoke FILE         smoke tests, for the bag's of the same names
  --knowledge DIR      knowledge entries of your own, which add to and replace those that are known
  --engine NAME        docker or podman
  --json               everything that was compared, as JSON on stdout

What a running service writes itself (logs, its own data) may have other contents than in the bag; a lost file, another
owner, a missing account, a stopped daemon or a lost row of a database may not. Exit code 3 when something differs.

${bagUsage}
${keyUsage}
${attestationUsage}`,
  values: ['container', 'smoke', 'knowledge', 'engine', ...keyValues, ...attestationValues],
  flags: ['json'],
  positionals: [1, 1],
  async run({ values, flags, positionals }, progress) {
    const container = required(values, 'container', this.usage);
    const smoke = values.smoke ? await readSmokeTests(values.smoke) : undefined;
    const engine = await findEngine(values.engine);
    const { bag, attestation } = await openAttestedBag(positionals[0]!, values, progress);
    const { knowledge } = values;
    const request = {
      engine,
      bag,
      container,
      ...(smoke ? { smoke } : {}),
      ...(knowledge ? { knowledge } : {}),
      progress,
    };
    const result = await check(request).finally(bag.close);
    const { same, restored, state, comparisons } = result;
    const facts = {
      container: result.container.name,
      same,
      restored,
      state,
      smoke: comparisons,
      ...attestationFacts(attestation),
    };
    process.stdout.write(
      flags.has('json') ? `${JSON.stringify(facts)}\n` : `${printableLines(checkSummary(result))}\n`,
    );
    return same ? ExitCode.done : ExitCode.answersDiffer;
  },
};
