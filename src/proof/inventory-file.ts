import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import type { Bag } from '../bag/open-bag.ts';
import { PerennialError } from '../errors.ts';
import type { Inventory } from './inventory.ts';

/** Path in a bag: what the services held, by their own account, when the archive was taken. */
export const INVENTORY_FILE = 'data/inventory.json';
const SCHEMA = 1;

const fileSchema = v.object({
  schema: v.number(),
  inventories: v.array(
    v.object({
      service: v.string(),
      id: v.string(),
      title: v.string(),
      rows: v.array(v.tuple([v.string(), v.string()])),
      unsteady: v.optional(v.array(v.string()), []),
      files: v.exactOptional(v.array(v.string())),
    }),
  ),
});

/** Text of data/inventory.json. */
export function formatInventories(inventories: readonly Inventory[]): string {
  return `${JSON.stringify({ schema: SCHEMA, inventories }, null, 1)}\n`;
}

/**
 * Reads a bag's inventories; none when the bag has no such file (older ones, services that list nothing).
 * @throws PerennialError `bag-invalid`, `bag-newer`
 */
export async function readInventories(bag: Bag): Promise<Inventory[]> {
  const path = findFile(bag);
  return path === undefined ? [] : parseInventories(await readFile(path, 'utf8'));
}

/** @throws PerennialError `bag-invalid`, `bag-newer` */
export function parseInventories(text: string): Inventory[] {
  const result = v.safeParse(fileSchema, parseJson(text));
  if (!result.success) throw invalid(result.issues[0].message);
  if (result.output.schema > SCHEMA) {
    throw new PerennialError('bag-newer', `${INVENTORY_FILE} has schema ${result.output.schema}; ${SCHEMA} is known`, {
      hint: 'Use a newer version of Perennial.',
    });
  }
  return result.output.inventories;
}

function findFile(bag: Bag): string | undefined {
  try {
    return bag.file(INVENTORY_FILE);
  } catch {
    return undefined;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalid('it is not JSON', cause);
  }
}

function invalid(message: string, cause?: unknown): PerennialError {
  return new PerennialError('bag-invalid', `${INVENTORY_FILE}: ${message}`, {
    hint: 'Check the bag with `perennial verify`.',
    cause,
  });
}
