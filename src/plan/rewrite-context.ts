import { unifiedDiff } from '../unified-diff.ts';
import type { CopiedUse } from './copied-files.ts';
import { rewriteText, type Substitution } from './path-substitution.ts';
import { type PackageOf, rewriteVersionWords } from './version-words.ts';

/** A file of the build context that follows today's names. */
export interface ContextFile {
  /** Relative to the context. */
  path: string;
  use: CopiedUse;
  /** As latin1: names are ASCII, and every other byte stays as it is. */
  text: string;
}

/**
 * Versioned names and paths in files of the build context: an image is built of them, so they follow as the Dockerfile does. In programs
 * also versions that are words of their own.
 * @returns today's texts of those that change, and the differences
 */
export function rewriteContext(
  files: readonly ContextFile[],
  substitutions: Substitution[],
  packageOf: PackageOf,
): { texts: Record<string, string>; diff: string } {
  const texts: Record<string, string> = {};
  let diff = '';
  for (const { path, use, text } of files) {
    const named = rewriteText(text, substitutions).text;
    const today = use === 'program' ? rewriteVersionWords(named, substitutions, packageOf) : named;
    if (today === text) continue;
    texts[path] = today;
    diff += unifiedDiff(text, today, { from: `${path} (then)`, to: `${path} (today)` });
  }
  return { texts, diff };
}
