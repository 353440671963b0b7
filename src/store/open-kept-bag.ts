import { join } from 'node:path';
import { type Bag, openBag } from '../bag/open-bag.ts';
import type { Keys } from '../encryption/lock.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { openStore } from './open-store.ts';
import { formatReference, type Reference } from './reference.ts';
import type { StoreSettings } from './store-settings.ts';

/**
 * Fetches the bag that a reference names, and opens it, decrypted where it is encrypted. What was fetched or unpacked is removed when the bag
 * is closed; folders are for this user only.
 * @throws PerennialError what stores and openBag throw
 */
export async function openKeptBag(reference: string | Reference, settings: StoreSettings, keys: Keys): Promise<Bag> {
  const name = typeof reference === 'string' ? reference : formatReference(reference);
  const store = await openStore(reference, settings);
  const temporary = await temporaryFolder('fetched');
  const folder = temporary.path;
  try {
    const path = await store.fetch(join(folder, 'bag'));
    const bag = await openBag(path, { keys, name, tempDir: folder });
    return {
      ...bag,
      close: async () => {
        await bag.close();
        await temporary.remove();
      },
    };
  } catch (error) {
    await temporary.remove();
    throw error;
  }
}
