import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { stringify } from 'yaml';
import { parseSmokeTests } from '../config/read-config.ts';
import { PerennialError } from '../errors.ts';
import type { SmokeAnswer, SmokeTest } from './smoke-test.ts';

/** What a bag knows of the service's answers: `tests.yml` and `answers.json` in data/smoke/. */
export interface Golden {
  tests: SmokeTest[];
  answers: SmokeAnswer[];
}

/** Version of answers.json. */
const SCHEMA = 1;
/** Bytes: a thousand answers of 64 KiB, which is what is kept of one. */
const LARGEST = 64 * 1024 * 1024;
const TESTS_FILE = 'tests.yml';
const ANSWERS_FILE = 'answers.json';

const answersSchema = v.object({
  schema: v.number(),
  answers: v.array(
    v.object({
      name: v.string(),
      status: v.string(),
      lines: v.array(v.string()),
      flaky: v.exactOptional(v.boolean()),
    }),
  ),
});

/** Tests and golden answers as files of data/smoke/ in a bag. Passwords in tests are what the owner wrote and are kept. */
export function goldenFiles({ tests, answers }: Golden): { path: string; content: string }[] {
  if (tests.length === 0) return [];
  return [
    { path: `data/smoke/${TESTS_FILE}`, content: formatTests(tests) },
    { path: `data/smoke/${ANSWERS_FILE}`, content: formatAnswers(answers) },
  ];
}

/**
 * Reads them back.
 * @param folder data/smoke/ of a bag
 * @returns undefined when the bag has no smoke tests
 * @throws PerennialError `bag-invalid` or `bag-newer`
 */
export async function findGolden(folder: string): Promise<Golden | undefined> {
  const tests = await findText(join(folder, TESTS_FILE));
  const answers = await findText(join(folder, ANSWERS_FILE));
  if (tests === undefined && answers === undefined) return undefined;
  if (tests === undefined || answers === undefined) {
    throw invalid(`data/smoke/ has only one of ${TESTS_FILE} and ${ANSWERS_FILE}`);
  }
  return { tests: parseBagTests(tests), answers: parseAnswers(answers) };
}

/** tests.yml: the form that `--smoke` reads, so that an owner can edit a copy and give it to a restore. */
export function formatTests(tests: readonly SmokeTest[]): string {
  return stringify(tests.map(asWritten), { lineWidth: 0, aliasDuplicateObjects: false });
}

/** A test as perennial.yml has it: kinds of knowledge/probes are types there. */
function asWritten(test: SmokeTest): object {
  if (test.type !== 'client') return test;
  const { type: _, protocol, fields, ...rest } = test;
  return { ...rest, type: protocol, ...fields };
}

/** answers.json, without times: the same state gives the same bytes. */
export function formatAnswers(answers: readonly SmokeAnswer[]): string {
  const stored = answers.map(({ name, status, lines, flaky }) => ({
    name,
    status,
    lines,
    ...(flaky ? { flaky } : {}),
  }));
  return `${JSON.stringify({ schema: SCHEMA, answers: stored }, null, 2)}\n`;
}

/**
 * @param text content of answers.json
 * @throws PerennialError `bag-invalid`; `bag-newer` for a schema of a later version
 */
export function parseAnswers(text: string): SmokeAnswer[] {
  const result = v.safeParse(answersSchema, parseJson(text));
  if (!result.success) throw invalid(`data/smoke/${ANSWERS_FILE}: ${result.issues[0].message}`);
  if (result.output.schema > SCHEMA) {
    throw new PerennialError(
      'bag-newer',
      `data/smoke/${ANSWERS_FILE} has schema ${result.output.schema}; ${SCHEMA} is known`,
      {
        hint: 'Use a newer version of Perennial.',
      },
    );
  }
  return result.output.answers.map(answer => ({ ...answer, took: 0 }));
}

function parseBagTests(text: string): SmokeTest[] {
  try {
    return parseSmokeTests(text, `data/smoke/${TESTS_FILE}`);
  } catch (cause) {
    throw invalid((cause as Error).message, cause);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalid(`data/smoke/${ANSWERS_FILE} is not JSON`, cause);
  }
}

async function findText(path: string): Promise<string | undefined> {
  try {
    if ((await stat(path)).size > LARGEST) throw invalid(`${path} is too large for smoke tests and their answers`);
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    if (error instanceof PerennialError) throw error;
    throw new PerennialError('unreadable', `${path} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

function invalid(message: string, cause?: unknown): PerennialError {
  return new PerennialError('bag-invalid', message, { hint: 'Check the bag with `perennial verify`.', cause });
}
