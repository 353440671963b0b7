import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { parse } from 'yaml';
import { compileGlobs } from '../classify/rule.ts';
import { PerennialError } from '../errors.ts';
import { knowledgeFolder } from './read-rules.ts';
import { type Service, serviceSchema } from './service.ts';

/**
 * Entries of knowledge/services/*.yml, and of further folders of the same shape (a repository's own), by id.
 * A later folder replaces an entry of the same id.
 * @throws PerennialError `config-invalid` naming file and field
 */
export async function readServices(folders = [knowledgeFolder()]): Promise<Service[]> {
  const services = new Map<string, Service>();
  for (const folder of folders) {
    const directory = join(folder, 'services');
    for (const file of (await readdir(directory)).filter(name => name.endsWith('.yml')).sort()) {
      const service = parseService(await readFile(join(directory, file), 'utf8'), file);
      services.set(service.id, service);
    }
  }
  return [...services.values()];
}

/** Parses one entry; its id has to be the name of its file. */
export function parseService(text: string, file: string): Service {
  const parsed = v.safeParse(serviceSchema, parse(text));
  if (!parsed.success) {
    const issue = parsed.issues[0];
    throw new PerennialError('config-invalid', `services/${file}: ${v.getDotPath(issue) ?? ''}: ${issue.message}`);
  }
  if (`${parsed.output.id}.yml` !== file) {
    throw new PerennialError(
      'config-invalid',
      `services/${file}: the id is "${parsed.output.id}", it has to be the file's name`,
    );
  }
  return parsed.output;
}

/** Services that a system runs, by any of its packages, programs or files. */
export function recogniseServices(
  services: Service[],
  system: { packages: string[]; programs: string[]; hasFile: (path: string) => boolean },
): Service[] {
  return services.filter(({ recognise }) => {
    const packages = compileGlobs(recognise.packages);
    return (
      system.packages.some(packages) ||
      recognise.processes.some(name => system.programs.includes(name)) ||
      recognise.files.some(system.hasFile)
    );
  });
}
