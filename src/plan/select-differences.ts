import { compileGlobs } from '../classify/rule.ts';
import type { Difference, Service } from '../knowledge/service.ts';
import type { InstalledPackage } from '../system/system-facts.ts';
import { compareDebianVersions } from './debian-version.ts';

/**
 * The differences of recognised services that lie between the recorded versions and today's.
 * @param newVersion version of a package on the new base, by old name; undefined when it is not offered
 */
export function selectDifferences(
  services: Service[],
  old: InstalledPackage[],
  newVersion: (oldName: string) => string | undefined,
): { service: string; difference: Difference }[] {
  return services.flatMap(service =>
    service.differences
      .filter(difference => difference.when === 'restore')
      .filter(difference => applies(difference, service, old, newVersion))
      .map(difference => ({ service: service.id, difference })),
  );
}

/** Versions of the same release, whose lists are not read: those of then, or next to them. */
export function versionsThen(old: readonly InstalledPackage[]): (name: string) => string | undefined {
  const versions = new Map(old.map(each => [each.name, each.version]));
  return name => versions.get(name);
}

/** What knowledge says at the end of a service of these versions, in words. */
export function warningsAtArchive(services: Service[], old: InstalledPackage[]): string[] {
  return services.flatMap(service =>
    service.differences
      .filter(difference => difference.when === 'archive' && applies(difference, service, old, () => undefined))
      .map(difference => `${difference.warn ?? difference.why} (${service.id}/${difference.id})`),
  );
}

function applies(
  difference: Difference,
  service: Service,
  old: InstalledPackage[],
  newVersion: (oldName: string) => string | undefined,
): boolean {
  const test = compileGlobs(difference.package ? [difference.package] : service.recognise.packages);
  const packages = old.filter(each => each.status !== 'config-files' && test(each.name));
  return packages.some(each => {
    const today = newVersion(each.name);
    const wasBefore = difference.before === undefined || compareDebianVersions(each.version, difference.before) < 0;
    const isFrom =
      difference.from === undefined || today === undefined || compareDebianVersions(today, difference.from) >= 0;
    return wasBefore && isFrom;
  });
}
