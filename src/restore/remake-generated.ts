import { type CompiledRule, compileGlobs } from '../classify/rule.ts';
import type { Journal } from './journal.ts';
import { lastLines } from './last-lines.ts';
import type { NewSystem } from './new-system.ts';

/**
 * Runs the programs that make left-out files again, where something that they are made of was restored: the other half of
 * every rule that says "made again by ...".
 */
export async function remakeGenerated(
  system: NewSystem,
  rules: CompiledRule[],
  restored: ReadonlySet<string>,
  journal: Journal,
): Promise<void> {
  for (const rule of rules) {
    if (!rule.remake) continue;
    const isInput = compileGlobs(rule.remake.from);
    const input = [...restored].find(isInput);
    if (input === undefined) continue;
    const { code, stdout, stderr } = await system.target.exec(['sh', '-c', rule.remake.run], { allowFailure: true });
    if (code === 0)
      journal.done('configuration', rule.remake.run.trim(), `${input} was restored; ${rule.reason}`, rule.id);
    else
      journal.look(
        'configuration',
        `${rule.remake.run.trim()} ended with exit code ${code}`,
        lastLines(stdout.toString() + stderr, 5),
        rule.id,
      );
    journal.script(rule.reason, rule.remake.run.trim());
  }
}
