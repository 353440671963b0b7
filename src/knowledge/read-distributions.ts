import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Distribution, parseDistribution } from './distribution.ts';
import { knowledgeFolder } from './read-rules.ts';

/**
 * Entries of knowledge/bases/*.yml, sorted by id.
 * @throws PerennialError `config-invalid` naming file and field
 */
export async function readDistributions(folder = knowledgeFolder()): Promise<Distribution[]> {
  const directory = join(folder, 'bases');
  const files = (await readdir(directory)).filter(name => name.endsWith('.yml')).sort();
  return Promise.all(files.map(async file => parseDistribution(await readFile(join(directory, file), 'utf8'), file)));
}
