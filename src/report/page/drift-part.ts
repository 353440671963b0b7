import { printable } from '../../system/byte-text.ts';
import { count } from '../markdown.ts';
import { html, type Part } from './markup.ts';
import type { DriftRow } from './page-model.ts';

/** Rows of packages that nobody chose; a page of thousands of libraries helps nobody. */
const MOST = 1000;
/** So few rows need no folding. */
const FEW = 5;

/** Packages then and now: those that a person chose, then what is called otherwise today, then the rest, which came as dependencies. */
export function driftPart(rows: DriftRow[], compared: boolean): Part {
  if (rows.length === 0) return null;
  const main = rows.filter(each => each.main);
  const mended = rows.filter(each => !each.main && each.mended !== '' && each.after !== '');
  const rest = rows.filter(each => !each.main && !mended.includes(each));
  return html`<div>
    <p class="lead">
      ${
        compared
          ? 'The old system is not brought back, its packages are: at the versions of today. These are not what they were.'
          : 'What was installed at the end. A restore installs the same names in the versions of its day.'
      }
    </p>
    ${main.length > 0 ? table('drift-main', 'Chosen packages', main, compared) : null}
    ${mended.length > 0 ? html`<details open=${mended.length <= FEW}><summary>${count(mended.length)} ${mended.length === 1 ? 'dependency' : 'dependencies'} with another name today</summary>${table('drift-mended', 'Dependencies with another name', mended, compared)}</details>` : null}
    ${rest.length > 0 ? html`<details open=${main.length === 0}><summary>${count(rest.length)} ${rest.length === 1 ? 'other' : 'others'}, which came as dependencies</summary>${filter('drift-rest')}${table('drift-rest', 'Other packages', rest.slice(0, MOST), compared)}</details>` : null}
    ${rest.length > MOST ? html`<p class="lead">… and ${count(rest.length - MOST)} more.</p>` : null}
  </div>`;
}

function filter(table: string): Part {
  return html`<div class="controls needs-script" hidden>
    <label>Filter the packages<input type="search" data-filters=${table} autocomplete="off" /></label>
  </div>`;
}

function table(id: string, caption: string, rows: DriftRow[], compared: boolean): Part {
  const heads = compared ? ['Package', 'Then', 'Now', 'What mended it'] : ['Package', 'Version'];
  return html`<div class="scroll"><table class="stack" id=${id}>
    <caption>${caption}</caption>
    <thead><tr>${heads.map(each => html`<th scope="col">${each}</th>`)}</tr></thead>
    <tbody>${rows.map(each => row(each, compared))}</tbody>
  </table></div>`;
}

function row(each: DriftRow, compared: boolean): Part {
  return html`<tr>
    <th scope="row" class="mono">${printable(each.name)}</th>
    <td data-label=${compared ? 'Then' : 'Version'} class="mono">${printable(each.before)}</td>
    ${compared ? html`<td data-label="Now" class="mono">${printable(each.after) || html`<span class="badge unsure">not there</span>`}</td>` : null}
    ${compared ? html`<td data-label="Mended by">${printable(each.mended)}</td>` : null}
  </tr>`;
}
