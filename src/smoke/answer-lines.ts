import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { createContext, Script } from 'node:vm';
import { PerennialError } from '../errors.ts';
import type { Content } from './content.ts';
import { maskPattern } from './named-masks.ts';

/** An answer of more lines or characters than this is compared by its digest. */
const MAX_LINES = 200;
const MAX_CHARACTERS = 64 * 1024;
/** Milliseconds for the masks of one answer. The patterns may come from a stranger's bag and may never end. */
const MASK_TIME = 2000;

/** What is taken out of an answer before it is compared. */
export interface Cleaning {
  /** Patterns of the test, JavaScript regular expressions or names of named-masks.ts; each line on its own. */
  mask: readonly string[];
  /** Address of the service as the probe used it: another container has another one. Empty: none. */
  address: string;
}

/**
 * Content as the lines that two runs are compared by: line ends as \n, no blanks at line ends, no empty lines at the
 * end, the service's address as `<host>`, masks applied. Binary or long content is one line with its digest.
 */
export function answerLines(content: Content, cleaning: Cleaning): string[] {
  const bytes = content.bytes;
  if (!bytes || bytes.includes(0) || !isUtf8(bytes)) {
    return [`binary content: ${content.size} bytes, sha256 ${content.sha256}`];
  }
  const lines = cleanLines(textLines(bytes.toString('utf8')), cleaning);
  const text = lines.join('\n');
  if (lines.length <= MAX_LINES && text.length <= MAX_CHARACTERS) return lines;
  return [`long content: ${lines.length} lines, sha256 ${createHash('sha256').update(text).digest('hex')}`];
}

/** Text without a byte order mark, split into lines without blanks at their ends or empty ones at the end. */
export function textLines(text: string): string[] {
  const lines = text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .map(trimLineEnd);
  while (lines.at(-1) === '') lines.pop();
  return lines;
}

/**
 * Takes the address and what the masks match out of each line.
 * @throws PerennialError `config-invalid` when the patterns do not come to an end
 */
export function cleanLines(lines: readonly string[], { mask, address }: Cleaning): string[] {
  return applyMasks(
    lines.map(line => withoutAddress(line, address)),
    mask.map(maskPattern),
  );
}

/** A loop, since /[ \t]+$/ takes quadratic time on a line of blanks. */
function trimLineEnd(line: string): string {
  let end = line.length;
  while (end > 0 && ' \t\r'.includes(line[end - 1]!)) end--;
  return line.slice(0, end);
}

/**
 * `<host>` in place of an address (or name) of the container that was asked. Loopback says nothing about which container answered, and
 * configuration files are full of it: left alone.
 */
export function withoutAddress(line: string, address: string): string {
  if (address === '' || address.startsWith('127.') || address === '::1' || !line.includes(address)) return line;
  const literal = address.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const joint = address.includes(':') ? ':' : '\\.'; // another group of digits after it: another address
  return line.replace(new RegExp(`(?<![\\w${joint}])${literal}(?!${joint}?\\w)`, 'g'), '<host>');
}

const maskScript = new Script(
  'JSON.stringify(lines.map(line => mask.reduce((text, m) => text.replace(new RegExp(m, "g"), "<masked>"), line)))',
);

/** In a context of its own, because only there can a regular expression be stopped. */
function applyMasks(lines: string[], mask: readonly string[]): string[] {
  if (mask.length === 0) return lines;
  const scope = createContext({ lines, mask });
  try {
    return JSON.parse(maskScript.runInContext(scope, { timeout: MASK_TIME }) as string) as string[];
  } catch (cause) {
    throw new PerennialError('config-invalid', `The mask ${mask.join(', ')} failed: ${(cause as Error).message}`, {
      hint: 'Write a pattern without nested repetition, such as \\d+ instead of (\\d+)+.',
      cause,
    });
  }
}
