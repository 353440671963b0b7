import { createHash } from 'node:crypto';
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PerennialError } from '../errors.ts';
import type { Fixity } from './bagit.ts';

/**
 * Writes a file and brings it to the disk before it returns. `produce` gets a sink with back-pressure. Folders on the way are made.
 * Throws `store-failed` when the file system refuses (disk full, no permission); errors of `produce` pass through.
 */
export async function writeDurably(
  path: string,
  mode: number,
  produce: (sink: (bytes: Buffer) => Promise<void>) => Promise<unknown>,
): Promise<Fixity> {
  const hash = createHash('sha256');
  let bytes = 0;
  await orStoreFailed(path, async () => {
    await mkdir(dirname(path), { recursive: true, mode: 0o755 });
    await using file = await open(path, 'w', mode);
    await produce(async chunk => {
      hash.update(chunk);
      bytes += chunk.length;
      for (let at = 0; at < chunk.length; ) at += (await file.write(chunk, at)).bytesWritten;
    });
    await file.chmod(mode); // whatever the umask: the same state gives the same bag
    await file.sync();
  });
  return { sha256: hash.digest('hex'), bytes };
}

/** Brings a folder's list of names to the disk. */
export async function syncDirectory(path: string): Promise<void> {
  await orStoreFailed(path, async () => {
    await using directory = await open(path, 'r');
    await directory.sync();
  });
}

/** Runs `action`; what the file system refuses becomes one clear error. */
export async function orStoreFailed<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    const { syscall, message } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    throw new PerennialError('store-failed', `Cannot write ${path}: ${message}`, {
      hint: 'Free space or choose another place for the bag. Nothing half written is left, and the service was not touched.',
      cause: error,
    });
  }
}
