import { diffIndices } from 'node-diff3';

interface Hunk {
  /** Half-open line ranges, 0-based. */
  old: [number, number];
  new: [number, number];
}

/** Lines on one side beyond which no alignment is searched: it takes quadratic time. */
const MAX_INPUT = 2000;

/**
 * A unified diff (as `diff -u` writes it, without times), empty when the texts are equal.
 * @param context unchanged lines around a change.
 */
export function unifiedDiff(
  before: string,
  after: string,
  options: { from?: string; to?: string; context?: number } = {},
): string {
  if (before === after) return '';
  const { from = 'a', to = 'b', context = 3 } = options;
  return [`--- ${from}`, `+++ ${to}`, ...hunkLines(toLines(before), toLines(after), context), ''].join('\n');
}

/**
 * The same of lists of lines, without file headers and without a newline at the end.
 * @param maxLines of the result; a last line says how many more there are
 */
export function lineDiff(before: readonly string[], after: readonly string[], maxLines = 200): string {
  const lines = hunkLines(before, after, 3);
  if (lines.length <= maxLines) return lines.join('\n');
  return [...lines.slice(0, maxLines - 1), `… ${lines.length - maxLines + 1} more lines`].join('\n');
}

/** A last line without a newline is another line than one with it. */
function toLines(text: string): string[] {
  const lines = text.split('\n');
  const last = lines.pop()!;
  return last === '' ? lines : [...lines, `${last}\n\\ No newline at end of file`];
}

function hunkLines(old: readonly string[], now: readonly string[], context: number): string[] {
  return groupChanges(changesBetween(old, now), context).flatMap(group => formatHunk(group, old, now, context));
}

function changesBetween(old: readonly string[], now: readonly string[]): Hunk[] {
  if (Math.max(old.length, now.length) > MAX_INPUT) return [betweenEnds(old, now)];
  return diffIndices([...old], [...now]).map(({ buffer1, buffer2 }) => ({
    old: [buffer1[0], buffer1[0] + buffer1[1]],
    new: [buffer2[0], buffer2[0] + buffer2[1]],
  }));
}

/** One change, from the first line that differs to the last. */
function betweenEnds(old: readonly string[], now: readonly string[]): Hunk {
  const shorter = Math.min(old.length, now.length);
  let start = 0;
  while (start < shorter && old[start] === now[start]) start++;
  let end = 0;
  while (end < shorter - start && old.at(-1 - end) === now.at(-1 - end)) end++;
  return { old: [start, old.length - end], new: [start, now.length - end] };
}

function groupChanges(changes: Hunk[], context: number): Hunk[][] {
  const groups: Hunk[][] = [];
  for (const change of changes) {
    if (change.old[0] === change.old[1] && change.new[0] === change.new[1]) continue;
    const previous = groups.at(-1)?.at(-1);
    if (previous && change.old[0] - previous.old[1] <= 2 * context) groups.at(-1)!.push(change);
    else groups.push([change]);
  }
  return groups;
}

function formatHunk(group: Hunk[], old: readonly string[], now: readonly string[], context: number): string[] {
  const first = group[0]!;
  const last = group.at(-1)!;
  const lead = Math.min(context, first.old[0]);
  const tail = Math.min(context, old.length - last.old[1]);
  const oldRange: [number, number] = [first.old[0] - lead, last.old[1] + tail];
  const newRange: [number, number] = [first.new[0] - lead, last.new[1] + tail];
  const lines = [`@@ -${range(oldRange)} +${range(newRange)} @@`];
  let at = oldRange[0];
  for (const change of group) {
    lines.push(...old.slice(at, change.old[0]).map(line => ` ${line}`));
    lines.push(...old.slice(...change.old).map(line => `-${line}`));
    lines.push(...now.slice(...change.new).map(line => `+${line}`));
    at = change.old[1];
  }
  return [...lines, ...old.slice(at, oldRange[1]).map(line => ` ${line}`)];
}

/** `start,count`, 1-based; an empty range names the line before it. */
function range([start, end]: [number, number]): string {
  const count = end - start;
  return count === 1 ? `${start + 1}` : `${count === 0 ? start : start + 1},${count}`;
}
