import { ExitCode } from '../errors.ts';
import type { Progress } from '../progress.ts';
import { keptTable } from '../report/kept-table.ts';
import { openStore } from '../store/open-store.ts';
import { findShortRetention, parseKeepFor } from '../store/retention.ts';
import type { KeptBag } from '../store/store.ts';
import { cliStores } from './cli-stores.ts';
import type { Command } from './commands.ts';

export const listCommand: Command = {
  summary: 'show which bags are kept where, and until when',
  usage: `usage: perennial list [REF...] [--keep-for TIME] [--json]

REF is a folder, artifact: or release: (all of GITHUB_REPOSITORY), artifact:OWNER/REPO@, release:OWNER/REPO@, release:TAG, oci://HOST/NAME.
Without a REF: this folder, and with GITHUB_REPOSITORY set its artifacts and releases.

  --keep-for TIME   warn of each bag that is forgotten before that, for instance "5 years"
  --json            as JSON on stdout`,
  values: ['keep-for'],
  flags: ['json'],
  positionals: [0, 1000],
  async run({ values, flags, positionals }, progress) {
    const keepForDays = values['keep-for'] ? parseKeepFor(values['keep-for'], '--keep-for') : undefined;
    const kept = await listAll(positionals.length > 0 ? positionals : usualPlaces(), progress);
    for (const each of kept) {
      const short = findShortRetention(each, keepForDays);
      if (short) progress.warn(short);
    }
    process.stdout.write(flags.has('json') ? `${JSON.stringify(kept, null, 1)}\n` : `${keptTable(kept)}\n`);
    return ExitCode.done;
  },
};

function usualPlaces(): string[] {
  return ['.', ...(process.env.GITHUB_REPOSITORY ? ['artifact:', 'release:'] : [])];
}

async function listAll(references: string[], progress: Progress): Promise<KeptBag[]> {
  const all: KeptBag[] = [];
  for (const reference of references) {
    progress.step(`Looking into ${reference}`);
    all.push(...(await (await openStore(reference, cliStores(progress))).list()));
  }
  return all;
}
