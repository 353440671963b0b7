import { printable } from '../../system/byte-text.ts';
import { diffBlock } from './diff-block.ts';
import { html, type Part } from './markup.ts';
import type { Notice } from './page-model.ts';

/** Notices beyond these are counted: who has two hundred to look at has one problem. */
const MOST = 200;
const WORDS = { error: 'Error', warning: 'Check', notice: 'Note' };
const MARKS = { error: 'bad', warning: 'unsure', notice: 'plain' };

/** What a person should look at, worst first. */
export function lookPart(look: Notice[]): Part {
  if (look.length === 0) return null;
  const order = ['error', 'warning', 'notice'];
  const sorted = look.toSorted((a, b) => order.indexOf(a.level) - order.indexOf(b.level));
  const more = look.length > MOST ? html`<p class="lead">… and ${look.length - MOST} more.</p>` : null;
  return html`<div><ul class="notices">${sorted.slice(0, MOST).map(item)}</ul>${more}</div>`;
}

function item(each: Notice): Part {
  return html`<li class=${each.level}>
    <p><span class=${`badge ${MARKS[each.level]}`}>${WORDS[each.level]}</span> <strong>${printable(each.what)}</strong></p>
    ${each.why
      .split('\n')
      .filter(Boolean)
      .map(line => html`<p class="why">${printable(line)}</p>`)}
    ${each.rule ? html`<p class="rule">Rule <code>${printable(each.rule)}</code></p>` : null}
    ${each.detail ? html`<details><summary>Show the details</summary>${diffBlock(each.detail, each.what)}</details>` : null}
  </li>`;
}
