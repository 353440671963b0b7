import { printable } from '../../system/byte-text.ts';
import { count } from '../markdown.ts';
import { html, type Part } from './markup.ts';
import type { Deed } from './page-model.ts';

const MOST = 1000;

/** Each thing that was done, with the rule that asked for it; folded. */
export function deedsPart(deeds: Deed[]): Part {
  if (deeds.length === 0) return null;
  const rows = deeds.slice(0, MOST).map(
    each => html`<tr>
      <td data-label="Stage">${each.stage}</td>
      <th scope="row">${printable(each.what)}</th>
      <td data-label="Why">${printable(each.why)}</td>
      <td data-label="Rule"><code>${printable(each.rule)}</code></td>
    </tr>`,
  );
  const more = deeds.length > MOST ? html`<p class="lead">… and ${count(deeds.length - MOST)} more.</p>` : null;
  return html`<details>
    <summary>What was done, in order: ${count(deeds.length)}</summary>
    <div class="scroll"><table class="stack">
      <caption>What was done, in order</caption>
      <thead><tr><th scope="col">Stage</th><th scope="col">What</th><th scope="col">Why</th><th scope="col">Rule</th></tr></thead>
      <tbody>${rows}</tbody>
    </table></div>
    ${more}
  </details>`;
}
