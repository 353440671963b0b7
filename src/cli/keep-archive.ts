import { mkdtemp, rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ArchiveOutcome } from '../archive/archive.ts';
import { type Keeping, keepBag, packInto, secretsOf, shortRetentions } from '../archive/keep-bag.ts';
import { bagFolderName } from '../bag/bag-file-name.ts';
import { withWorkFolder } from '../bag/work-folder.ts';
import type { SecretCount } from '../classify/secrets.ts';
import type { Lock } from '../encryption/lock.ts';
import { PerennialError } from '../errors.ts';
import type { Progress } from '../progress.ts';
import type { Reference } from '../store/reference.ts';
import type { PackedBag } from '../store/store.ts';
import { cliStores, withQuietStdout } from './cli-stores.ts';

export interface KeepRequest {
  /** Name of the packed bag. */
  name: string;
  /** Folder of the bag that stays, for a bag that is not encrypted. */
  out: string | undefined;
  to: Reference[];
  lock: Lock | undefined;
  keepForDays: number | undefined;
  allowPlaintextSecrets: boolean;
  progress: Progress;
}

/**
 * Archives by `archive` into a folder that nobody else can read, packs, encrypts and keeps. When a store fails, the packed bag stays and the
 * error says where; nothing in plain text stays when it shall be encrypted.
 */
export async function keepArchive(
  request: KeepRequest,
  archive: (out: string) => Promise<ArchiveOutcome>,
): Promise<{ result: ArchiveOutcome; kept: Keeping[] }> {
  return withWorkFolder(async folder => {
    const { result, packed, secrets } = await makeBag(request, folder, archive);
    const kept = await store(request, packed, secrets).catch(async error => {
      throw error instanceof PerennialError ? withPlace(error, await saved(packed)) : error;
    });
    for (const text of shortRetentions(kept, request.keepForDays)) request.progress.warn(text);
    return { result, kept };
  });
}

/** Out of the folder that goes. */
async function saved(packed: PackedBag): Promise<string> {
  const file = join(await mkdtemp(join(tmpdir(), 'perennial-packed-')), packed.name);
  await rename(packed.file, file);
  return file;
}

async function makeBag(
  { name, out, lock, progress }: KeepRequest,
  folder: string,
  archive: (out: string) => Promise<ArchiveOutcome>,
): Promise<{ result: ArchiveOutcome; packed: PackedBag; secrets: SecretCount[] }> {
  const dir = out && !lock ? out : join(folder, bagFolderName(name));
  const result = await archive(dir);
  const secrets = await secretsOf(dir);
  progress.step(lock ? 'Packing and encrypting the bag' : 'Packing the bag');
  const { service, created } = result.manifest;
  const bag = { dir, name, service: service.name, created };
  return { result, secrets, packed: await packInto(folder, bag, { lock, keep: dir === out }) };
}

async function store(request: KeepRequest, packed: PackedBag, secrets: SecretCount[]): Promise<Keeping[]> {
  const { out, to, lock, progress, allowPlaintextSecrets } = request;
  const references = [...(out && lock ? [{ kind: 'path' as const, path: out }] : []), ...to];
  const rules = { secrets, allowPlaintextSecrets, encrypted: lock !== undefined };
  return withQuietStdout(() => keepBag(packed, references, cliStores(progress), rules));
}

function withPlace(error: PerennialError, file: string): PerennialError {
  const hint = `${error.hint ?? ''}\nThe packed bag is at ${file}: \`perennial copy ${file} REFERENCE\` keeps it elsewhere; remove it when it is kept.`;
  return new PerennialError(error.code, error.message, { cause: error, hint: hint.trim() });
}
