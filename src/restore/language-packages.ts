import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { IndexEntry } from '../bag/index-entry.ts';
import type { Manifest } from '../bag/manifest.ts';
import { knowledgeFolder } from '../knowledge/read-rules.ts';
import { languageList } from '../plan/language-list.ts';
import type { Journal } from './journal.ts';
import type { NewSystem } from './new-system.ts';

const LIST = '/var/lib/perennial/languages';

/**
 * Has the languages' own tools install again what the bag left to them. What cannot be had any more is reported by name; nothing
 * of it stops a restore. Comes after the proof of the state, since an environment is made anew for today's Python.
 */
export async function installLanguagePackages(
  system: NewSystem,
  manifest: Manifest,
  index: ReadonlyMap<string, IndexEntry>,
  journal: Journal,
): Promise<void> {
  const list = languageList(manifest.languagePackages, index.values());
  if (list === '') return;
  const program = await readFile(join(knowledgeFolder(), '../program/languages.sh'), 'utf8');
  await system.script('Writing the list of language packages', `mkdir -p /var/lib/perennial\ncat > ${LIST}`, {
    input: list,
  });
  const { code, stdout, stderr } = await system.target.exec(['sh', '-c', program, 'languages.sh', LIST], {
    allowFailure: true,
  });
  await system.script('Removing the list of language packages', `rm -f ${LIST}`);
  for (const line of stdout.toString().split('\n').filter(Boolean)) {
    if (line.startsWith('! ')) journal.look('packages', line.slice(2), 'it is not as it was', 'language/pip');
    else journal.done('packages', line, 'they were installed during operation', 'language/pip');
  }
  if (code !== 0)
    journal.look('packages', 'language packages were not installed again', stderr.toString().trim(), 'language/pip');
  journal.script(
    'Language packages',
    'pip install --no-deps ...',
    ...list
      .trim()
      .split('\n')
      .map(line => `# ${line}`),
  );
}
