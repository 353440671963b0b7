import { printable } from '../../system/byte-text.ts';
import { count } from '../markdown.ts';
import { html, type Part } from './markup.ts';
import type { AccountRow } from './page-model.ts';

const MOST = 500;

/** Users and groups with their ids then and now. */
export function accountsPart(rows: AccountRow[]): Part {
  if (rows.length === 0) return null;
  return html`<div>
    <p class="lead">Accounts are merged by name. Files follow the names, also where a number had to change.</p>
    <div class="scroll"><table class="stack">
      <caption>Accounts</caption>
      <thead><tr>
        <th scope="col">Name</th><th scope="col">Kind</th><th scope="col" class="number">Id then</th><th scope="col" class="number">Id now</th><th scope="col">What became of it</th>
      </tr></thead>
      <tbody>${rows.slice(0, MOST).map(row)}</tbody>
    </table></div>
    ${rows.length > MOST ? html`<p class="lead">… and ${count(rows.length - MOST)} more.</p>` : null}
  </div>`;
}

function row(each: AccountRow): Part {
  return html`<tr>
    <th scope="row" class="mono">${printable(each.name)}</th>
    <td data-label="Kind">${each.kind}</td>
    <td data-label="Id then" class="number">${each.before}</td>
    <td data-label="Id now" class="number">${each.after}</td>
    <td data-label="What became of it">${printable(each.words)}</td>
  </tr>`;
}
