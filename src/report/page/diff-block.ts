import { printable } from '../../system/byte-text.ts';
import { withoutSecrets } from '../../system/without-secrets.ts';
import { html, type Part } from './markup.ts';

/** Lines and letters of one diff or message that a page shows. */
const MOST_LINES = 400;
const MOST_LETTERS = 400;

/**
 * A unified diff (or plain message) with its lines coloured; the sign at the beginning of each says the same without
 * colours. Focusable, so that it scrolls by keyboard.
 */
export function diffBlock(text: string, name: string): Part {
  return block(text, name, kindOf);
}

/** A text that is no diff: a dash at the beginning of a line is only a dash. */
export function textBlock(text: string, name: string): Part {
  return block(text, name, () => 'same');
}

function block(text: string, name: string, kind: (line: string) => string): Part {
  const lines = withoutSecrets(text).replace(/\n+$/, '').split('\n');
  const shown = lines.slice(0, MOST_LINES).map(line => {
    const cut = printable(line.slice(0, MOST_LETTERS).replaceAll('\t', '    '));
    return html`<span class=${kind(line)}>${cut || ' '}</span>`;
  });
  const more =
    lines.length > MOST_LINES ? html`<span class="at">… ${lines.length - MOST_LINES} more lines</span>` : null;
  return html`<pre class="diff" tabindex="0" role="group" aria-label=${printable(`Details: ${name}`).slice(0, 200)}>${shown}${more}</pre>`;
}

function kindOf(line: string): string {
  if (/^(\+\+\+|---|@@)/.test(line)) return 'at';
  if (line.startsWith('+')) return 'add';
  return line.startsWith('-') ? 'del' : 'same';
}
