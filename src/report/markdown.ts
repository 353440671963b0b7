import { printable } from '../system/byte-text.ts';

/*
 * Building blocks for GitHub-flavoured Markdown. What comes from a container is never Markdown or HTML of ours: every
 * character that could begin a structure becomes a character reference, which CommonMark (0.31, section 2.5) never takes for one.
 */

/** Markdown, HTML, references (#1, @name), links by themselves (www., http://), emoji (:name:) and GitHub's math ($). */
const STRUCTURE = /[&<>`*_[\]#!|~@\\$]|www|:(?=\/\/|[\w+-]+:)/gi;

/** Text for a table cell or a sentence: printable, on one line, at most `most` characters, and nothing but text. */
export function plain(text: string, most = 300): string {
  const letters = [...printable(text)];
  const cut = letters.length > most ? `${letters.slice(0, most - 1).join('')}…` : letters.join('');
  return cut.replace(STRUCTURE, found => `&#${found.codePointAt(0)};${found.slice(1)}`);
}

/** A path, a name or a command as code. */
export function code(text: string, most = 300): string {
  return `<code>${plain(text, most)}</code>`;
}

/** Several lines as they are (a diff, a log), at most `most` lines. Inside `<pre>` nothing is Markdown. */
export function preformatted(text: string, most = 200): string {
  const lines = text.replace(/\n+$/, '').split('\n');
  const shown = lines.slice(0, most).map(line => escapeHtml(printable(line).slice(0, 500)));
  return `<pre>${[...shown, ...(lines.length > most ? [`… ${lines.length - most} more lines`] : [])].join('\n')}</pre>`;
}

/** A folded part; `body` is Markdown. */
export function folded(title: string, body: string): string {
  return `<details><summary>${title}</summary>\n\n${body}\n\n</details>`;
}

/** A table; cells are Markdown. `align` has one letter a column, `l` or `r`. Rows beyond `most` are counted. */
export function table(heads: string[], align: string, rows: string[][], most = 50): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  const rule = [...align].map(letter => (letter === 'r' ? '---:' : '---'));
  const more =
    rows.length > most ? [line([`… ${count(rows.length - most)} more`, ...heads.slice(1).map(() => '')])] : [];
  return [line(heads), line(rule), ...rows.slice(0, most).map(line), ...more].join('\n');
}

/** A number for people: 11,598. */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** A link to the report page; empty without one. The address is the runner's own, not a container's. */
export function pageLink(address: string | undefined): string {
  return address && /^https?:\/\/[\w.:/-]+$/.test(address)
    ? `📄 [The whole report](${address}): one page to read on any device and to keep.`
    : '';
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
