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
  const { told, folded } = foldInventories(differing);
  for (const each of told)
    if (each.area !== 'port' || each.attribute !== 'presence')
      journal.look('proof', printable(findingText(each)), each.why, each.rule);
  for (const [rule, rest] of folded) {
    const [service] = rule.split('/');
    const lines = rest.map(each => printable(findingText(each))).join('\n');
    journal.look(
      'proof',
      `${service}: ${rest.length} more rows differ`,
      'not as before the end; the report has all',
      rule,
      lines,
    );
  }
}

/** Findings of one inventory that are told one by one: a program that updates its own tables changes a hundred. */
const TOLD = 8;

/** Of each inventory the first few, losses before what is new; the rest by rule. Pure. */
export function foldInventories(findings: readonly Finding[]): { told: Finding[]; folded: Map<string, Finding[]> } {
  const rules = new Map<string, Finding[]>();
  for (const each of findings)
    if (each.area === 'inventory') rules.set(each.rule, [...(rules.get(each.rule) ?? []), each]);
  const folded = new Map<string, Finding[]>();
  for (const [rule, all] of rules) {
    if (all.length <= TOLD + 1) continue;
    const ordered = [...all].sort((a, b) => Number(isLoss(b)) - Number(isLoss(a)));
    folded.set(rule, ordered.slice(TOLD));
  }
  const hidden = new Set([...folded.values()].flat());
  return { told: findings.filter(each => !hidden.has(each)), folded };
}

function isLoss({ was, is }: Finding): boolean {
  if (is === 'missing') return true;
  return /^\d+$/.test(was) && /^\d+$/.test(is) && BigInt(is) < BigInt(was);
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
