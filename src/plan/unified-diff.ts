import { diffIndices } from 'node-diff3';

interface Hunk {
  /** Half-open line ranges, 0-based. */
  old: [number, number];
  new: [number, number];
}

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
  const old = toLines(before);
  const now = toLines(after);
  const changes: Hunk[] = diffIndices(old, now).map(({ buffer1, buffer2 }) => ({
    old: [buffer1[0], buffer1[0] + buffer1[1]],
    new: [buffer2[0], buffer2[0] + buffer2[1]],
  }));
  const hunks = groupChanges(changes, context).map(group => formatHunk(group, old, now, context));
  return `--- ${from}\n+++ ${to}\n${hunks.join('')}`;
}

/** A last line without a newline is another line than one with it. */
function toLines(text: string): string[] {
  const lines = text.split('\n');
  const last = lines.pop()!;
  return last === '' ? lines : [...lines, `${last}\n\\ No newline at end of file`];
}

function groupChanges(changes: Hunk[], context: number): Hunk[][] {
  const groups: Hunk[][] = [];
  for (const change of changes) {
    const previous = groups.at(-1)?.at(-1);
    if (previous && change.old[0] - previous.old[1] <= 2 * context) groups.at(-1)!.push(change);
    else groups.push([change]);
  }
  return groups;
}

function formatHunk(group: Hunk[], old: string[], now: string[], context: number): string {
  const first = group[0]!;
  const last = group.at(-1)!;
  const lead = Math.min(context, first.old[0]);
  const tail = Math.min(context, old.length - last.old[1]);
  const oldRange: [number, number] = [first.old[0] - lead, last.old[1] + tail];
  const newRange: [number, number] = [first.new[0] - lead, last.new[1] + tail];
  const lines: string[] = [];
  let at = oldRange[0];
  for (const change of group) {
    lines.push(...old.slice(at, change.old[0]).map(line => ` ${line}`));
    lines.push(...old.slice(...change.old).map(line => `-${line}`));
    lines.push(...now.slice(...change.new).map(line => `+${line}`));
    at = change.old[1];
  }
  lines.push(...old.slice(at, oldRange[1]).map(line => ` ${line}`));
  return `@@ -${range(oldRange)} +${range(newRange)} @@\n${lines.join('\n')}\n`;
}

/** `start,count`, 1-based; an empty range names the line before it. */
function range([start, end]: [number, number]): string {
  const count = end - start;
  return count === 1 ? `${start + 1}` : `${count === 0 ? start : start + 1},${count}`;
}
