import { hierarchy, treemap } from 'd3-hierarchy';
import { printable } from '../../system/byte-text.ts';
import { byteText } from '../byte-text.ts';
import { count } from '../markdown.ts';
import { html, type Part } from './markup.ts';
import type { Reason } from './page-model.ts';
import type { Placed } from './placed.ts';

/** The shape that tiles are laid out for; the page stretches it. */
const WIDTH = 100;
const HEIGHT = 40;

/** What was kept and what was left, each reason a tile: all of it, and what was kept by itself. Tables say the same. */
export function reasonsPart(reasons: Reason[], placed: Placed): Part {
  if (reasons.length === 0) return null;
  const kept = reasons.filter(each => each.kept);
  const left = reasons.filter(each => !each.kept);
  return html`<div>
    <p class="lead">
      Kept is what nobody can make again. Left is what packages, build steps and the running system bring back by
      themselves. Areas are bytes.
    </p>
    <ul class="key" aria-label="Colours"><li class="kept">kept</li><li>left</li></ul>
    ${map('Everything that was looked at, by reason', [kept, left], placed)}
    ${kept.some(each => each.bytes > 0) ? html`<h3>Only what was kept, enlarged</h3>${map('What was kept, by reason', [kept], placed)}` : null}
    ${table('Kept, and why', kept)}
    <details><summary>Left, and why: ${count(left.length)} more ${left.length === 1 ? 'row' : 'rows'}</summary>${table('Left, and why', left)}</details>
  </div>`;
}

interface Node {
  reason?: Reason;
  children?: Node[];
}

function map(label: string, groups: Reason[][], placed: Placed): Part {
  const node = (reason: Reason): Node => ({ reason });
  const root = hierarchy<Node>({ children: groups.map(each => ({ children: each.map(node) })) })
    .sum(each => each.reason?.bytes ?? 0)
    .sort((a, b) => (b.value ?? 0) - (a.value ?? 0));
  const leaves = treemap<Node>().size([WIDTH, HEIGHT])(root).leaves();
  const tiles = leaves.filter(each => each.data.reason && (each.value ?? 0) > 0);
  if (tiles.length === 0) return null;
  return html`<ul class="treemap" aria-label=${label}>${tiles.map(each =>
    tile(
      each.data.reason!,
      { left: each.x0, top: each.y0, width: each.x1 - each.x0, height: each.y1 - each.y0 },
      placed,
    ),
  )}</ul>`;
}

function tile(
  reason: Reason,
  { left, top, width, height }: { left: number; top: number; width: number; height: number },
  placed: Placed,
): Part {
  const at = placed.box(left, (top / HEIGHT) * 100, width, (height / HEIGHT) * 100);
  const small = width < 9 || height < 6 ? ' small' : '';
  const words = printable(reason.words || reason.rule);
  return html`<li class=${`${at}${reason.kept ? ' kept' : ''}${small}`} title=${`${words}: ${byteText(reason.bytes)}`}>
    <b>${byteText(reason.bytes)}</b>${words}
  </li>`;
}

function table(caption: string, reasons: Reason[]): Part {
  const rows = reasons.toSorted((a, b) => b.bytes - a.bytes || b.paths - a.paths);
  return html`<div class="scroll"><table class="stack">
    <caption>${caption}</caption>
    <thead><tr><th scope="col">${caption}</th><th scope="col">Rule</th><th scope="col" class="number">Paths</th><th scope="col" class="number">Bytes</th></tr></thead>
    <tbody>${rows.map(
      each => html`<tr>
        <th scope="row">${printable(each.words || each.rule)}</th>
        <td data-label="Rule"><code>${printable(each.rule)}</code></td>
        <td data-label="Paths" class="number">${count(each.paths)}</td>
        <td data-label="Bytes" class="number">${byteText(each.bytes)}</td>
      </tr>`,
    )}</tbody>
  </table></div>`;
}
