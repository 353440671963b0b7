import type { Manifest } from '../bag/manifest.ts';
import { recogniseServices } from '../knowledge/read-services.ts';
import type { Service } from '../knowledge/service.ts';

/** Entries that recognised the service then, and those that know it today: most were written after the bag. */
export function recognisedServices(manifest: Manifest, services: Service[]): Service[] {
  const found = recogniseServices(services, {
    packages: manifest.system.packages.filter(each => each.status !== 'config-files').map(each => each.name),
    programs: manifest.service.processes.map(({ program }) => program.slice(program.lastIndexOf('/') + 1)),
    hasFile: () => false,
  });
  return services.filter(each => manifest.service.recognised.includes(each.id) || found.includes(each));
}
