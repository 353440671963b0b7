import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { TrustedRoot } from '@sigstore/protobuf-specs';
import { LARGEST_ATTESTATION } from '../bag/attestation-file.ts';
import { PerennialError } from '../errors.ts';
import { knowledgeFolder } from '../knowledge/read-rules.ts';
import { temporaryFolder } from '../temporary-folder.ts';

/** Sigstore's public instance, as it was when this version was made: what was signed until then verifies without a network. */
export async function builtInRoot(): Promise<TrustedRoot> {
  return rootOf(await readFile(join(knowledgeFolder(), 'sigstore/trusted_root.json'), 'utf8'));
}

/**
 * Keys of a file: a trusted root, or one a line, as `gh attestation trusted-root` and `cosign trusted-root create` print them.
 * @param name what gave the path, for messages
 * @throws PerennialError `bad-input`
 */
export async function readTrustedRoots(path: string, name: string): Promise<TrustedRoot[]> {
  const text = await readSmall(path, name);
  try {
    const lines = text.split('\n').filter(line => line.trim() !== '');
    const roots = whole(text) ?? lines.map(rootOf);
    if (roots.length === 0) throw new Error('it is empty');
    return roots;
  } catch (cause) {
    throw new PerennialError(
      'bad-input',
      `${name} ${path} is no trusted root of Sigstore: ${(cause as Error).message}`,
      {
        hint: 'Take what `gh attestation trusted-root` prints, or trusted_root.json of the instance that signed.',
        cause,
      },
    );
  }
}

/**
 * Today's keys of Sigstore's public instance, through The Update Framework: from the root keys of this version, each newer one vouched for by
 * the one before. Nothing is left on this machine.
 * @param repository another one than the public instance's, and a file with the root keys to begin with
 * @throws whatever the network says
 */
export async function fetchPublicRoot(repository?: { mirrorURL: string; rootPath: string }): Promise<TrustedRoot> {
  const { getTrustedRoot } = await import('@sigstore/tuf');
  const cache = await temporaryFolder('sigstore');
  try {
    const patience = { retry: { retries: 1 }, timeout: 10_000 };
    return await getTrustedRoot({ cachePath: cache.path, ...patience, ...repository });
  } finally {
    await cache.remove();
  }
}

async function readSmall(path: string, name: string): Promise<string> {
  try {
    if ((await stat(path)).size > LARGEST_ATTESTATION) throw new Error(`it has more than ${LARGEST_ATTESTATION} bytes`);
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new PerennialError('bad-input', `${name} ${path} cannot be read: ${(cause as Error).message}`, { cause });
  }
}

function whole(text: string): TrustedRoot[] | undefined {
  try {
    JSON.parse(text);
  } catch {
    return undefined;
  }
  return [rootOf(text)];
}

function rootOf(text: string): TrustedRoot {
  const root = TrustedRoot.fromJSON(JSON.parse(text));
  if (root.certificateAuthorities.length > 0) return root;
  throw new Error('it names no certificate authority');
}
