import { resolve } from 'node:path';
import { type Config, defaultConfig } from './config.ts';
import { findConfig, readConfig, readSmokeTests } from './read-config.ts';

/**
 * The description of a service: the named file, else perennial.yml of the build context, else the defaults; `start` and
 * `smoke` (a file of smoke tests) replace what it says. Empty text counts as not given.
 * @throws PerennialError `config-invalid`
 */
export async function serviceConfig(given: {
  config?: string | undefined;
  context?: string | undefined;
  start?: string | undefined;
  smoke?: string | undefined;
  knowledge?: string | undefined;
}): Promise<Config> {
  const file = given.config || (given.context ? await findConfig(given.context) : undefined);
  const config = file ? await readConfig(file) : structuredClone(defaultConfig);
  return {
    ...config,
    ...(given.knowledge ? { knowledge: resolve(given.knowledge) } : {}),
    ...(given.start ? { start: given.start } : {}),
    ...(given.smoke ? { smoke: await readSmokeTests(given.smoke) } : {}),
  };
}
