import { unchanged } from '../classify/classify.ts';
import type { LanguagePackage } from './language-package.ts';
import type { LanguageContext } from './read-language-packages.ts';

/**
 * Says of packages that the build installs again how many of their files were changed since then. npm and gem record no digests of
 * files, so the image decides: what is not as in it is kept, and laid over what the build installs.
 * @param homes folder of an installed package -> the package
 */
export function tellEditedFiles(homes: ReadonlyMap<string, LanguagePackage>, context: LanguageContext): void {
  if (!context.rebuildable || homes.size === 0) return;
  const edited = new Map<LanguagePackage, number>();
  for (const [path, entry] of context.entries) {
    if (entry.kind === 'directory' || !/\/(?:node_modules|gems)\//.test(path)) continue;
    const one = unchanged(entry, context.inImage(path)) ? undefined : packageOf(path, homes);
    if (one && !one.operation) edited.set(one, (edited.get(one) ?? 0) + 1);
  }
  for (const [one, count] of edited)
    one.why = `the build installs it again; ${count} of its files were changed since, and are kept`;
}

/** The innermost package whose folder a path lies in. */
function packageOf(path: string, homes: ReadonlyMap<string, LanguagePackage>): LanguagePackage | undefined {
  for (let up = parentOf(path); up !== ''; up = parentOf(up)) {
    const one = homes.get(up);
    if (one) return one;
  }
  return undefined;
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}
