import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { parse } from 'yaml';
import { PerennialError } from '../errors.ts';
import { knowledgeFolder } from './read-rules.ts';

/*
 * One entry of knowledge/probes/*.yml: a kind of smoke test that a client program of a Debian package asks from a client container. A new
 * protocol is a new file. Texts may have {host}, {port}, {folder} (a private working folder) and the fields of the test in them.
 */

const text = v.string();
const pattern = v.pipe(
  text,
  v.check(source => isPattern(source), 'not a regular expression'),
);

const fieldSchema = v.strictObject({
  /** For the documentation. */
  about: text,
  /** `text`: one line; `number`; `lines`: text of several lines; `words`: a list, which `{name...}` spreads over arguments. */
  type: v.optional(v.picklist(['text', 'number', 'lines', 'words']), 'text'),
  required: v.optional(v.boolean(), false),
  default: v.optional(v.union([text, v.number(), v.array(text)])),
  /** What its whole value has to match. */
  pattern: v.optional(pattern),
  /** Never an argument, since anybody on a machine sees those: only in `env`, `files` or `input`. */
  secret: v.optional(v.boolean(), false),
});

/** Arguments, or some that are only there with (without) a field. */
const argumentSchema = v.union([
  text,
  v.strictObject({ with: text, args: v.array(text) }),
  v.strictObject({ without: text, args: v.array(text) }),
]);

const probeKindSchema = v.strictObject({
  id: v.pipe(text, v.regex(/^[a-z][a-z0-9-]+$/)),
  title: text,
  /** Manual pages of the client program. */
  source: v.pipe(text, v.minLength(5)),
  packages: v.pipe(v.array(v.pipe(text, v.regex(/^[a-z0-9][a-z0-9+.-]+$/))), v.minLength(1)),
  /** Where the service listens when the test does not say. */
  port: v.number(),
  fields: v.record(
    v.pipe(text, v.regex(/^(?!(name|type|port|mask|timeout|from|host|folder)$)[a-z][A-Za-z]*$/)),
    fieldSchema,
  ),
  run: v.pipe(v.array(argumentSchema), v.minLength(1)),
  env: v.optional(v.record(text, text), {}),
  /** Files in {folder}, readable by their owner only. A variable or file whose fields a test has not is left out. */
  files: v.optional(v.record(v.pipe(text, v.regex(/^[\w.-]+$/)), text), {}),
  input: v.optional(text, ''),
  /** The status of an answer: the first whose `match` is found in what was printed; else `ok` or `exit N`. */
  statuses: v.optional(v.array(v.strictObject({ match: pattern, is: text })), []),
  answer: v.optional(
    v.strictObject({
      /** What the client says to its user, besides the answer itself. */
      from: v.optional(v.picklist(['stdout', 'both']), 'stdout'),
      /** Only lines that match one. */
      keep: v.optional(v.array(pattern), []),
      drop: v.optional(v.array(pattern), []),
      replace: v.optional(v.array(v.strictObject({ pattern, with: text })), []),
      /** The order of lines means nothing. */
      sort: v.optional(v.boolean(), false),
    }),
    {},
  ),
  /** A test as perennial.yml has it, without name and type. */
  example: v.record(text, v.unknown()),
});

export type ProbeKind = v.InferOutput<typeof probeKindSchema>;
export type ProbeField = v.InferOutput<typeof fieldSchema>;

/**
 * Parses one entry; its id has to be the name of its file.
 * @throws PerennialError `config-invalid`
 */
export function parseProbeKind(source: string, file: string): ProbeKind {
  const parsed = v.safeParse(probeKindSchema, parse(source));
  if (!parsed.success) {
    const issue = parsed.issues[0];
    throw new PerennialError('config-invalid', `probes/${file}: ${v.getDotPath(issue) ?? ''}: ${issue.message}`);
  }
  if (`${parsed.output.id}.yml` !== file)
    throw new PerennialError('config-invalid', `probes/${file}: the id has to be the file's name`);
  return parsed.output;
}

let known: ReadonlyMap<string, ProbeKind> | undefined;

/** All entries of knowledge/probes, by id. Read once, and at once: the schema of perennial.yml is made of them. */
export function probeKinds(): ReadonlyMap<string, ProbeKind> {
  if (known) return known;
  const folder = join(knowledgeFolder(), 'probes');
  const files = readdirSync(folder).filter(name => name.endsWith('.yml'));
  const kinds = files.sort().map(file => parseProbeKind(readFileSync(join(folder, file), 'utf8'), file));
  known = new Map(kinds.map(kind => [kind.id, kind]));
  return known;
}

function isPattern(source: string): boolean {
  try {
    new RegExp(source, 'm');
    return true;
  } catch {
    return false;
  }
}
