import * as v from 'valibot';
import { PerennialError } from '../errors.ts';
import { printable } from '../system/byte-text.ts';
import type { InstalledPackage, SystemFacts } from '../system/system-facts.ts';
import { BAG_SCHEMA, type Manifest } from './manifest.ts';
import { manifestSchema } from './manifest-schema.ts';
import { stableJson } from './stable-json.ts';

/**
 * data/manifest.json: compact, keys sorted, a line for each top-level key. Package fields that say the usual are left
 * out, since a list of packages is most of a small bag; parseManifest puts them back.
 */
export function formatManifest(manifest: Manifest): string {
  const { system } = manifest;
  const packages = system.packages.map(one => compactPackage(one, system));
  const compact: Record<string, unknown> = { ...manifest, system: { ...system, packages } };
  const lines = Object.keys(compact)
    .filter(key => compact[key] !== undefined)
    .toSorted()
    .map(key => `${JSON.stringify(key)}:${stableJson(compact[key])}`);
  return `{${lines.join(',\n')}}\n`;
}

function compactPackage(one: InstalledPackage, system: SystemFacts): Partial<InstalledPackage> {
  const compact: Partial<InstalledPackage> = { ...one };
  if (one.architecture === system.architecture) delete compact.architecture;
  if (one.source === one.name) delete compact.source;
  if (one.status === 'installed') delete compact.status;
  if (one.priority === 'optional' && system.packageManager === 'dpkg') delete compact.priority;
  if (!one.manual) delete compact.manual;
  if (one.provides.length === 0) delete compact.provides;
  if (Object.keys(one.conffiles).length === 0) delete compact.conffiles;
  return compact;
}

/**
 * Reads data/manifest.json; keys that are not known are passed over. `name` is used in messages.
 * Throws `bag-newer` for a schema after BAG_SCHEMA, `bag-invalid` for anything that is not a manifest.
 */
export function parseManifest(text: string, name = 'data/manifest.json'): Manifest {
  const value = parseJson(text, name);
  const number = v.safeParse(v.object({ schema: v.pipe(v.number(), v.safeInteger(), v.minValue(1)) }), value);
  if (!number.success) throw invalidManifest(name, 'it has no schema number');
  if (number.output.schema > BAG_SCHEMA) {
    throw new PerennialError(
      'bag-newer',
      `${name}: the bag has schema ${number.output.schema}, this Perennial reads up to ${BAG_SCHEMA}`,
      { hint: 'Use a newer Perennial, or restore with the bag’s own restore.sh, which needs Docker only.' },
    );
  }
  const result = v.safeParse(manifestSchema, value);
  if (result.success) return result.output;
  const issue = result.issues[0];
  throw invalidManifest(name, printable(`${v.getDotPath(issue) ?? 'the document'}: ${issue.message}`));
}

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalidManifest(name, 'it is not JSON', cause);
  }
}

function invalidManifest(name: string, what: string, cause?: unknown): PerennialError {
  return new PerennialError('bag-invalid', `${name} is not a manifest of a Perennial bag: ${what}`, {
    hint: 'Check the bag with `perennial verify`, or fetch it again from where it is kept.',
    cause,
  });
}
