import type { IndexEntry } from '../bag/index-entry.ts';
import type { LanguagePackage } from '../language/language-package.ts';

const FOLDER = /^(\/[\w./@+-]+)\/lib\/python(3\.\d+)\/(?:site|dist)-packages(?:\/|$)/;
/** PEP 508 and PEP 440; both come from a bag. */
const WORD = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?==[\w.!]+$/;
/** Made together with an environment: today's makes its own. */
const TOOLS = /^(pip|setuptools|wheel|pkg[_-]resources)==/i;

/**
 * Lines for program/languages.sh: what pip installs again, and what is only back where the old Python looked. Pure; '' when there is
 * nothing to do. Whatever is no plain name is left out.
 */
export function languageList(packages: readonly LanguagePackage[], index: Iterable<IndexEntry>): string {
  const lines: string[] = [];
  for (const one of packages) {
    const folder = one.ecosystem === 'pip' && one.operation ? FOLDER.exec(`${one.folder}/`) : null;
    const word = `${one.name}==${one.version}`;
    if (!folder || !WORD.test(word)) continue;
    if (one.files === 'left') lines.push([folder[1], folder[2], 'install', word].join('\t'));
    else if (!TOOLS.test(word)) lines.push([folder[1], folder[2], 'kept', word].join('\t'));
  }
  for (const { rule, path, disposition } of index) {
    const folder = rule === 'language/edited' && disposition === 'keep' ? FOLDER.exec(path) : null;
    if (folder && /^[\w./@+ -]+$/.test(path)) lines.push([folder[1], folder[2], 'edited', path].join('\t'));
  }
  return lines.length === 0 ? '' : `${lines.sort().join('\n')}\n`;
}
