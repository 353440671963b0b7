import { basename, join } from 'node:path';
import { bagFileName, isBagFileName, isEncryptedName } from '../bag/bag-file-name.ts';
import { writeDurably } from '../bag/durable-file.ts';
import { hashFile } from '../bag/hash-file.ts';
import type { Bag } from '../bag/open-bag.ts';
import { packBag } from '../bag/pack-bag.ts';
import { usedUp } from '../bag/release-bytes.ts';
import { encryptInto } from '../encryption/encrypt.ts';
import type { Lock } from '../encryption/lock.ts';
import { PerennialError } from '../errors.ts';
import { interruption } from '../interruption.ts';
import type { PackedBag } from '../store/store.ts';

/**
 * A bag as one file, for keeping it elsewhere. A packed file is taken as it is, so that its digest stays the same, or encrypted where there is a
 * lock (anew, where it is encrypted already); a folder is packed into `folder`.
 * @param path packed file, or folder of a bag
 * @param bag the same, opened; undefined for an encrypted file without a key
 * @throws PerennialError `bad-input` when another lock is wanted for a file that cannot be opened
 */
export async function packedCopy(
  path: string,
  bag: Bag | undefined,
  folder: string,
  options: { lock?: Lock | undefined; name?: string | undefined },
): Promise<PackedBag> {
  const { lock } = options;
  const isPacked = isBagFileName(basename(path));
  const encrypted = lock !== undefined || (isPacked && isEncryptedName(path));
  const name = bagFileName(options.name ?? basename(path), encrypted);
  const service = encrypted ? '' : (bag?.manifest.service.name ?? '');
  const about = { name, service, created: bag?.manifest.created ?? '' };
  if (isPacked && !lock) return { file: path, ...about, ...(await hashFile(path)) };
  const file = join(folder, name);
  if (isPacked && bag?.plain) return { file, ...about, ...(await encryptFile(bag.plain(), file, lock!)) };
  if (bag && bag.packed.size > 0) throw oddName(path);
  if (bag) return { file, ...about, ...(await packBag(bag.dir, file, { lock })) };
  throw new PerennialError('bad-input', `${basename(path)} is encrypted already`, {
    hint: 'Give the key that opens it too, and it is encrypted anew; or no recipient, and it is copied as it is.',
  });
}

/** Parts of such a file are read where they lie: there is no folder to pack. */
function oddName(path: string): PerennialError {
  return new PerennialError('bad-input', `${path} is a packed bag under another name`, {
    hint: 'Call it NAME.tar.zst, or unpack it (`tar -xf`) and copy the folder.',
  });
}

async function encryptFile(
  plain: AsyncIterable<Buffer>,
  to: string,
  lock: Lock,
): Promise<{ bytes: number; sha256: string }> {
  return writeDurably(to, 0o600, async sink => {
    const encrypted = await encryptInto(lock, sink);
    for await (const chunk of usedUp(plain)) {
      interruption.check();
      await encrypted.write(chunk);
    }
    await encrypted.end();
  });
}
