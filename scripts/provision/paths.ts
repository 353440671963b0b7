import { join } from 'node:path';

/** The repository. */
export const ROOT = join(import.meta.dirname, '..', '..');
/** Downloads and built tools: survives, ignored by git. */
export const CACHE = join(ROOT, '.cache');
/** Logs and working files of one run: ignored by git. */
export const WORK = join(ROOT, '.work');
/** Programs that provision made itself (act, bagit). */
export const TOOL_BIN = join(CACHE, 'bin');

/** Environment for programs that we start: our tools and the project's Node 24 come first in PATH. */
export function toolEnv(extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const path = [TOOL_BIN, join(ROOT, 'node_modules', '.bin'), process.env.PATH ?? ''].join(':');
  return { ...process.env, PATH: path, ...extra };
}
