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
  const listed = findings.slice(0, MOST);
  const isFolded = (each: StateProof['findings'][number]) => each.verdict === 'explained' && each.area === 'file';
  const open = listed.filter(each => !isFolded(each));
  const reasons = byReason(listed.filter(isFolded));
  const more = findings.length > MOST ? html`<p class="lead">… and ${count(findings.length - MOST)} more.</p>` : null;
  return html`<div>
    <p class="lead">What clients do not see was compared, too: ${comparedText(proof)}. ${words}</p>
    ${open.length > 0 ? table(open, 'What differs from before the end') : null}
    ${reasons.map(([why, all]) => folded(why, all))} ${more}
  </div>`;
}

/** Explained differences of files are many and of few reasons: a line a reason, which opens to its files. */
function byReason(findings: StateProof['findings']): [why: string, StateProof['findings']][] {
  const reasons = new Map<string, StateProof['findings']>();
  for (const each of findings) reasons.set(each.why, [...(reasons.get(each.why) ?? []), each]);
  return [...reasons].sort((a, b) => b[1].length - a[1].length);
}

function folded(why: string, findings: StateProof['findings']): Part {
  const files = `${count(findings.length)} ${findings.length === 1 ? 'file' : 'files'}`;
  return html`<details><summary>${files}: ${shown(why)}</summary>${table(findings, `Explained: ${shown(why)}`)}</details>`;
}

function shown(text: string): string {
  return printable(withoutSecrets(text)).slice(0, 200);
}

/** What the restore did not put back is there all the same, where the new system has its own. */
function today({ area, attribute, is, verdict }: StateProof['findings'][number]): string {
  const isLeft = verdict === 'explained' && area === 'file' && attribute === 'presence' && is === 'missing';
  return isLeft ? 'not put back' : shown(is);
}

function table(findings: StateProof['findings'], caption: string): Part {
  const rows = findings.map(
    each => html`<tr>
      <th scope="row" class="mono">${shown(each.subject)}</th>
      <td><span class=${`badge ${each.verdict === 'differs' ? 'bad' : 'plain'}`}>${each.verdict}</span></td>
      <td data-label="What">${`${each.area}: ${shown(each.attribute)}`}</td>
      <td data-label="Then" class="mono">${shown(each.was)}</td>
      <td data-label="Now" class="mono">${today(each)}</td>
      <td data-label="Why">${shown(each.why)}</td>
    </tr>`,
  );
  return html`<div class="scroll"><table class="stack">
    <caption>${caption}</caption>
    <thead><tr><th scope="col">Where</th><th scope="col">Verdict</th><th scope="col">What</th><th scope="col">Then</th><th scope="col">Now</th><th scope="col">Why</th></tr></thead>
    <tbody>${rows}</tbody>
  </table></div>`;
}
