import { PackageURL } from 'packageurl-js';
import type { LanguagePackage } from '../language/language-package.ts';
import type { InstalledPackage, SystemFacts } from '../system/system-facts.ts';
import type { Manifest } from './manifest.ts';

const PURL_TYPES: Record<SystemFacts['packageManager'], string> = {
  dpkg: 'deb',
  rpm: 'rpm',
  apk: 'apk',
  none: 'generic',
};

/**
 * sbom.cdx.json (CycloneDX 1.5, https://cyclonedx.org/docs/1.5/json/): the Immutable part. Versions are in the package URLs
 * only, and the architecture is where it is not the system's own: a list of packages is most of a small bag.
 */
export function sbom(manifest: Manifest): Record<string, unknown> {
  const { system, service, tool, created } = manifest;
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    metadata: {
      timestamp: created,
      tools: { components: [{ type: 'application', name: tool.name, version: tool.version }] },
      component: { type: 'container', name: service.name },
    },
    components: [
      { type: 'operating-system', name: system.os.id, version: system.os.versionId },
      ...system.packages
        .filter(one => one.status !== 'config-files')
        .map(one => ({ type: 'library', name: one.name, purl: packageUrl(one, system) })),
      ...languageComponents(manifest.languagePackages),
    ],
  };
}

const LANGUAGE_TYPES: Record<LanguagePackage['ecosystem'], string> = {
  pip: 'pypi',
  npm: 'npm',
  gem: 'gem',
  conda: 'conda',
};

/** The same package in several environments is one component. Of npm's `@scope/name` the scope is the namespace. */
function languageComponents(packages: readonly LanguagePackage[]): { type: string; name: string; purl: string }[] {
  const components = packages.map(({ ecosystem, name, version }) => {
    const [, scope, rest] = /^(@[^/]+)\/(.+)$/.exec(name) ?? [];
    const purl = new PackageURL(LANGUAGE_TYPES[ecosystem], scope, rest ?? name, version).toString();
    return { type: 'library', name, purl };
  });
  return [...new Map(components.map(each => [each.purl, each])).values()];
}

function packageUrl(one: InstalledPackage, { packageManager, os, architecture }: SystemFacts): string {
  const qualifiers =
    one.architecture === architecture || /^(all|noarch)$/.test(one.architecture)
      ? undefined
      : { arch: one.architecture };
  // The epoch of an rpm is a qualifier (https://github.com/package-url/purl-spec, types/rpm-definition.json).
  const epoch = packageManager === 'rpm' ? /^\d+(?=:)/.exec(one.version)?.[0] : undefined;
  const version = epoch === undefined ? one.version : one.version.slice(epoch.length + 1);
  const all = epoch === undefined ? qualifiers : { ...qualifiers, epoch };
  return new PackageURL(PURL_TYPES[packageManager], os.id || undefined, one.name, version, all).toString();
}
