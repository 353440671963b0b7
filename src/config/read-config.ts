import { isUtf8 } from 'node:buffer';
import { access, open } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import * as v from 'valibot';
import { PerennialError } from '../errors.ts';
import type { SmokeTest } from '../smoke/smoke-test.ts';
import { type Config, defaultConfig } from './config.ts';
import { configFault } from './config-fault.ts';
import { configSchema } from './config-schema.ts';
import { parseYaml, type YamlSource } from './yaml-source.ts';

/** Bytes. A description of a service is written by a person. */
const MAX_SIZE = 1024 * 1024;
const FILE_NAMES = ['perennial.yml', 'perennial.yaml'];

/**
 * The description of a service that lies beside its Dockerfile.
 * @param contextDir folder to look in
 * @returns path of the file, undefined when there is none
 * @throws PerennialError `config-invalid` when both spellings are there
 */
export async function findConfig(contextDir: string): Promise<string | undefined> {
  const found: string[] = [];
  for (const name of FILE_NAMES) {
    const path = join(contextDir, name);
    const there = await access(path).then(
      () => true,
      () => false,
    );
    if (there) found.push(path);
  }
  if (found.length < 2) return found[0];
  throw new PerennialError('config-invalid', `${contextDir} has both ${FILE_NAMES.join(' and ')}`, {
    hint: 'Keep one of them.',
  });
}

/**
 * Reads perennial.yml and fills in the defaults.
 * @throws PerennialError `config-invalid` with file, line and the way out
 */
export async function readConfig(file: string): Promise<Config> {
  const config = parseConfig(await readText(file), file);
  return config.knowledge ? { ...config, knowledge: resolve(dirname(file), config.knowledge) } : config;
}

/**
 * The text of a perennial.yml as a Config with every default filled in; an empty text is the default.
 * @param name how messages call the file
 * @throws PerennialError `config-invalid`
 */
export function parseConfig(text: string, name: string): Config {
  const source = parseYaml(text, name);
  return { ...structuredClone(defaultConfig), ...check(source.value ?? {}, source) };
}

/**
 * Reads a file of smoke tests (`--smoke FILE`).
 * @throws PerennialError `config-invalid`
 */
export async function readSmokeTests(file: string): Promise<SmokeTest[]> {
  return parseSmokeTests(await readText(file), file);
}

/**
 * Smoke tests from YAML that is a bare list, or has the list under `smoke:` (a whole perennial.yml will do).
 * @param name how messages call the file
 * @throws PerennialError `config-invalid`
 */
export function parseSmokeTests(text: string, name: string): SmokeTest[] {
  const source = parseYaml(text, name);
  const bare = Array.isArray(source.value);
  return check(bare ? { smoke: source.value } : (source.value ?? {}), source, bare ? 1 : 0).smoke ?? [];
}

/** @param above see configFault */
function check(value: unknown, source: YamlSource, above = 0): v.InferOutput<typeof configSchema> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new PerennialError('config-invalid', `${source.name}:1: keys and values are expected, as in \`start: ...\``);
  }
  const result = v.safeParse(configSchema, withoutEmptyKeys(value), { abortEarly: true });
  if (!result.success) throw configFault(result.issues[0], source, above);
  return result.output;
}

/** `smoke:` with nothing after it is how people leave a place for later: it counts as not said. */
function withoutEmptyKeys(value: object): unknown {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== null));
}

async function readText(file: string): Promise<string> {
  try {
    const bytes = await readBytes(file);
    if (isUtf8(bytes)) return bytes.toString('utf8');
  } catch (cause) {
    if (cause instanceof PerennialError) throw cause;
    throw new PerennialError('config-invalid', `${file} cannot be read: ${(cause as Error).message}`, { cause });
  }
  throw new PerennialError('config-invalid', `${file} is not UTF-8 text`, { hint: 'Save it as UTF-8.' });
}

async function readBytes(file: string): Promise<Buffer> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    if (size <= MAX_SIZE) return await handle.readFile();
    throw new PerennialError('config-invalid', `${file} has ${size} bytes; at most ${MAX_SIZE} are read`);
  } finally {
    await handle.close();
  }
}
