import { temporaryFolder } from '../temporary-folder.ts';

/**
 * Runs something with a new folder that nobody else can read, and removes it with all that is in it, whatever happens. It is below TMPDIR: what
 * shall be encrypted never lies in plain text where it is kept.
 */
export async function withWorkFolder<T>(run: (folder: string) => Promise<T>): Promise<T> {
  const folder = await temporaryFolder('work');
  try {
    return await run(folder.path);
  } finally {
    await folder.remove();
  }
}
