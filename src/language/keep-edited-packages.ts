import type { Verdict } from '../classify/classify.ts';
import type { LanguagePackage, VouchedPaths } from './language-package.ts';

/**
 * A package of pip of which somebody edited a file is kept whole: to install it again would lay the original over the edit. Changes what was
 * decided, and what is said of the package.
 */
export function keepEditedPackages(decided: (Verdict & { entry: { path: string } })[], vouched: VouchedPaths): void {
  const edited = new Set<LanguagePackage>();
  for (const { rule, entry } of decided) {
    const one = rule === 'language/edited' ? vouched.get(entry.path)?.package : undefined;
    if (one?.ecosystem !== 'pip') continue;
    edited.add(one);
    one.files = 'kept';
    one.why = `${entry.path} was edited`;
  }
  if (edited.size === 0) return;
  for (const each of decided) {
    const one = each.rule === 'language/pip' ? vouched.get(each.entry.path)?.package : undefined;
    if (!one || !edited.has(one)) continue;
    each.disposition = 'keep';
    each.rule = 'language/kept';
    each.why = `other files of ${one.name} ${one.version} were edited, so it is kept whole`;
  }
}
