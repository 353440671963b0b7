import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { PerennialError } from '../errors.ts';

/** A parsed YAML file that still knows on which line each value stands. */
export interface YamlSource {
  /** File name for messages. */
  name: string;
  value: unknown;
  /** Line (from 1) of the value at `path`, or of the nearest thing around it that was written down. */
  lineOf(path: readonly PathStep[]): number;
}

export type PathStep = string | number;

/** A handful of anchors is legitimate; thousands of expansions are a "billion laughs". */
const MAX_ALIASES = 50;

/**
 * One YAML 1.2 document with the core types only. Tags of any other kind are refused, not guessed.
 * @param text content of the file
 * @param name how messages call the file
 * @throws PerennialError `config-invalid` with file and line
 */
export function parseYaml(text: string, name: string): YamlSource {
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, { lineCounter: lines, schema: 'core', merge: false, prettyErrors: true });
    const problem = document.errors[0] ?? document.warnings[0];
    if (problem) throw invalid(name, problem.linePos?.[0].line ?? 1, problem.message.replace(/ at line \d.*/s, ''));
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    return { name, value, lineOf: path => lines.linePos(offsetOf(document, path)).line };
  } catch (cause) {
    if (cause instanceof PerennialError) throw cause;
    // `yaml` throws ReferenceError for too many aliases, and the stack overflows on nesting thousands deep
    const why = (cause as Error).name === 'RangeError' ? 'it is nested too deep' : (cause as Error).message;
    throw invalid(name, 1, why, cause);
  }
}

function invalid(name: string, line: number, why: string, cause?: unknown): PerennialError {
  return new PerennialError('config-invalid', `${name}:${line}: not readable as YAML: ${why}`, {
    hint: 'Check indentation, quotes and repeated keys near that line.',
    cause,
  });
}

function offsetOf(document: Document.Parsed, path: readonly PathStep[]): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const step of path) {
    const next = childOf(isAlias(node) ? node.resolve(document) : node, step);
    if (!next) break;
    offset = startOf(next.key) ?? startOf(next.value) ?? offset;
    node = next.value;
  }
  return offset;
}

function childOf(node: unknown, step: PathStep): { key?: unknown; value: unknown } | undefined {
  if (isSeq(node)) return { value: node.items[Number(step)] };
  if (!isMap(node)) return undefined;
  return node.items.find(pair => isScalar(pair.key) && String(pair.key.value) === String(step));
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}
