import { readFile, rename, writeFile } from 'node:fs/promises';
import type { DrillRecord } from '../drill/drill-record.ts';
import { addDrills, formatHistory, parseHistory } from '../drill/history.ts';
import { PerennialError } from '../errors.ts';

/**
 * The history of drills in a file of the user's; empty where there is no such file yet.
 * @throws PerennialError `bad-input` when the file is none, before anything is made
 */
export async function readDrills(file: string): Promise<DrillRecord[]> {
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return '';
    throw new PerennialError('bad-input', `The history ${file} cannot be read: ${cause.message}`, { cause });
  });
  return parseHistory(text);
}

/** Adds a drill to the file, which is whole at every moment. */
export async function addDrill(file: string, record: DrillRecord): Promise<void> {
  const beside = `${file}.perennial-new`;
  await writeFile(beside, formatHistory(addDrills(await readDrills(file), [record])));
  await rename(beside, file);
}
