import { compileGlobs } from '../classify/rule.ts';
import { loadEnvironment } from '../plan/load-environment.ts';
import type { Plan } from '../plan/plan.ts';
import { printable } from '../system/byte-text.ts';
import { unifiedDiff } from '../unified-diff.ts';
import type { Checkpoint } from './checkpoint.ts';
import { closedDiff } from './closed-diff.ts';
import type { Journal } from './journal.ts';
import { lastLines } from './last-lines.ts';
import { warningsIn } from './load-exports.ts';
import type { NewSystem } from './new-system.ts';

/** Runs the programs of knowledge entries that belong to a moment of the restore. @returns whether there was one */
export async function runDifferences(
  system: NewSystem,
  plan: Plan,
  at: 'before-state' | 'after-state' | 'after-load',
  journal: Journal,
  once: Checkpoint['once'] = (_, run) => run(),
): Promise<boolean> {
  const due = plan.differences.filter(each => each.difference.run?.at === at);
  for (const each of due)
    await once(`${at}/${each.service}/${each.difference.id}`, () => runDifference(system, plan, each, journal));
  return due.length > 0;
}

async function runDifference(
  system: NewSystem,
  plan: Plan,
  { service, difference }: Plan['differences'][number],
  journal: Journal,
): Promise<void> {
  const { run } = difference;
  if (!run) return;
  const rule = `${service}/${difference.id}`;
  const options = { env: loadEnvironment(plan, run.script), ...(run.user ? { user: run.user } : {}) };
  const said = await system.script(rule, run.script, options);
  noteMended(system, said);
  for (const warning of warningsIn(said)) journal.look('checks', warning, difference.why, rule);
  journal.done('checks', difference.why, difference.source, rule, lastLines(said, 20));
  journal.script(`${rule}: ${difference.why}`, ...run.script.trimEnd().split('\n'));
}

/** A program of an entry says what it changed of the restored state: `perennial-mended: PATH`, with everything below. */
function noteMended(system: NewSystem, said: string): void {
  const paths = [...said.matchAll(/^perennial-mended: (\/.+)$/gm)].map(line => line[1]!);
  if (paths.length === 0) return;
  for (const path of system.entries().keys())
    if (paths.some(each => path === each || path.startsWith(`${each}/`))) system.mended.add(path);
}

/** Says what knowledge entries warn of. */
export function sayWarnings(plan: Plan, journal: Journal): void {
  for (const { service, difference } of plan.differences) {
    if (difference.warn) journal.look('checks', difference.warn, difference.why, `${service}/${difference.id}`);
  }
}

/** Line-by-line rewrites of knowledge entries in the files that they name. */
export async function rewriteFiles(system: NewSystem, plan: Plan, journal: Journal): Promise<void> {
  for (const { service, difference } of plan.differences) {
    for (const rewrite of difference.rewrite ?? []) {
      const test = compileGlobs(rewrite.files);
      const files = [...system.entries().values()].filter(entry => entry.kind === 'file' && test(entry.path));
      for (const file of files) {
        const before = (await system.read(file.path))?.toString('latin1');
        const after = before === undefined ? undefined : rewriteLines(before, rewrite);
        if (before === undefined || after === undefined || before === after) continue;
        await writeInPlace(system, file.path, Buffer.from(after, 'latin1'));
        const diff = closedDiff(unifiedDiff(before, after, { from: file.path, to: file.path }), file.mode);
        journal.done(
          'checks',
          `${printable(file.path)} rewritten`,
          difference.why,
          `${service}/${difference.id}`,
          diff,
        );
      }
    }
  }
}

/** What a rewrite of an entry makes of a file's text, line by line; once in each line. */
export function rewriteLines(text: string, rewrite: { pattern: string; replace: string }): string {
  const pattern = new RegExp(rewrite.pattern);
  return text
    .split('\n')
    .map(line => line.replace(pattern, rewrite.replace))
    .join('\n');
}

/** Replaces the content of a file; mode, owner and attributes stay. */
export async function writeInPlace(system: NewSystem, path: string, content: Buffer): Promise<void> {
  system.mended.add(path);
  await system.script(`Writing ${path}`, 'cat > "$TARGET"', { env: { TARGET: path }, input: content });
}
