import { pipeline } from 'node:stream/promises';
import type { Dump } from '../bag/manifest.ts';
import type { Bag } from '../bag/open-bag.ts';
import { PerennialError } from '../errors.ts';
import type { Service, ServiceExport } from '../knowledge/service.ts';
import { loadEnvironment } from '../plan/load-environment.ts';
import type { Plan } from '../plan/plan.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { Journal } from './journal.ts';
import { lastLines } from './last-lines.ts';
import type { NewSystem } from './new-system.ts';

/** A line of a load program that begins so goes into the report. */
const WARNING = 'perennial-warning: ';

/** Loads the logical exports with the new programs, streaming, by the load program of the knowledge entry. */
export async function loadExports(
  system: NewSystem,
  bag: Bag,
  plan: Plan,
  journal: Journal,
  once: Checkpoint['once'],
): Promise<void> {
  for (const dump of bag.manifest.dumps) {
    const service = plan.services.find(each => each.id === dump.service);
    const how = service?.exports.find(each => each.id === dump.export);
    if (service && how)
      await once(`exports/${dump.file}`, () => load(system, bag, plan, { dump, service, how }, journal));
    else
      journal.look(
        'exports',
        `${dump.file} was not loaded`,
        `there is no knowledge entry ${dump.service}/${dump.export} any more; load it by hand`,
        'exports',
      );
  }
}

interface Load {
  dump: Dump;
  service: Service;
  how: ServiceExport;
}

async function load(
  system: NewSystem,
  bag: Bag,
  plan: Plan,
  { dump, service, how }: Load,
  journal: Journal,
): Promise<void> {
  const stream = system.target.execStream(['sh', '-c', `set -eu\n${how.load}`], {
    ...(how.loadUser ? { user: how.loadUser } : {}),
    env: loadEnvironment(plan),
    allowFailure: true,
  });
  let said = '';
  stream.stdout.on('data', chunk => {
    if (said.length < 20000) said += chunk;
  });
  await pipeline(bag.read(`data/dumps/${dump.file}`), stream.stdin).catch(() => {}); // a dead loader tells by its code
  const { code, stderr } = await stream.done;
  if (code !== 0) {
    throw new PerennialError(
      'step-failed',
      `Loading ${dump.file} failed (exit code ${code}): ${lastLines((said + stderr).trim(), 12)}`,
      { hint: 'The export itself is safe in the bag (data/dumps).' },
    );
  }
  const rule = `${service.id}/${how.id}`;
  for (const warning of warningsIn(said))
    journal.look('exports', `${dump.file}: ${warning}`, 'the new program said so while it loaded', rule);
  journal.done('exports', `${dump.file} loaded (${dump.bytes} bytes)`, how.why, rule);
  journal.script(`load ${dump.file}`, `# input: data/dumps/${dump.file}`, ...how.load.trimEnd().split('\n'));
}

/** What a program of an entry wants a person to read: its lines that begin with `perennial-warning: `. */
export function warningsIn(said: string): string[] {
  return said.split('\n').flatMap(line => (line.startsWith(WARNING) ? [line.slice(WARNING.length)] : []));
}
