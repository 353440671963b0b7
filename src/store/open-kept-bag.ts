import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bag, openBag } from '../bag/open-bag.ts';
import type { Keys } from '../encryption/lock.ts';
import { openStore } from './open-store.ts';
import { formatReference, type Reference } from './reference.ts';
import type { StoreSettings } from './store-settings.ts';

/**
 * Fetches the bag that a reference names, and opens it, decrypted where it is encrypted. What was fetched is removed as soon as it is
 * unpacked, and all the rest when the bag is closed; folders are for this user only.
 * @throws PerennialError what stores and openBag throw
 */
export async function openKeptBag(reference: string | Reference, settings: StoreSettings, keys: Keys): Promise<Bag> {
  const name = typeof reference === 'string' ? reference : formatReference(reference);
  const store = await openStore(reference, settings);
  const folder = await mkdtemp(join(tmpdir(), 'perennial-fetched-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const path = await store.fetch(join(folder, 'bag'));
    const bag = await openBag(path, { keys, name, tempDir: folder });
    if (!bag.dir.startsWith(join(folder, 'bag'))) await rm(join(folder, 'bag'), { recursive: true, force: true });
    return {
      ...bag,
      close: async () => {
        await bag.close();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
