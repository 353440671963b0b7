import { comparedText, findingText } from '../proof/finding.ts';
import type { CheckResult } from '../restore/check.ts';
import { printable } from '../system/byte-text.ts';

/** Explained differences of ports and of what services hold are told, too, up to this many: an owner may know better. */
const MOST_EXPLAINED = 20;

/** The result of a check for a terminal: what was compared, and what differs. */
export function checkSummary({ container, restored, state, comparisons, same }: CheckResult): string {
  const differing = state.findings.filter(each => each.verdict === 'differs');
  const explained = state.findings.filter(
    each => each.verdict === 'explained' && (each.area === 'port' || each.area === 'inventory'),
  );
  const agreeing = comparisons.filter(each => each.verdict === 'same' || each.verdict === 'drift').length;
  const answers = comparisons.filter(each => each.verdict === 'differs' || each.verdict === 'missing');
  return [
    `${container.name} ${same ? 'is as the archive has it' : 'is NOT as the archive has it'}`,
    ...(restored ? [] : ['  it was not restored from this bag by perennial: every path is expected as the bag has it']),
    `  compared: ${comparedText(state) || 'nothing'}`,
    `  ${differing.length} differ, ${state.findings.length - differing.length} differ as meant`,
    ...differing.map(each => `  ! ${printable(findingText(each))}: ${each.why} (${each.rule})`),
    ...explained.slice(0, MOST_EXPLAINED).map(each => `  as meant: ${printable(findingText(each))}: ${each.why}`),
    ...(comparisons.length === 0
      ? ['  no smoke tests']
      : [`  smoke tests: ${agreeing} of ${comparisons.length} answers as before`]),
    ...answers.map(
      each => `  ! ${printable(each.name)}: ${each.verdict}\n${printable(each.diff).replaceAll('\\x0a', '\n')}`,
    ),
  ].join('\n');
}
