import { DirectoryStore } from './directory-store.ts';
import { parseReference, type Reference } from './reference.ts';
import type { Store } from './store.ts';
import type { StoreSettings } from './store-settings.ts';

/**
 * The store of a reference. What only some stores need is loaded then: the artifact client is larger than all of the rest.
 * @throws PerennialError `bad-input`
 */
export async function openStore(reference: string | Reference, settings: StoreSettings): Promise<Store> {
  const at = typeof reference === 'string' ? parseReference(reference) : reference;
  switch (at.kind) {
    case 'path':
      return new DirectoryStore(at.path);
    case 'artifact':
      return new (await import('./artifact-store.ts')).ArtifactStore(at, settings);
    case 'release':
      return new (await import('./release-store.ts')).ReleaseStore(at, settings);
    case 'oci':
      return new (await import('./oci-store.ts')).OciStore(at, settings);
  }
}
