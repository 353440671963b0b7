import * as v from 'valibot';
import type { PathKind } from '../bag/index-entry.ts';
import type { NewSystem } from '../restore/new-system.ts';

/** In a restored container: how paths and names of the bag are found again there, for `perennial check`. */
export const RECORD_FILE = '/var/lib/perennial/record.json';
const SCHEMA = 1;

/** A path that is not where, or not as, the bag has it, and why that is meant to be so. */
export interface RecordedPath {
  /** As in the bag. */
  path: string;
  /** Where it is now; null: it was left out. */
  now: string | null;
  why: string;
  rule: string;
  /** As the restore left it, where it is another than the bag's. */
  sha256?: string | undefined;
  target?: string | undefined;
  kind?: PathKind | undefined;
}

export interface PathRecord {
  schema: number;
  /** `created` of the bag's manifest: a record of another bag says nothing. */
  bag: string;
  base: string;
  substitutions: { stem: string; old: string; new: string }[];
  /** Packages that have other names now. */
  successors: Record<string, string[]>;
  paths: RecordedPath[];
  /** Configuration files that are in no bag, and were not as today's packages ship them when the service ran. */
  defaults?: { path: string; sha256: string }[] | undefined;
  /** Files and links in /etc that no package had when the service ran (`readUnowned`). */
  unowned?: string[] | undefined;
  /** Names of accounts with a person's id when the service ran: those that the archive has not came with the base. */
  people?: string[] | undefined;
}

const kinds = ['file', 'directory', 'symlink', 'fifo', 'socket', 'char', 'block'] as const;

const recordSchema = v.object({
  schema: v.number(),
  bag: v.string(),
  base: v.string(),
  substitutions: v.array(v.object({ stem: v.string(), old: v.string(), new: v.string() })),
  successors: v.record(v.string(), v.array(v.string())),
  paths: v.array(
    v.object({
      path: v.string(),
      now: v.nullable(v.string()),
      why: v.string(),
      rule: v.string(),
      sha256: v.exactOptional(v.string()),
      target: v.exactOptional(v.string()),
      kind: v.exactOptional(v.picklist(kinds)),
    }),
  ),
  defaults: v.exactOptional(v.array(v.strictObject({ path: v.string(), sha256: v.string() }))),
  unowned: v.exactOptional(v.array(v.string())),
  people: v.exactOptional(v.array(v.string())),
});

/** Leaves the record in the container; only root may read it, since it names paths of everybody. */
export async function writeRecord(system: NewSystem, record: Omit<PathRecord, 'schema'>): Promise<void> {
  const input = `${JSON.stringify({ schema: SCHEMA, ...record })}\n`;
  const write = 'umask 077; mkdir -p "${RECORD%/*}"; cat > "$RECORD"; chmod 600 "$RECORD"';
  await system.script('Writing the record of the restore', write, { env: { RECORD: RECORD_FILE }, input });
}

/** The record that a restore left in a container; undefined when it left none, or one of another bag or a later version. */
export async function findRecord(system: NewSystem, created: string): Promise<PathRecord | undefined> {
  const text = await system.read(RECORD_FILE);
  if (!text) return undefined;
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), recordSchema), text.toString());
  if (!parsed.success || parsed.output.schema !== SCHEMA || parsed.output.bag !== created) return undefined;
  return parsed.output;
}
