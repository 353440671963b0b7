import { comparedText, type StateProof } from '../../proof/finding.ts';
import { printable } from '../../system/byte-text.ts';
import { withoutSecrets } from '../../system/without-secrets.ts';
import { count } from '../markdown.ts';
import { html, type Part } from './markup.ts';

const MOST = 500;

/** Accounts, files, ports, programs and what services hold, against those of before the end; what nothing explains comes first. */
export function statePart(proof: StateProof | undefined): Part {
  if (!proof || Object.keys(proof.compared).length === 0) return null;
  const findings = proof.findings.toSorted((a, b) => Number(b.verdict === 'differs') - Number(a.verdict === 'differs'));
  const unexplained = findings.filter(each => each.verdict === 'differs').length;
  const words =
    unexplained === 0
      ? 'Nothing differs that nothing explains.'
      : `${count(unexplained)} ${unexplained === 1 ? 'differs' : 'differ'}, and nothing explains it.`;
  const more = findings.length > MOST ? html`<p class="lead">… and ${count(findings.length - MOST)} more.</p>` : null;
  return html`<div>
    <p class="lead">What clients do not see was compared, too: ${comparedText(proof)}. ${words}</p>
    ${findings.length > 0 ? table(findings.slice(0, MOST)) : null} ${more}
  </div>`;
}

function table(findings: StateProof['findings']): Part {
  const shown = (text: string) => printable(withoutSecrets(text)).slice(0, 200);
  const rows = findings.map(
    each => html`<tr>
      <th scope="row" class="mono">${shown(each.subject)}</th>
      <td><span class=${`badge ${each.verdict === 'differs' ? 'bad' : 'plain'}`}>${each.verdict}</span></td>
      <td data-label="What">${`${each.area}: ${shown(each.attribute)}`}</td>
      <td data-label="Then" class="mono">${shown(each.was)}</td>
      <td data-label="Now" class="mono">${shown(each.is)}</td>
      <td data-label="Why">${shown(each.why)}</td>
    </tr>`,
  );
  return html`<div class="scroll"><table class="stack">
    <caption>What differs from before the end</caption>
    <thead><tr><th scope="col">Where</th><th scope="col">Verdict</th><th scope="col">What</th><th scope="col">Then</th><th scope="col">Now</th><th scope="col">Why</th></tr></thead>
    <tbody>${rows}</tbody>
  </table></div>`;
}
