import type { BagWriter } from '../bag/write-bag.ts';
import type { Service } from '../knowledge/service.ts';
import type { Progress } from '../progress.ts';
import { decodeBytes } from '../system/byte-text.ts';
import type { Target } from '../system/target.ts';

/** What a service's own checker foretold before the end. */
export interface Foretold {
  service: string;
  /** Id of the check within the entry. */
  check: string;
  line: string;
}

/** Seconds that one program gets: it only prints. */
const SECONDS = 20;
/** Lines of one checker that are kept. */
const MOST_LINES = 50;

/** Words with which programs name what a later version will not take any more. */
const DEPRECATED =
  /deprecat|obsolete|no longer|will be (removed|dropped|ignored)|removed in|is removed|unsupported|not supported|superseded|use .+ instead|legacy/i;

/**
 * Records the effective settings of the recognised services (`postconf -n`, `testparm -s`), each in a file below data/settings/, and what
 * their own checkers call deprecated: it names most of what the next version refuses. A program that fails is passed over, since its
 * service may be broken and is archived all the same.
 */
export async function recordSettings(
  target: Target,
  services: readonly Service[],
  bag: BagWriter,
  progress: Progress,
): Promise<Foretold[]> {
  const foretold: Foretold[] = [];
  for (const service of services) {
    if (service.settings.length + service.checks.length > 0)
      progress.step(`Asking ${service.title} for its effective settings`);
    for (const { id, run, user } of service.settings) {
      const { code, output } = await ask(target, run, user);
      if (code === 0 && output.length > 0) await bag.addFile(`data/settings/${service.id}-${id}.txt`, output);
    }
    for (const { id, when, run, user } of service.checks) {
      if (when && (await ask(target, when)).code !== 0) continue;
      const { output } = await ask(target, run, user);
      foretold.push(...deprecations(decodeBytes(output)).map(line => ({ service: service.id, check: id, line })));
    }
  }
  return foretold;
}

/** Lines of a checker's output that tell of what goes away, each once. */
export function deprecations(text: string): string[] {
  const lines = text.split('\n').map(line => line.trim());
  return [...new Set(lines.filter(line => DEPRECATED.test(line)))].slice(0, MOST_LINES);
}

async function ask(target: Target, run: string, user?: string): Promise<{ code: number; output: Buffer }> {
  const argv = ['timeout', String(SECONDS), 'sh', '-c', run];
  const { code, stdout, stderr } = await target.exec(argv, { allowFailure: true, ...(user ? { user } : {}) });
  return { code, output: stdout.length > 0 ? stdout : Buffer.from(stderr) };
}
