/** One replacement in a text, by offsets into the original. */
export interface TextEdit {
  start: number;
  end: number;
  text: string;
  why: string;
}

/** What happened to a line of the original, or to several that are joined by continuations. */
export interface LineChange {
  /** 1-based line of the original where it starts. */
  line: number;
  before: string;
  after: string;
  why: string;
}

/**
 * Applies edits that were computed on the original text. Of two that overlap the first in the list counts, so put the
 * more specific first.
 */
export function applyEdits(text: string, edits: TextEdit[]): { text: string; changes: LineChange[] } {
  const chosen: TextEdit[] = [];
  for (const edit of edits) {
    if (!chosen.some(other => edit.start < other.end && other.start < edit.end)) chosen.push(edit);
  }
  chosen.sort((a, b) => a.start - b.start);
  return { text: splice(text, 0, text.length, chosen), changes: lineChanges(text, chosen) };
}

/** Edits that touch the same lines are one change. */
function lineChanges(text: string, edits: TextEdit[]): LineChange[] {
  const groups: { start: number; end: number; edits: TextEdit[] }[] = [];
  for (const edit of edits) {
    const start = text.lastIndexOf('\n', edit.start - 1) + 1;
    const newline = text.indexOf('\n', edit.end);
    const end = newline < 0 ? text.length : newline;
    const last = groups.at(-1);
    if (last && start < last.end) {
      last.end = end;
      last.edits.push(edit);
    } else groups.push({ start, end, edits: [edit] });
  }
  return groups.map(group => ({
    line: text.slice(0, group.start).split('\n').length,
    before: text.slice(group.start, group.end),
    after: splice(text, group.start, group.end, group.edits),
    why: [...new Set(group.edits.map(edit => edit.why))].join('; '),
  }));
}

function splice(text: string, start: number, end: number, edits: TextEdit[]): string {
  let result = '';
  let from = start;
  for (const edit of edits) {
    result += text.slice(from, edit.start) + edit.text;
    from = edit.end;
  }
  return result + text.slice(from, end);
}
