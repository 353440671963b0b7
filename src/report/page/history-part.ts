import { scaleLinear, scaleTime } from 'd3-scale';
import { line } from 'd3-shape';
import { type DrillRecord, isGood } from '../../drill/drill-record.ts';
import { printable } from '../../system/byte-text.ts';
import { secondsText } from './bars.ts';
import { html, type Part } from './markup.ts';

const WIDTH = 720;
const HEIGHT = 220;
const EDGE = { left: 56, right: 16, top: 16, bottom: 34 };
/** Drills in the chart and the table, the newest. */
const MOST = 100;

/** The drills of this archive: when, how long, and whether clients got the same answers. */
export function historyPart(records: DrillRecord[]): Part {
  if (records.length === 0) return null;
  const shown = records.toSorted((a, b) => a.at.localeCompare(b.at)).slice(-MOST);
  const good = shown.filter(isGood).length;
  const words = `${good} of ${shown.length} drills brought it back, the last on ${day(shown.at(-1)!)} ${isGood(shown.at(-1)!) ? 'did' : 'did not'}.`;
  return html`<div>
    <p class="lead">${words}</p>
    ${shown.length > 1 ? chart(shown, words) : null}
    <ul class="key" aria-label="Marks"><li class="good">restored, same answers</li><li class="bad">not</li></ul>
    <details open=${shown.length <= 6}><summary>The last ${shown.length} drills</summary>${table(shown.toReversed())}</details>
  </div>`;
}

function chart(records: DrillRecord[], words: string): Part {
  const x = scaleTime()
    .domain([new Date(records[0]!.at), new Date(records.at(-1)!.at)])
    .range([EDGE.left, WIDTH - EDGE.right]);
  const y = scaleLinear()
    .domain([0, Math.max(1, ...records.map(each => each.seconds))])
    .nice(4)
    .range([HEIGHT - EDGE.bottom, EDGE.top]);
  const path = line<DrillRecord>(
    each => x(new Date(each.at)),
    each => y(each.seconds),
  )(records);
  return html`<div class="scroll newest" tabindex="0" role="group" aria-label="Chart of the drills"><svg class="history" viewBox=${`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label=${`Seconds that each drill took. ${words}`}>
    ${y.ticks(4).map(tick => html`<g><line class="grid" x1=${EDGE.left} x2=${WIDTH - EDGE.right} y1=${y(tick)} y2=${y(tick)} /><text x=${EDGE.left - 8} y=${y(tick) + 4} text-anchor="end">${tick} s</text></g>`)}
    <text x=${EDGE.left} y=${HEIGHT - 10}>${day(records[0]!)}</text>
    <text x=${WIDTH - EDGE.right} y=${HEIGHT - 10} text-anchor="end">${day(records.at(-1)!)}</text>
    <path class="line" d=${path} />
    ${records.map(each => mark(each, x(new Date(each.at)), y(each.seconds)))}
  </svg></div>`;
}

function mark(each: DrillRecord, x: number, y: number): Part {
  return isGood(each)
    ? html`<circle class="good" cx=${x.toFixed(1)} cy=${y.toFixed(1)} r="5" />`
    : html`<rect class="bad" x=${(x - 5).toFixed(1)} y=${(y - 5).toFixed(1)} width="10" height="10" />`;
}

function table(records: DrillRecord[]): Part {
  const rows = records.map(
    each => html`<tr>
      <th scope="row">${day(each)}</th>
      <td><span class=${`badge ${isGood(each) ? 'good' : 'bad'}`}>${WORDS[each.outcome]}</span></td>
      <td data-label="Base">${printable(each.release || each.base)}${each.digest ? html` <code>${printable(shortDigest(each.digest))}</code>` : null}</td>
      <td data-label="Same answers" class="number">${each.tests > 0 ? `${each.same} of ${each.tests}` : ''}</td>
      <td data-label="Time" class="number">${secondsText(each.seconds)}</td>
      <td data-label="Why">${printable(each.reason).slice(0, 300)}</td>
    </tr>`,
  );
  return html`<div class="scroll"><table class="stack">
    <caption>Drills, newest first</caption>
    <thead><tr><th scope="col">When</th><th scope="col">Outcome</th><th scope="col">Base</th><th scope="col" class="number">Same answers</th><th scope="col" class="number">Time</th><th scope="col">Why</th></tr></thead>
    <tbody>${rows}</tbody>
  </table></div>`;
}

const WORDS = { good: 'restored', differs: 'other answers', failed: 'not restored', lost: 'no result' };

function day(each: DrillRecord): string {
  return each.at.slice(0, 10);
}

/** The first twelve digits say enough to tell bases apart. */
export function shortDigest(digest: string): string {
  return digest.replace(/^(?:.*@)?(?:sha256:)?/, '').slice(0, 12);
}
