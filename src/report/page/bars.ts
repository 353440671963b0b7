import { scaleLog } from 'd3-scale';
import { printable } from '../../system/byte-text.ts';
import { byteText } from '../byte-text.ts';
import type { RunStep } from '../run-steps.ts';
import { html, type Part } from './markup.ts';
import type { Size } from './page-model.ts';

/** The steps of the run one below the other, each bar where it began and as long as it took. */
export function timelinePart(steps: RunStep[]): Part {
  if (steps.length === 0) return null;
  const total = Math.max(...steps.map(each => each.start + each.seconds), 0.001);
  const bars = steps.map(each =>
    bar(
      printable(each.name),
      each.failed ? 'stopped here' : '',
      secondsText(each.seconds),
      each.start / total,
      each.seconds / total,
      each.failed ? 'bad' : '',
    ),
  );
  return html`<div><p class="lead">${secondsText(total)} in all, from left to right.</p><ol class="bars">${bars}</ol></div>`;
}

/** Sizes on a logarithmic scale: what is kept is thousands of times smaller than what it comes from. */
export function sizesPart(sizes: Size[]): Part {
  const known = sizes.filter(each => each.bytes > 0);
  if (known.length === 0) return null;
  const largest = Math.max(...known.map(each => each.bytes));
  const smallest = Math.min(...known.map(each => each.bytes));
  const scale = scaleLog()
    .domain([Math.min(smallest, largest / 10) / 4, largest])
    .range([0, 1]);
  return html`<div>
    <p class="lead">The bars are logarithmic, else that of the archive could not be seen. Trust the figures.</p>
    <ul class="bars">${known.map(each => bar(each.label, each.note, byteText(each.bytes), 0, scale(each.bytes), each.kept ? 'kept' : ''))}</ul>
  </div>`;
}

function bar(label: string, note: string, value: string, from: number, length: number, style: string): Part {
  const start = Math.min(from * 1000, 997);
  return html`<li class=${style}>
    <span class="label">${label}${note ? html`<small>${note}</small>` : null}</span>
    <svg viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">
      <rect x=${Math.round(start)} y="0" width=${Math.max(3, Math.round(length * 1000))} height="10" />
    </svg>
    <span class="value">${value}</span>
  </li>`;
}

/** Seconds for people: 0.03 s, 4.2 s, 2 min 5 s. */
export function secondsText(seconds: number): string {
  if (seconds < 0.95) return `${Number(seconds.toPrecision(2))} s`;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(Math.round(seconds) / 60)} min ${Math.round(seconds) % 60} s`;
}
