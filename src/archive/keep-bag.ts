import { join } from 'node:path';
import { bagFileName, storedNames } from '../bag/bag-file-name.ts';
import { openBag } from '../bag/open-bag.ts';
import { packBag } from '../bag/pack-bag.ts';
import { type SecretCount, secretWords } from '../classify/secrets.ts';
import type { Lock } from '../encryption/lock.ts';
import { PerennialError } from '../errors.ts';
import { openStore } from '../store/open-store.ts';
import { formatReference, type Reference } from '../store/reference.ts';
import { findShortRetention } from '../store/retention.ts';
import type { KeptBag, PackedBag, Store } from '../store/store.ts';
import type { StoreSettings } from '../store/store-settings.ts';
import { findSecrets } from './find-secrets.ts';

/** Where a bag is kept, and how long it took to put it there. */
export interface Keeping extends KeptBag {
  place: string;
  seconds: number;
}

/** What secrets are in a bag's folder. */
export async function secretsOf(bagFolder: string): Promise<SecretCount[]> {
  return findSecrets(await openBag(bagFolder));
}

/**
 * Packs a bag's folder into a file of `folder`, encrypted where there is a lock, and removes the bag's folder unless `keep` is set: the packed one
 * is the same.
 */
export async function packInto(
  folder: string,
  bag: { dir: string; name: string; service: string; created: string },
  options: { lock?: Lock | undefined; keep?: boolean },
): Promise<PackedBag> {
  const name = bagFileName(bag.name, options.lock !== undefined);
  const file = join(folder, name);
  const fixity = await packBag(bag.dir, file, { lock: options.lock, consume: !options.keep });
  return { file, name, ...fixity, service: options.lock ? '' : bag.service, created: bag.created };
}

/** What may become of a bag, besides where it goes. */
export interface KeepingRules {
  secrets: readonly SecretCount[];
  allowPlaintextSecrets: boolean;
  encrypted: boolean;
}

/**
 * Puts a packed bag into stores, one after the other. Before the first one it is made sure that no plain secrets go where others can read them.
 * @throws PerennialError `bad-input` for such secrets, and what stores throw; the packed bag is still there then
 */
export async function keepBag(
  packed: PackedBag,
  references: readonly Reference[],
  settings: StoreSettings,
  rules: KeepingRules,
): Promise<Keeping[]> {
  for (const each of references) checkName(each, packed);
  const stores = await Promise.all(references.map(reference => openStore(reference, settings)));
  for (const store of stores) await refusePlainSecrets(store, rules);
  const kept: Keeping[] = [];
  for (const store of stores) {
    settings.progress.step(`Putting the bag into ${store.place}`);
    const started = performance.now();
    const one = await store.put(packed);
    kept.push({ ...one, place: store.place, seconds: Math.round((performance.now() - started) / 100) / 10 });
  }
  return kept;
}

/** Sentences about stores that forget a bag sooner than it shall last. */
export function shortRetentions(kept: readonly KeptBag[], keepForDays: number | undefined): string[] {
  const lasting = kept.filter(each => findShortRetention(each, keepForDays) === undefined);
  if (lasting.length > 0) return []; // one that lasts is enough
  return kept.map(each => findShortRetention(each, keepForDays)).filter(each => each !== undefined);
}

/** A bag is kept under its own name. */
function checkName(reference: Reference, packed: PackedBag): void {
  if (!('name' in reference) || reference.name === '' || storedNames(reference.name).includes(packed.name)) return;
  throw new PerennialError(
    'bad-input',
    `${formatReference(reference)} is another name than that of the bag, ${packed.name}`,
    {
      hint: 'Leave it out of the reference, and name the bag with `artifact-name` (`--name` on the command line).',
    },
  );
}

async function refusePlainSecrets(store: Store, rules: KeepingRules): Promise<void> {
  if (rules.encrypted || rules.secrets.length === 0 || rules.allowPlaintextSecrets) return;
  const readers = await store.readers();
  if (readers === 'owner' || readers === 'collaborators') return;
  const who = readers === 'others' ? 'can be read by others' : 'may be read by others, it does not tell';
  throw new PerennialError(
    'bad-input',
    `The archive is not put into ${store.place}, which ${who}: it holds secrets in plain text: ${secretWords(rules.secrets)}`,
    { hint: ENCRYPT_HINT },
  );
}

const ENCRYPT_HINT = `Encrypt it with this line in the step (\`--recipient age1…\` on the command line):
  encrypt-to: age1…   # the public key that \`age-keygen -o key.txt\` prints; key.txt opens the archive, keep it safe
If others may read the secrets, set \`allow-plaintext-secrets: true\` (\`--allow-plaintext-secrets\`).`;
