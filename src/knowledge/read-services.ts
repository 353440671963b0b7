import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { parse } from 'yaml';
import { compileGlobs } from '../classify/rule.ts';
import { PerennialError } from '../errors.ts';
import { programNames } from './program-names.ts';
import { knowledgeFolder } from './read-rules.ts';
import { type Service, serviceSchema } from './service.ts';

/**
 * Entries of knowledge/services/*.yml, by id, and of an owner's own folder: those are added, and replace entries of the same id.
 * @param own a folder with entries, or with `services/` in it
 * @throws PerennialError `config-invalid` naming file and field, `bad-input` when there is no such folder
 */
export async function readServices(own?: string): Promise<Service[]> {
  const services = new Map<string, Service>();
  for (const each of await readFolder(join(knowledgeFolder(), 'services'))) services.set(each.id, each);
  if (own) for (const each of await readOwnServices(own)) services.set(each.id, each);
  return [...services.values()];
}

/** Entries of an owner's folder alone. */
export async function readOwnServices(own: string): Promise<Service[]> {
  const names = await readdir(own).catch(cause => {
    throw new PerennialError('bad-input', `The folder of knowledge entries ${own} cannot be read: ${cause.message}`, {
      cause,
      hint: 'Name a folder with entries as in knowledge/services (docs/add-a-service.md).',
    });
  });
  return readFolder(names.includes('services') ? join(own, 'services') : own);
}

async function readFolder(directory: string): Promise<Service[]> {
  const files = (await readdir(directory)).filter(name => name.endsWith('.yml')).sort();
  return Promise.all(files.map(async file => parseService(await readFile(join(directory, file), 'utf8'), file)));
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
    const programs = system.programs.flatMap(programNames);
    return (
      system.packages.some(packages) ||
      recognise.processes.some(name => programs.includes(name)) ||
      recognise.files.some(system.hasFile)
    );
  });
}
