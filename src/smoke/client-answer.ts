import type { ProbeKind } from '../knowledge/probe-kind.ts';
import { textLines } from './answer-lines.ts';

/** `ok`, what a pattern of the kind says about what was printed, or the exit code. */
export function clientStatus(kind: ProbeKind, code: number, printed: string): string {
  const named = kind.statuses.find(each => new RegExp(each.match, 'm').test(printed));
  if (named) return named.is;
  return code === 0 ? 'ok' : `exit ${code}`;
}

/** The lines of an answer, as the kind keeps, drops, replaces and sorts them. */
export function clientLines(kind: ProbeKind, stdout: string, stderr: string): string[] {
  const { from, keep, drop, replace, sort } = kind.answer;
  const kept = keep.map(each => new RegExp(each));
  const dropped = drop.map(each => new RegExp(each));
  const lines = textLines(from === 'both' ? `${stdout}\n${stderr}` : stdout)
    .filter(line => kept.length === 0 || kept.some(each => each.test(line)))
    .filter(line => !dropped.some(each => each.test(line)))
    .map(line => replace.reduce((text, each) => text.replace(new RegExp(each.pattern, 'g'), each.with), line));
  return sort ? lines.sort() : lines;
}
