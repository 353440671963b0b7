import { comparedText, type Finding, findingText, type StateProof } from '../proof/finding.ts';
import type { ComparedResult, SmokeComparison } from '../smoke/smoke-test.ts';
import { printable } from '../system/byte-text.ts';
import type { Journal } from './journal.ts';

/**
 * Puts a proof into the journal: one line for what is as before, one for each difference that nothing explains. `startService` has
 * told of ports already.
 */
export function reportProof(proof: StateProof, journal: Journal): void {
  const { findings } = proof;
  const differing = findings.filter(each => each.verdict === 'differs');
  const explained = findings.filter(each => each.verdict === 'explained');
  const compared = comparedText(proof);
  if (compared !== '')
    journal.done(
      'proof',
      `compared ${compared}`,
      `${differing.length} differ, ${explained.length} differ as meant`,
      'proof',
      explained.map(explainedLine).join('\n'),
    );
  for (const each of differing)
    if (each.area !== 'port' || each.attribute !== 'presence')
      journal.look('proof', printable(findingText(each)), each.why, each.rule);
}

function explainedLine(each: Finding): string {
  return `${printable(findingText(each))}: ${each.why}`;
}

/** Puts the answers of the smoke tests into the journal. */
export function reportAnswers(comparisons: readonly SmokeComparison[], journal: Journal): void {
  for (const each of comparisons) {
    const detail = [...(each.results ?? []).map(resultLine), each.diff].filter(line => line !== '').join('\n');
    if (each.verdict === 'drift') {
      const what = each.results ? 'same results' : 'same answer of other versions';
      journal.done('smoke', `${each.name}: ${what}`, each.drift!.join(', '), 'smoke/drift', detail);
    } else if (each.verdict === 'same')
      journal.done('smoke', `${each.name}: same answer`, 'as before the end', 'smoke', detail || undefined);
    else journal.look('smoke', `${each.name}: ${each.verdict}`, 'not as before the end', 'smoke', detail);
  }
}

function resultLine({ what, was, is, difference, tolerance, verdict }: ComparedResult): string {
  const most = tolerance === '' ? '' : `, tolerance ${tolerance}`;
  return printable(`${what}: ${was} -> ${is}: ${difference}${most}: ${verdict}`);
}
