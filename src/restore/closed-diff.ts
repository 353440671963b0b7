import { withoutSecrets } from '../system/without-secrets.ts';

/** A line of a file: indentation and the name of a setting, where something follows it; the rest. */
const NAME_AND_REST = /^([ \t]*(?:\w[\w.-]*(?=[\s:=({]))?)(.*)$/;

/** Lines before the first change: names of both sides (unifiedDiff). */
const HEADERS = 2;

/**
 * A unified diff for a report that more people read than the file: of one that not everybody can read, its lines show the names of settings and no
 * value, whatever it is called.
 * @param mode of the file
 */
export function closedDiff(diff: string, mode: number): string {
  if (isForAll(mode)) return diff;
  return diff
    .split('\n')
    .map((line, at) => (at < HEADERS || /^(?:@@ |\\ |$)/.test(line) ? line : line[0] + nameOnly(line.slice(1))))
    .join('\n');
}

/** One line of a file in the same way. */
export function closedLine(line: string, mode: number): string {
  return isForAll(mode) ? withoutSecrets(line) : nameOnly(line);
}

function isForAll(mode: number): boolean {
  return (mode & 0o004) !== 0;
}

/** A word alone may be the secret itself. */
function nameOnly(line: string): string {
  const [, name, rest] = NAME_AND_REST.exec(line)!;
  return rest!.trim() === '' ? line : `${name} <hidden>`;
}
