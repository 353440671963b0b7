import { ARCHIVE_RULE, UNPACKED_RULES } from '../bag/unpacked.ts';
import type { Decided } from '../detect/decisions.ts';
import type { WalkEntry } from '../detect/walk.ts';
import { PerennialError } from '../errors.ts';
import { printable } from '../system/byte-text.ts';
import type { LanguagePackage } from './language-package.ts';
import type { LanguagePackages } from './read-language-packages.ts';

interface Archives {
  verdict(path: string): Pick<Decided, 'origin' | 'seenBy' | 'disposition' | 'rule'> | undefined;
  set(one: Decided): void;
}

interface Sum {
  left: number;
  edited: number;
}

/**
 * Keeps each archive of which files were left, whatever was decided about it before, and says of each package what became of it.
 * @param decided what may have been changed in place
 * @param decisions where the archives are put
 */
export function keepArchives(
  decided: Iterable<Decided>,
  { vouched, digests }: Pick<LanguagePackages, 'vouched' | 'digests'>,
  entryOf: (path: string) => WalkEntry,
  decisions: Archives,
): void {
  const sums = new Map<LanguagePackage, Sum>();
  const files = new Map<string, number>();
  for (const { entry, rule } of decided) {
    const one = vouched.get(entry.path);
    if (!one?.archive || !(UNPACKED_RULES.has(rule) || rule === 'language/edited')) continue;
    const sum = sums.get(one.package) ?? { left: 0, edited: 0 };
    sums.set(one.package, sum);
    if (rule === 'language/edited') sum.edited++;
    else {
      sum.left++;
      files.set(one.archive, (files.get(one.archive) ?? 0) + 1);
    }
  }
  for (const [one, { left, edited }] of sums) {
    const changed = edited === 0 ? '' : `; ${edited} of its files were changed since, and are kept`;
    one.why =
      left === 0 ? 'none of its files is as in its archive' : `unpacked again of its archive, which is kept${changed}`;
    if (left > 0) one.files = 'left';
  }
  for (const [path, count] of files) {
    const { origin, seenBy } = decisions.verdict(path) ?? { origin: 'operation', seenBy: [] };
    const why = `${count} ${count === 1 ? 'file is' : 'files are'} unpacked again of this archive of a package`;
    const probe = { md5: '', sha256: digests.get(path)!, extended: false, xattrs: {} };
    decisions.set({ entry: entryOf(path), disposition: 'keep', rule: ARCHIVE_RULE, why, origin, seenBy, probe });
    keepFoldersOf(path, entryOf, decisions);
  }
}

/** Folders of a cache that was left are needed with their owners: who has the cache writes into them again. */
function keepFoldersOf(path: string, entryOf: (path: string) => WalkEntry, decisions: Archives): void {
  const why = 'folder of an archive of a package';
  for (let up = parentOf(path); up !== ''; up = parentOf(up)) {
    const verdict = decisions.verdict(up);
    if (verdict?.disposition !== 'leave' || !verdict.rule.startsWith('generated/')) return;
    const { origin, seenBy } = verdict;
    decisions.set({ entry: entryOf(up), disposition: 'keep', rule: ARCHIVE_RULE, why, origin, seenBy });
  }
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

/**
 * Holds the archives of the payload against what was opened before: files were left to their content.
 * @throws PerennialError `step-failed` where one went away or has changed meanwhile
 */
export function checkArchives(
  decided: Iterable<Decided>,
  members: { get(path: string): { sha256?: string } | undefined },
): void {
  for (const { entry, rule, probe } of decided)
    if (rule === ARCHIVE_RULE && entry.kind === 'file' && members.get(entry.path)?.sha256 !== probe?.sha256)
      throw new PerennialError(
        'step-failed',
        `${printable(entry.path)} has changed since it was opened, or could not be read again: files of a package were left to it`,
        { hint: 'Archive again while nobody installs packages.' },
      );
}
