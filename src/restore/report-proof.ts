import { comparedText, type Finding, findingText, type StateProof } from '../proof/finding.ts';
import type { SmokeComparison } from '../smoke/smoke-test.ts';
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
    if (each.verdict === 'drift')
      journal.done(
        'smoke',
        `${each.name}: same answer of other versions`,
        each.drift!.join(', '),
        'smoke/drift',
        each.diff,
      );
    else if (each.verdict === 'same') journal.done('smoke', `${each.name}: same answer`, 'as before the end', 'smoke');
    else journal.look('smoke', `${each.name}: ${each.verdict}`, 'not as before the end', 'smoke', each.diff);
  }
}
