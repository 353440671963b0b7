import type { Plan } from '../plan/plan.ts';
import { printable } from '../system/byte-text.ts';

/** The plan for a terminal: what will be done, in order, and why. */
export function planText(plan: Plan): string {
  const lines = [
    `Plan: ${printable(plan.service)}, ${printable(plan.from.prettyName)} -> ${printable(plan.to.prettyName)} (${plan.base})`,
    ...plan.steps.map(
      (step, n) =>
        `${String(n + 1).padStart(3)}. [${step.stage}] ${printable(step.what)}\n       ${printable(step.why)} (${printable(step.rule)})`,
    ),
    ...(plan.notes.length > 0 ? ['Notes:', ...plan.notes.map(note => `  - ${printable(note)}`)] : []),
    ...(plan.dockerfile.diff ? ['Dockerfile:', plan.dockerfile.diff.trimEnd()] : []),
  ];
  return lines.join('\n');
}
