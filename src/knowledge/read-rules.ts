import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { parse } from 'yaml';
import { type CompiledRule, compileRule, type Rule } from '../classify/rule.ts';
import { PerennialError } from '../errors.ts';

const globs = v.array(v.pipe(v.string(), v.startsWith('/', 'a glob is an absolute path')));

const ruleSchema = v.strictObject({
  id: v.pipe(v.string(), v.regex(/^[a-z0-9-]+$/)),
  action: v.optional(v.picklist(['leave', 'record']), 'leave'),
  reason: v.pipe(v.string(), v.minLength(10)),
  source: v.pipe(v.string(), v.minLength(5)),
  paths: v.pipe(globs, v.minLength(1)),
  except: v.optional(globs, []),
  targets: v.optional(globs, []),
  kinds: v.optional(v.array(v.picklist(['file', 'directory', 'symlink', 'fifo', 'socket', 'char', 'block'])), []),
  everyStart: v.optional(v.boolean(), false),
  exceptMounts: v.optional(v.boolean(), false),
  unlessTargetKept: v.optional(v.boolean(), false),
  onlyAlternatives: v.optional(v.boolean(), false),
  remake: v.optional(v.strictObject({ run: v.string(), from: v.pipe(globs, v.minLength(1)) })),
  examples: v.object({
    matches: v.pipe(v.array(v.string()), v.minLength(1)),
    not: v.pipe(v.array(v.string()), v.minLength(1)),
  }),
});

const fileSchema = v.array(ruleSchema);

/** Folder of the knowledge base that ships with the program; src/ and dist/ are both one level below the root. */
export function knowledgeFolder(): string {
  return new URL(import.meta.url.includes('/dist/') ? '../knowledge' : '../../knowledge', import.meta.url).pathname;
}

/**
 * Classification rules of knowledge/rules/*.yml, in the order of the file names and of the entries in each.
 * The id of a rule in reports is `<file>/<id>`.
 */
export async function readRules(folder = knowledgeFolder()): Promise<CompiledRule[]> {
  const directory = join(folder, 'rules');
  const rules: CompiledRule[] = [];
  for (const file of (await readdir(directory)).filter(name => name.endsWith('.yml')).sort()) {
    for (const rule of parseRules(await readFile(join(directory, file), 'utf8'), file)) rules.push(compileRule(rule));
  }
  return rules;
}

/** Parses one file of rules; their ids become `<file>/<id>`. */
export function parseRules(text: string, file: string): Rule[] {
  const parsed = v.safeParse(fileSchema, parse(text));
  if (!parsed.success) {
    const issue = parsed.issues[0];
    throw new PerennialError('config-invalid', `rules/${file}: ${v.getDotPath(issue) ?? ''} ${issue.message}`);
  }
  return parsed.output.map(rule => ({ ...rule, id: `${file.slice(0, -4)}/${rule.id}` }));
}
