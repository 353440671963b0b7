import { withoutSecrets } from '../system/without-secrets.ts';

/** Of a line of a diff: its sign, indentation and the name of a setting; the rest. */
const NAME_AND_REST = /^([+ -][ \t]*(?:[\w.-]+(?=[\s:=({]|$))?)(.*)$/;

/**
 * A diff for a report that more people read than the file: of one that not everybody on the old system could read, the owner's lines show the name of
 * the setting and no value, whatever it is called.
 * @param mode of the owner's file
 * @param isShipped what stands before the changes is a package's, which everybody has: only added lines are the owner's
 */
export function closedDiff(diff: string, mode: number, isShipped: boolean): string {
  if ((mode & 0o004) !== 0) return diff;
  return diff
    .split('\n')
    .map(line => {
      if (/^(?:\+\+\+|---|@@)/.test(line) || (isShipped && !line.startsWith('+'))) return line;
      const [, name, rest] = NAME_AND_REST.exec(line) ?? [];
      return name === undefined || rest === undefined || rest.trim() === '' ? line : `${name} <hidden>`;
    })
    .join('\n');
}

/** One line of a file in the same way. */
export function closedLine(line: string, mode: number | undefined): string {
  return mode === undefined ? withoutSecrets(line) : closedDiff(`+${withoutSecrets(line)}`, mode, false).slice(1);
}
