import { diffIndices } from 'node-diff3';
import { printable } from '../../system/byte-text.ts';
import { withoutSecrets } from '../../system/without-secrets.ts';
import { RESULT_HEADS, RESULT_WORDS } from '../result-words.ts';
import { html, type Part } from './markup.ts';
import type { ShownAnswer } from './page-model.ts';

const MOST_LINES = 200;

/** Each smoke test with its two answers side by side; those that differ are open. */
export function answersPart(answers: ShownAnswer[]): Part {
  if (answers.length === 0) return null;
  const asked = answers.some(each => each.after);
  const heads = asked ? ['Then', 'Now'] : ['Answer'];
  return html`<div>
    <p class="lead">
      What clients see. Each smoke test was asked before the service ended; a restore asks it again and compares line by
      line.
    </p>
    <div class="scroll">
      <table class="stack">
        <caption>Smoke tests and their answers</caption>
        <thead><tr><th scope="col">Smoke test</th><th scope="col">Verdict</th>${heads.map(head => html`<th scope="col">${head}</th>`)}</tr></thead>
        <tbody>${answers.map(each => row(each, asked))}</tbody>
      </table>
    </div>
    ${answers.map(resultsOf)}
    ${answers.map(sides)}
  </div>`;
}

function row(each: ShownAnswer, asked: boolean): Part {
  return html`<tr>
    <th scope="row">${printable(each.name)}</th>
    <td><span class=${`badge ${each.mark}`}>${each.verdict}</span></td>
    <td data-label=${asked ? 'Then' : 'Answer'} class="mono">${status(each.before)}</td>
    ${asked ? html`<td data-label="Now" class="mono">${status(each.after)}</td>` : null}
  </tr>`;
}

function status(answer: ShownAnswer['after']): string {
  return answer ? printable(withoutSecrets(answer.status)).slice(0, 120) : '';
}

/** What an analysis gave then and now, and how far it is apart. */
function resultsOf({ name, results = [] }: ShownAnswer): Part {
  if (results.length === 0) return null;
  const shown = (text: string) => printable(withoutSecrets(text)).slice(0, 120);
  const rows = results.map(
    each => html`<tr>
      <th scope="row">${shown(each.what)}</th>
      <td><span class=${`badge ${each.verdict === 'differs' ? 'bad' : 'good'}`}>${RESULT_WORDS[each.verdict]}</span></td>
      <td data-label="Then" class="mono">${shown(each.was)}</td>
      <td data-label="Now" class="mono">${shown(each.is)}</td>
      <td data-label="Difference">${shown(each.difference)}</td>
      <td data-label="Tolerance">${shown(each.tolerance)}</td>
    </tr>`,
  );
  return html`<h3>Results of “${printable(name)}”</h3>
    <div class="scroll"><table class="stack results">
      <caption>Results of “${printable(name)}”, then and now</caption>
      <thead><tr>${RESULT_HEADS.map(head => html`<th scope="col">${head}</th>`)}</tr></thead>
      <tbody>${rows}</tbody>
    </table></div>`;
}

function sides(each: ShownAnswer): Part {
  const then = lines(each.before);
  const now = lines(each.after);
  if (then.length === 0 && now.length === 0) return null;
  const changes = each.before && each.after ? diffIndices(then, now) : [];
  const changed = (side: 'buffer1' | 'buffer2') =>
    new Set(changes.flatMap(({ [side]: [from, count] }) => Array.from({ length: count }, (_, n) => from + n)));
  return html`<details open=${each.mark === 'bad'}>
    <summary>Answer to “${printable(each.name)}”</summary>
    <div class=${each.before && each.after ? 'sides' : ''}>
      ${each.before ? side(each.after ? 'Then' : 'Answer', then, changed('buffer1')) : null}
      ${each.after ? side('Now', now, changed('buffer2')) : null}
    </div>
  </details>`;
}

function side(title: string, lines: string[], changed: Set<number>): Part {
  const shown = lines
    .slice(0, MOST_LINES)
    .map((line, n) => (changed.has(n) ? html`<mark>${line || ' '}</mark>` : `${line}\n`));
  const more = lines.length > MOST_LINES ? `… ${lines.length - MOST_LINES} more lines` : '';
  return html`<div><h3>${title}</h3><pre tabindex="0">${shown}${more}</pre></div>`;
}

function lines(answer: ShownAnswer['after']): string[] {
  return answer
    ? withoutSecrets(answer.lines.join('\n'))
        .split('\n')
        .filter((line, _, all) => all.length > 1 || line !== '')
        .map(line => printable(line).slice(0, 400))
    : [];
}
