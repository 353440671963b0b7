import { join } from 'node:path';
import { findSecrets } from '../archive/find-secrets.ts';
import { type Keeping, keepBag, shortRetentions } from '../archive/keep-bag.ts';
import { packedCopy } from '../archive/packed-copy.ts';
import { type Bag, openBag } from '../bag/open-bag.ts';
import { verifyBag } from '../bag/verify-bag.ts';
import { withWorkFolder } from '../bag/work-folder.ts';
import type { SecretCount } from '../classify/secrets.ts';
import type { Keys, Lock } from '../encryption/lock.ts';
import { ExitCode, PerennialError } from '../errors.ts';
import type { Progress } from '../progress.ts';
import { openStore } from '../store/open-store.ts';
import { parseReference } from '../store/reference.ts';
import { parseKeepFor } from '../store/retention.ts';
import { cliStores, withQuietStdout } from './cli-stores.ts';
import type { Command } from './commands.ts';
import { keyUsage, keyValues, readKeys, readRecipients } from './key-options.ts';
import { bagUsage } from './open-given-bag.ts';

export const copyCommand: Command = {
  summary: 'keep a bag somewhere else too, for instance before an artifact expires',
  usage: `usage: perennial copy BAG REF [--name NAME] [--recipient age1…]... [options]

REF is a folder (made when its parent is there), a file NAME.tar.zst, release:TAG or oci://HOST/NAME:TAG. The bag is verified, put there as
it is, and checked; a copy that was interrupted goes on where it was. An encrypted bag stays encrypted, and is verified when a key is given.

${bagUsage}
  --name NAME             of the packed bag there (default: its name here)
  --recipient age1…       encrypt the copy to this public key of age; may be repeated
  --recipients-file FILE  the same, one a line
  --keep-for TIME         warn when it is forgotten there before that
  --allow-plaintext-secrets  keep secrets unencrypted where others may read them
${keyUsage}
  --json                  where it is kept, as JSON on stdout`,
  values: ['name', 'keep-for', 'recipients-file', ...keyValues],
  lists: ['recipient'],
  flags: ['json', 'allow-plaintext-secrets'],
  positionals: [2, 2],
  async run(args, progress) {
    const { values, flags, positionals } = args;
    const keepForDays = values['keep-for'] ? parseKeepFor(values['keep-for'], '--keep-for') : undefined;
    const to = parseReference(positionals[1]!);
    const recipients = await readRecipients(args);
    const request = {
      from: positionals[0]!,
      keys: await readKeys(values),
      lock: recipients.length > 0 ? { recipients } : undefined,
      name: values.name,
      progress,
    };
    const kept = await withFile(request, ({ packed, secrets, encrypted }) => {
      const rules = { secrets, encrypted, allowPlaintextSecrets: flags.has('allow-plaintext-secrets') };
      return keepBag(packed, [to], cliStores(progress), rules);
    });
    for (const text of shortRetentions(kept, keepForDays)) progress.warn(text);
    process.stdout.write(flags.has('json') ? `${JSON.stringify(kept[0])}\n` : `Kept as ${kept[0]!.reference}\n`);
    return ExitCode.done;
  },
};

interface CopyRequest {
  from: string;
  keys: Keys;
  lock: Lock | undefined;
  name: string | undefined;
  progress: Progress;
}

interface CopyFile {
  packed: Awaited<ReturnType<typeof packedCopy>>;
  secrets: SecretCount[];
  encrypted: boolean;
}

/** Fetches, verifies and packs; everything is removed when `run` has come to its end. */
function withFile(request: CopyRequest, run: (file: CopyFile) => Promise<Keeping[]>): Promise<Keeping[]> {
  const { from, keys, lock, name, progress } = request;
  return withWorkFolder(folder =>
    withQuietStdout(async () => {
      const store = await openStore(from, cliStores(progress));
      const path = await store.fetch(join(folder, 'fetched'));
      const bag = await openOrLeave(path, keys, from, folder);
      try {
        if (bag) progress.step('Verifying the bag');
        if (bag) await verifyBag(bag, { deep: false }); // a copy is as good as what was copied; restore looks deeper
        const packed = await packedCopy(path, bag, folder, { lock, name });
        const encrypted = packed.name.endsWith('.age');
        return await run({ packed, encrypted, secrets: bag && !encrypted ? await findSecrets(bag) : [] });
      } finally {
        await bag?.close();
      }
    }),
  );
}

/** Undefined for an encrypted bag without a key: it can be kept elsewhere all the same. */
async function openOrLeave(path: string, keys: Keys, name: string, folder: string): Promise<Bag | undefined> {
  try {
    return await openBag(path, { keys, name, tempDir: folder });
  } catch (error) {
    if (error instanceof PerennialError && error.code === 'key-missing') return undefined;
    throw error;
  }
}
