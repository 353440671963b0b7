import { compileGlobs } from '../classify/rule.ts';
import { readMends } from '../knowledge/read-mends.ts';
import type { Check, Service } from '../knowledge/service.ts';
import { loadEnvironment } from '../plan/load-environment.ts';
import type { Plan } from '../plan/plan.ts';
import { printable } from '../system/byte-text.ts';
import { withoutSecrets } from '../system/without-secrets.ts';
import { closedLine } from './closed-diff.ts';
import type { PlacedConfiguration } from './configuration.ts';
import { writeInPlace } from './differences.ts';
import type { Journal } from './journal.ts';
import { lastLines } from './last-lines.ts';
import { mendRefusedLine } from './mend-refused-line.ts';
import type { NewSystem } from './new-system.ts';

/** A checker names one line at a time: this many lines can be mended before it is given up. */
const ROUNDS = 40;

interface Said {
  ok: boolean;
  lines: string[];
}

/**
 * Runs the checkers of the recognised services and mends what they refuse, as knowledge says; what cannot be
 * mended is reported with the checker's own words. Exit status alone lies, so what it prints is read too.
 */
export async function checkServices(
  system: NewSystem,
  plan: Plan,
  placed: PlacedConfiguration[],
  at: Check['at'],
  journal: Journal,
): Promise<void> {
  for (const service of plan.services) {
    for (const check of service.checks.filter(each => each.at === at))
      await runCheck(system, plan, service, check, placed, journal);
  }
}

async function runCheck(
  system: NewSystem,
  plan: Plan,
  service: Service,
  check: Check,
  placed: PlacedConfiguration[],
  journal: Journal,
): Promise<void> {
  if (check.when && (await system.target.exec(['sh', '-c', check.when], { allowFailure: true })).code !== 0) return;
  const rule = `${service.id}/${check.id}`;
  const reverted = new Set<string>();
  for (let round = 0; round < ROUNDS; round++) {
    const said = await ask(system, plan, check);
    if (said.ok) {
      journal.done(
        'checks',
        `${service.title}: its own checker accepts the configuration`,
        check.run.trim().split('\n')[0]!,
        rule,
      );
      return;
    }
    const mended =
      (await mendByEntry(system, said, check, rule, journal)) ||
      (await mendRefusedLine(system, said.lines.join('\n'), await readMends(), 'checks', journal)) ||
      (await useEdited(system, said, placed, reverted, rule, journal));
    if (!mended) {
      journal.look(
        'checks',
        `${service.title}: its own checker refuses the configuration`,
        lastLines(said.lines.join('\n'), 8),
        rule,
        said.lines.join('\n'),
      );
      return;
    }
  }
}

async function ask(system: NewSystem, plan: Plan, check: Check): Promise<Said> {
  const { code, stdout, stderr } = await system.target.exec(['sh', '-c', check.run], {
    allowFailure: true,
    env: loadEnvironment(plan),
    ...(check.user ? { user: check.user } : {}),
  });
  const lines = `${stdout}\n${stderr}`.split('\n').filter(line => line.trim() !== '');
  const bad = check.bad ? new RegExp(check.bad) : undefined;
  return { ok: code === 0 && !lines.some(line => bad?.test(line)), lines };
}

/** Tries the mends of the entry on what the checker said; true when a file was changed. */
async function mendByEntry(
  system: NewSystem,
  said: Said,
  check: Check,
  rule: string,
  journal: Journal,
): Promise<boolean> {
  for (const line of said.lines) {
    for (const mend of check.mends) {
      const groups = new RegExp(mend.pattern).exec(line)?.groups;
      if (!groups) continue;
      const places = await findLines(system, groups, mend.files ?? []);
      for (const { path, text, at } of places) {
        const lines = text.split('\n');
        const before = lines[at]!;
        lines[at] = mendLine(before, mend, groups);
        await writeInPlace(system, path, Buffer.from(lines.join('\n'), 'latin1'));
        journal.done(
          'checks',
          `${printable(path)}: "${printable(closedLine(before.trim(), system.modeOf(path)))}" is mended`,
          `${mend.why} (the checker said: ${printable(withoutSecrets(line.trim()))})`,
          rule,
        );
      }
      if (places.length > 0) return true;
    }
  }
  return false;
}

/**
 * What becomes of a line that a checker refuses.
 * @param groups what the mend's pattern read from the checker's words
 */
export function mendLine(line: string, mend: Check['mends'][number], groups: Record<string, string>): string {
  if (mend.action === 'replace-line') return fill(mend.replace ?? '', groups);
  const rest = mend.action === 'drop-statement' ? dropStatement(line, groups.directive ?? '') : undefined;
  return rest ?? `# perennial: ${mend.why}\n# ${line}`;
}

/** `zone "x" { type master; auto-dnssec maintain; };` without its `auto-dnssec`; undefined when nothing else is in the line. */
export function dropStatement(line: string, directive: string): string | undefined {
  const name = directive.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const rest = line.replace(new RegExp(`(^|[\\s{;])${name}\\b[^;{}]*(\\{[^{}]*\\}\\s*)?;`), '$1');
  return rest === line || rest.trim() === '' ? undefined : rest;
}

function fill(text: string, groups: Record<string, string>): string {
  return text.replace(/\$<(\w+)>/g, (_, name: string) => groups[name] ?? '');
}

/** Where the checker's words point: `file` and `line` when it names them, else active lines that begin with `directive`. */
async function findLines(
  system: NewSystem,
  groups: Record<string, string>,
  globs: string[],
): Promise<{ path: string; text: string; at: number }[]> {
  const named = groups.file?.startsWith('/') ? [groups.file] : [];
  const paths =
    named.length > 0
      ? named
      : [...system.entries().values()]
          .filter(each => each.kind === 'file' && compileGlobs(globs)(each.path))
          .map(each => each.path);
  const found: { path: string; text: string; at: number }[] = [];
  for (const path of paths) {
    const text = (await system.read(path))?.toString('latin1');
    if (text === undefined) continue;
    const at = lineOf(text.split('\n'), groups);
    if (at >= 0) found.push({ path, text, at });
  }
  return found;
}

function lineOf(lines: string[], groups: Record<string, string>): number {
  const directive = groups.directive?.toLowerCase();
  const isIt = (line: string | undefined) => {
    const trimmed = line?.trim().toLowerCase() ?? '';
    return trimmed !== '' && !/^[#;]/.test(trimmed) && (directive === undefined || trimmed.startsWith(directive));
  };
  const numbered = Number(groups.line) - 1;
  if (groups.line && isIt(lines[numbered])) return numbered;
  return directive === undefined ? -1 : lines.findIndex(isIt);
}

/** A merge without a conflict can still be wrong: the owner's own file takes its place, one file a round. */
async function useEdited(
  system: NewSystem,
  said: Said,
  placed: PlacedConfiguration[],
  reverted: Set<string>,
  rule: string,
  journal: Journal,
): Promise<boolean> {
  const candidates = placed.filter(each => !reverted.has(each.path) && !each.edited.equals(each.content));
  const named = candidates.find(each => said.lines.some(line => line.includes(each.path)));
  const related = candidates.find(each => said.lines.some(line => line.includes(folderOf(each.path))));
  const chosen = named ?? related;
  if (!chosen) return false;
  reverted.add(chosen.path);
  await writeInPlace(system, chosen.path, chosen.edited);
  journal.look(
    'checks',
    `${printable(chosen.path)}: the edited file is used without today's defaults`,
    `merged with them, the checker refuses it: ${printable(lastLines(said.lines.join('\n'), 2))}`,
    rule,
  );
  return true;
}

/** `/etc/nginx` of `/etc/nginx/nginx.conf`: a checker often names a file that the merged one includes. */
function folderOf(path: string): string {
  return path.split('/').slice(0, 3).join('/');
}
