import type { Attestation } from '../attestation/verify-attestation.ts';
import type { PackageNews } from '../plan/package-news.ts';
import type { RestoreResult } from '../restore/restore.ts';
import { printable } from '../system/byte-text.ts';
import { attestationText } from './attestation-text.ts';

/** The result of a restore for a terminal: what a person should look at, and the answers. */
export function restoreSummary(result: RestoreResult, attestation?: Attestation): string {
  const { plan, journal, comparisons } = result;
  const look = journal.entries.filter(entry => entry.level === 'look');
  const same = comparisons.filter(each => each.verdict === 'same' || each.verdict === 'drift').length;
  return [
    `Restored ${printable(plan.service)} on ${plan.base} (${plan.to.prettyName}) in ${result.seconds} s`,
    ...(result.container
      ? [`  container ${result.container.name}, address ${result.container.address || '(none)'}, image ${result.image}`]
      : []),
    ...(attestation ? [`  ${attestation.untrusted === undefined ? '' : '! '}${attestationText(attestation)}`] : []),
    `  ${journal.entries.length - look.length} things done, ${look.length} to look at`,
    ...look.map(entry => `  ! ${printable(entry.what)}: ${printable(entry.why)} (${entry.rule})`),
    ...(journal.news.length > 0
      ? [
          `  told by the packages since: ${journal.news.length} changes (${sourcesOf(journal.news)}); the report has them`,
        ]
      : []),
    comparisons.length === 0 ? '  no smoke tests' : `  smoke tests: ${same} of ${comparisons.length} answers as before`,
    ...comparisons
      .filter(each => each.verdict !== 'same' && each.verdict !== 'drift')
      .map(each => `  ! ${printable(each.name)}: ${each.verdict}\n${printable(each.diff).replaceAll('\\x0a', '\n')}`),
  ].join('\n');
}

function sourcesOf(news: readonly PackageNews[]): string {
  return [...new Set(news.map(each => printable(each.source)))].join(', ');
}
