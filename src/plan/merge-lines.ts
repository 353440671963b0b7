import { diff3MergeRegions } from 'node-diff3';
import type { ConfigConflict, ConfigTexts } from './merge-config.ts';
import { shownValue } from './shown-value.ts';

export interface LineMerge {
  /** The merged text; when there are conflicts it must not be used. */
  text: string;
  conflicts: ConfigConflict[];
  notes: string[];
}

/**
 * Three-way merge by lines (diff3). Blanks at the ends of lines do not count. A region that both sides changed is still no
 * conflict when one of them changed comments only: the other side's lines stand. A setting that comes out twice where
 * every version had it at most once is a conflict too (nginx refuses a second `server_tokens`), and so is a list of rules
 * that the default changed: where a directive stands several times its order counts (Squid's `http_access`, PAM).
 */
export function mergeLines(texts: ConfigTexts): LineMerge {
  const [edited, old, fresh] = [split(texts.edited), split(texts.old), split(texts.fresh)];
  const keys = (lines: string[]): string[] => lines.map(line => line.trimEnd());
  const conflicts: ConfigConflict[] = [];
  const merged: string[] = [];
  let comments = 0;
  for (const region of diff3MergeRegions(keys(edited), keys(old), keys(fresh)) as Region[]) {
    if (region.stable) {
      const source = { a: edited, o: old, b: fresh }[region.buffer];
      merged.push(...source.slice(region.bufferStart, region.bufferStart + region.bufferLength));
      continue;
    }
    const mine = edited.slice(region.aStart, region.aStart + region.aLength);
    const theirs = fresh.slice(region.bStart, region.bStart + region.bLength);
    const side = settled(region.aContent, region.oContent, region.bContent);
    if (side === 'fresh' && !same(region.aContent, region.bContent)) comments++;
    if (side) merged.push(...(side === 'edited' ? mine : theirs));
    else conflicts.push(regionConflict(region.aStart + 1, mine, theirs));
  }
  const isMarkup = /^\s*</.test(texts.fresh); // an attribute on a line of its own is no directive
  const doubled = conflicts.length === 0 && !isMarkup ? doubledSettings(merged, [edited, old, fresh]) : [];
  const notes = comments === 0 ? [] : [`${comments} changed comments of the edited file not carried over`];
  const lists = isMarkup ? [] : changedLists(edited, old, fresh);
  return { text: merged.join('\n'), conflicts: [...conflicts, ...doubled, ...lists], notes };
}

/** What diff3MergeRegions gives: its own types say `any`. a: edited, o: old, b: fresh. */
type Region =
  | { stable: true; buffer: 'a' | 'o' | 'b'; bufferStart: number; bufferLength: number }
  | {
      stable: false;
      aStart: number;
      aLength: number;
      aContent: string[];
      oContent: string[];
      bStart: number;
      bLength: number;
      bContent: string[];
    };

function split(text: string): string[] {
  return text.split('\n');
}

/** Which side stands although both touched the region, if one can. */
function settled(edited: string[], old: string[], fresh: string[]): 'edited' | 'fresh' | undefined {
  if (same(edited, fresh)) return 'fresh';
  const [a, o, b] = [edited, old, fresh].map(settingsOnly);
  if (same(o!, b!)) return 'edited';
  if (same(o!, a!) || same(a!, b!)) return 'fresh';
  return undefined;
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((line, at) => line === b[at]);
}

/** Without blank lines and `#` comments; `#include` and `#includedir` (sudoers) are no comments. */
export function settingsOnly(lines: readonly string[]): string[] {
  return lines
    .map(line => line.trimEnd())
    .filter(line => line !== '' && (!/^\s*#/.test(line) || /^\s*#include/.test(line)));
}

function regionConflict(line: number, edited: readonly string[], fresh: readonly string[]): ConfigConflict {
  const show = (lines: readonly string[]): string =>
    settingsOnly(lines)
      .map(each => shownValue(each, each))
      .join(' | ')
      .slice(0, 400);
  return { where: `line ${line}`, edited: show(edited), fresh: show(fresh) };
}

function doubledSettings(merged: readonly string[], inputs: readonly string[][]): ConfigConflict[] {
  const counts = inputs.map(countWords);
  return [...countWords(merged)].flatMap(([word, count]) => {
    const most = Math.max(...counts.map(each => each.get(word) ?? 0));
    if (count < 2 || most > 1) return [];
    const find = (lines: readonly string[]): string => lines.find(line => firstWord(line) === word)?.trim() ?? '';
    const [edited, , fresh] = inputs;
    const shown = [find(edited!), find(fresh!)].map(line => shownValue(line, line));
    return [{ where: word, edited: shown[0]!, fresh: shown[1]! }];
  });
}

/** Directives that load something: their list is a set, and what today's other settings need must be in it. */
const LOADS = /^(load_?module|module_?load|load_?plugin)$/i;

/** Lists that the default changed and the owner's file has otherwise: inserting into somebody's rules changes what they say. */
function changedLists(edited: readonly string[], old: readonly string[], fresh: readonly string[]): ConfigConflict[] {
  const [mine, before, theirs] = [edited, old, fresh].map(linesByWord);
  return [...before!].flatMap(([word, was]) => {
    const [now, then] = [mine!.get(word) ?? [], theirs!.get(word) ?? []];
    if (was.length < 2 || now.length < 2 || same(was, then) || same(now, then) || LOADS.test(word)) return [];
    const show = (lines: readonly string[], others: readonly string[]): string =>
      lines
        .filter(line => !others.includes(line))
        .map(line => shownValue(line, line))
        .join(' | ')
        .slice(0, 400);
    return [{ where: `the list of ${word}`, edited: show(now, then), fresh: show(then, now) }];
  });
}

function linesByWord(lines: readonly string[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const line of settingsOnly(lines)) {
    const word = firstWord(line);
    if (word) found.set(word, [...(found.get(word) ?? []), line.trim()]);
  }
  return found;
}

function countWords(lines: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of settingsOnly(lines)) {
    const word = firstWord(line);
    if (word) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return counts;
}

/** The directive of a line that is one: a word and a value, no block and no shell. */
function firstWord(line: string): string | undefined {
  return /^\s*([A-Za-z_][\w.-]*)[\s=]+[^\s{][^{]*$/.exec(line)?.[1];
}
