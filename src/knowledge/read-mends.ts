import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { parse } from 'yaml';
import { PerennialError } from '../errors.ts';
import { knowledgeFolder } from './read-rules.ts';

const mendSchema = v.strictObject({
  id: v.pipe(v.string(), v.regex(/^[a-z0-9-]+$/)),
  source: v.pipe(v.string(), v.minLength(5)),
  /** With the named groups `file` and `line`. */
  pattern: v.string(),
  /** Not when the line matches this too. */
  except: v.optional(v.string()),
  examples: v.pipe(v.array(v.strictObject({ said: v.string(), file: v.string(), line: v.number() })), v.minLength(1)),
});

/** How programs say that they refuse a line of their configuration (knowledge/mends/*.yml). */
export type RefusedLine = v.InferOutput<typeof mendSchema>;

/** Reads all entries. @throws PerennialError `config-invalid` naming file and field */
export async function readMends(folder = knowledgeFolder()): Promise<RefusedLine[]> {
  const directory = join(folder, 'mends');
  const mends: RefusedLine[] = [];
  for (const file of (await readdir(directory)).filter(name => name.endsWith('.yml')).sort()) {
    const parsed = v.safeParse(v.array(mendSchema), parse(await readFile(join(directory, file), 'utf8')));
    if (!parsed.success) {
      const issue = parsed.issues[0];
      throw new PerennialError('config-invalid', `mends/${file}: ${v.getDotPath(issue) ?? ''} ${issue.message}`);
    }
    mends.push(...parsed.output);
  }
  return mends;
}

/** The place that a line of output points at, and the entry that read it; undefined when it refuses nothing. */
export function findRefusedLine(
  said: string,
  mends: RefusedLine[],
): { file: string; line: number; id: string } | undefined {
  for (const mend of mends) {
    if (mend.except !== undefined && new RegExp(mend.except, 'i').test(said)) continue;
    const groups = new RegExp(mend.pattern, 'i').exec(said)?.groups;
    if (groups?.file && groups.line) return { file: groups.file, line: Number(groups.line), id: mend.id };
  }
  return undefined;
}
