import { diffIndices } from 'node-diff3';

/** Lines of context around a change. */
const CONTEXT = 3;
/** Lines on one side beyond which no alignment is searched: it takes quadratic time. */
const MAX_INPUT = 2000;

interface Edit {
  kind: ' ' | '-' | '+';
  text: string;
}

/**
 * A unified diff (as `diff -u` prints it) without file headers.
 * @param maxLines of the result; a last line says how many more there are
 * @returns '' when nothing differs
 */
export function unifiedDiff(before: readonly string[], after: readonly string[], maxLines = 200): string {
  const edits = editsBetween(before, after);
  const changed = edits.flatMap((edit, index) => (edit.kind === ' ' ? [] : [index]));
  if (changed.length === 0) return '';
  const lines = hunksAround(changed, edits.length).flatMap(([from, to]) => hunkLines(edits, from, to));
  if (lines.length <= maxLines) return lines.join('\n');
  return [...lines.slice(0, maxLines - 1), `… ${lines.length - maxLines + 1} more lines`].join('\n');
}

function editsBetween(before: readonly string[], after: readonly string[]): Edit[] {
  const removed = (texts: readonly string[]): Edit[] => texts.map(text => ({ kind: '-', text }));
  const added = (texts: readonly string[]): Edit[] => texts.map(text => ({ kind: '+', text }));
  if (Math.max(before.length, after.length) > MAX_INPUT) return [...removed(before), ...added(after)];
  const edits: Edit[] = [];
  let at = 0;
  const common = (to: number) => edits.push(...before.slice(at, to).map<Edit>(text => ({ kind: ' ', text })));
  for (const change of diffIndices([...before], [...after])) {
    const [start, length] = change.buffer1;
    common(start);
    edits.push(...removed(change.buffer1Content), ...added(change.buffer2Content));
    at = start + length;
  }
  common(before.length);
  return edits;
}

/** Ranges of edits, each with its context; ranges that touch are one. */
function hunksAround(changed: number[], total: number): [number, number][] {
  const hunks: [number, number][] = [];
  for (const index of changed) {
    const from = Math.max(0, index - CONTEXT);
    const to = Math.min(total, index + CONTEXT + 1);
    const last = hunks.at(-1);
    if (last && from <= last[1]) last[1] = to;
    else hunks.push([from, to]);
  }
  return hunks;
}

function hunkLines(edits: Edit[], from: number, to: number): string[] {
  const before = (range: Edit[]) => range.filter(edit => edit.kind !== '+').length;
  const after = (range: Edit[]) => range.filter(edit => edit.kind !== '-').length;
  const above = edits.slice(0, from);
  const hunk = edits.slice(from, to);
  const side = (start: number, length: number) => `${length === 0 ? start : start + 1},${length}`;
  const header = `@@ -${side(before(above), before(hunk))} +${side(after(above), after(hunk))} @@`;
  return [header, ...hunk.map(edit => edit.kind + edit.text)];
}
