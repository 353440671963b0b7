import { byteText } from '../byte-text.ts';
import { count } from '../markdown.ts';
import { html, type Part } from './markup.ts';
import type { PathList, PathRow } from './path-list.ts';

/**
 * The list of all paths: a table of one page's rows, with a filter by reason and a search above. The rows lie compressed in the
 * page and page/report.js shows them; without a script there are the first hundred.
 */
export function pathsPart(paths: PathList): Part {
  if (paths.paths === 0) return null;
  return html`<div>
    <p class="lead">
      ${count(paths.paths)} paths that were kept, or left although they changed. Files that are as their package shipped
      them are not listed.${paths.listed < paths.paths ? ` To keep this page small it lists the first ${count(paths.listed)}; “perennial explain” knows all.` : ''}
    </p>
    <div class="controls needs-script" hidden>
      <label>Search in paths<input type="search" autocomplete="off" spellcheck=${false} /></label>
      <label>Reason<select>${options(paths)}</select></label>
    </div>
    ${pager(paths)}
    <div class="scroll"><table class="stack paths">
      <caption>Paths</caption>
      <thead><tr>
        <th scope="col">Path</th><th scope="col">Why</th><th scope="col">Owner</th><th scope="col">Mode</th><th scope="col" class="number">Size</th>
      </tr></thead>
      <tbody>${paths.first.map(each => row(each, paths))}</tbody>
    </table></div>
    <script type="application/json" id="path-reasons" dangerouslySetInnerHTML=${{ __html: data(paths) }}></script>
    <script type="text/plain" id="path-rows" dangerouslySetInnerHTML=${{ __html: paths.packed }}></script>
  </div>`;
}

function options({ reasons }: PathList): Part {
  const numbered = reasons.map((each, n) => ({ ...each, n }));
  const group = (label: string, kept: boolean) => {
    const these = numbered.filter(each => each.kept === kept);
    return these.length === 0
      ? null
      : html`<optgroup label=${label}>${these.map(each => html`<option value=${String(each.n)}>${each.words}</option>`)}</optgroup>`;
  };
  return html`<option value="">all</option>${group('Kept', true)}${group('Left', false)}` as Part;
}

function pager(paths: PathList): Part {
  const shown = `1 to ${count(paths.first.length)} of ${count(paths.listed)} paths`;
  return html`<div class="pager">
    <button type="button" class="needs-script" hidden data-step="-1" disabled>Previous</button>
    <span role="status" tabindex="-1">${shown}</span>
    <button type="button" class="needs-script" hidden data-step="1" disabled>Next</button>
  </div>`;
}

function row(each: PathRow, { reasons }: PathList): Part {
  return html`<tr>
    <th scope="row" class="mono">${each.path}</th>
    <td data-label="Why">${reasons[each.reason]!.words}</td>
    <td data-label="Owner" class="mono">${each.owner}</td>
    <td data-label="Mode" class="mono">${each.mode}</td>
    <td data-label="Size" class="number">${each.size === '' ? '' : byteText(Number(each.size))}</td>
  </tr>`;
}

/** JSON that cannot end its script element. */
function data({ reasons }: PathList): string {
  return JSON.stringify(reasons.map(({ words }) => ({ words }))).replaceAll('<', '\\u003c');
}
