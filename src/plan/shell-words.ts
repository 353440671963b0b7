import type { Span } from './dockerfile-text.ts';

export interface ShellToken extends Span {
  /** `separator`: a command ends here (`&&`, `;`, `|`, `(`, `>`, a line's end in a here-document). */
  kind: 'word' | 'separator';
  /** As written, quotes included. */
  text: string;
}

export interface ScanOptions {
  /** The Dockerfile's escape character. */
  escape: string;
  /** A line's end ends a command (here-documents); otherwise lines are joined, as in a RUN instruction. */
  lines: boolean;
  /** The exec form: `["apt-get", "install"]`. */
  json: boolean;
}

/**
 * Splits a part of a Dockerfile into shell words with their places. It knows as much of the shell as is needed to find the
 * words of a command: quotes, continuations, comments and what ends a command. No expansion.
 */
export function scanShell(text: string, span: Span, options: ScanOptions): ShellToken[] {
  const tokens: ShellToken[] = [];
  const rules = rulesFor(options);
  let at = span.start;
  let lineStart = options.lines;
  while (at < span.end) {
    const rest = text.slice(at, span.end);
    const gap = (lineStart ? rules.lineGap : rules.gap).exec(rest)?.[0].length ?? 0;
    lineStart = false;
    if (gap > 0) {
      lineStart = text[at + gap - 1] === '\n';
      at += gap;
      continue;
    }
    const separator = rules.separator.exec(rest)?.[0];
    const found = separator ?? rules.word.exec(rest)?.[0] ?? rest[0]!;
    tokens.push({ kind: separator ? 'separator' : 'word', text: found, start: at, end: at + found.length });
    lineStart = found === '\n';
    at += found.length;
  }
  return tokens;
}

/** The word without the quotes around it, and where that is. */
export function unquote(word: ShellToken): Span & { text: string } {
  const quoted = /^(["'])(.*)\1$/s.exec(word.text);
  if (!quoted) return { start: word.start, end: word.end, text: word.text };
  return { start: word.start + 1, end: word.end - 1, text: quoted[2]! };
}

function rulesFor({ lines, json, ...options }: ScanOptions) {
  const mark = options.escape === '`' ? '`' : '\\\\';
  // A continuation may have blanks behind it, and whole comment lines after it (they are not part of the command).
  const joined = `${mark}[ \\t]*\\r?\\n(?:[ \\t]*(?:#[^\\n]*)?\\r?\\n)*`;
  const blank = json ? '[\\s,\\[\\]]' : lines ? '[ \\t\\r]' : '\\s';
  const gap = `(?:${joined}|${blank})+`;
  return {
    gap: new RegExp(`^${gap}`),
    lineGap: new RegExp(`^(?:[ \\t]*#[^\\n]*\\n?|${gap})`),
    separator: json ? /^(?!)/ : /^(?:&&|\|\||[;|&(){}<>\n`])/,
    word: json
      ? /^"(?:[^"\\]|\\[\s\S])*"/
      : /^(?:"(?:[^"\\]|\\[\s\S])*"|'[^']*'|\$\{[^}]*\}|\\[\s\S]|[^\s;|&()<>"'`\\])+/,
  };
}
