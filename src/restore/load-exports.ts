import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Bag } from '../bag/open-bag.ts';
import { PerennialError } from '../errors.ts';
import type { Plan } from '../plan/plan.ts';
import type { Journal } from './journal.ts';
import type { NewSystem } from './new-system.ts';

/** A line of a load program that begins so goes into the report. */
const WARNING = 'perennial-warning: ';

/** Loads the logical exports with the new programs, streaming, by the load program of the knowledge entry. */
export async function loadExports(system: NewSystem, bag: Bag, plan: Plan, journal: Journal): Promise<void> {
  for (const dump of bag.manifest.dumps) {
    const service = plan.services.find(each => each.id === dump.service);
    const how = service?.exports.find(each => each.id === dump.export);
    if (!service || !how) {
      journal.look(
        'exports',
        `${dump.file} was not loaded`,
        `there is no knowledge entry ${dump.service}/${dump.export} any more; load it by hand`,
        'exports',
      );
      continue;
    }
    const stream = system.target.execStream(['sh', '-c', `set -eu\n${how.load}`], {
      ...(how.loadUser ? { user: how.loadUser } : {}),
      env: loadEnvironment(plan),
      allowFailure: true,
    });
    let said = '';
    stream.stdout.on('data', chunk => {
      if (said.length < 20000) said += chunk;
    });
    await pipeline(createReadStream(bag.file(`data/dumps/${dump.file}`)), stream.stdin).catch(() => {}); // a dead loader tells by its code
    const { code, stderr } = await stream.done;
    if (code !== 0) {
      throw new PerennialError(
        'step-failed',
        `Loading ${dump.file} failed (exit code ${code}): ${(said + stderr).trim().split('\n').slice(-12).join('\n')}`,
        {
          hint: 'The export itself is safe in the bag (data/dumps).',
        },
      );
    }
    for (const warning of warningsIn(said)) {
      journal.look(
        'exports',
        `${dump.file}: ${warning}`,
        'the new program said so while it loaded',
        `${service.id}/${how.id}`,
      );
    }
    journal.done('exports', `${dump.file} loaded (${dump.bytes} bytes)`, how.why, `${service.id}/${how.id}`);
    journal.script(`load ${dump.file}`, `# input: data/dumps/${dump.file}`, ...how.load.trimEnd().split('\n'));
  }
}

/** What a program of an entry wants a person to read: its lines that begin with `perennial-warning: `. */
export function warningsIn(said: string): string[] {
  return said.split('\n').flatMap(line => (line.startsWith(WARNING) ? [line.slice(WARNING.length)] : []));
}

/** Version tokens that moved, for programs of knowledge entries: PERENNIAL_OLD_POSTGRESQL=13, PERENNIAL_NEW_POSTGRESQL=17. */
export function loadEnvironment(plan: Plan): Record<string, string> {
  return Object.fromEntries(
    plan.substitutions.flatMap(({ stem, old, new: now }) => {
      const name = stem.toUpperCase().replace(/[^A-Z0-9]+/g, '_');
      return [
        [`PERENNIAL_OLD_${name}`, old],
        [`PERENNIAL_NEW_${name}`, now],
      ];
    }),
  );
}
