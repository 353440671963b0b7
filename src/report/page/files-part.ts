import { printable } from '../../system/byte-text.ts';
import { diffBlock } from './diff-block.ts';
import { html, type Part } from './markup.ts';
import type { FileChange } from './page-model.ts';

const MOST = 200;

/** Configuration that was merged or mended, conflicts first and open. */
export function filesPart(files: FileChange[]): Part {
  if (files.length === 0) return null;
  const sorted = files.toSorted((a, b) => Number(b.conflict) - Number(a.conflict));
  const conflicts = files.filter(each => each.conflict).length;
  return html`<div>
    <p class="lead">
      Edited files are merged with today's defaults. Lines with - are today's default, lines with + are what the service
      has now.
      ${conflicts > 0 ? ` ${conflicts === 1 ? 'One conflicts' : `${conflicts} conflict`}: both sides changed the same place, and yours was kept.` : ''}
    </p>
    <ul class="notices">${sorted.slice(0, MOST).map(item)}</ul>
    ${files.length > MOST ? html`<p class="lead">… and ${files.length - MOST} more.</p>` : null}
  </div>`;
}

function item(each: FileChange): Part {
  return html`<li class=${each.conflict ? 'error' : 'notice'}>
    <p>${each.conflict ? html`<span class="badge bad">Conflict</span> ` : null}<strong>${printable(each.what)}</strong></p>
    <p class="why">${printable(each.why)} <span class="rule">(${printable(each.rule)})</span></p>
    ${each.diff ? html`<details open=${each.conflict}><summary>Show the difference</summary>${diffBlock(each.diff, each.what)}</details>` : null}
  </li>`;
}
