import type { Fixity } from './bagit.ts';
import type { Manifest } from './manifest.ts';

type Entity = Record<string, unknown>;

const DESCRIBED: Record<string, [name: string, format: string]> = {
  'data/payload.tar.zst': ['Mutable files of the service, GNU tar (pax)', 'application/zstd'],
  'data/files.ndjson.zst': ['Every path and why it was kept or left', 'application/zstd'],
  'data/manifest.json': ['Service, system, packages', 'application/json'],
  'README.md': ['How to bring the service back', 'text/markdown'],
  'restore.sh': ['Restores the service with Docker alone', 'application/x-sh'],
  Dockerfile: ['Builds the image that the data is laid over', 'text/plain'],
  'sbom.cdx.json': ['The packages that are not included, CycloneDX', 'application/vnd.cyclonedx+json'],
};

/** ro-crate-metadata.json (RO-Crate 1.1, https://w3id.org/ro/crate/1.1). */
export function roCrate(manifest: Manifest, files: ReadonlyMap<string, Fixity>): Entity {
  const written = new Set([...files.keys(), 'README.md', 'sbom.cdx.json']);
  const parts = Object.entries(DESCRIBED).filter(([path]) => written.has(path));
  const software = softwareEntities(manifest);
  return {
    '@context': 'https://w3id.org/ro/crate/1.1/context',
    '@graph': [
      {
        '@id': 'ro-crate-metadata.json',
        '@type': 'CreativeWork',
        about: { '@id': './' },
        conformsTo: { '@id': 'https://w3id.org/ro/crate/1.1' },
      },
      rootEntity(
        manifest,
        parts.map(([path]) => path),
        software,
      ),
      { '@id': '#licence', '@type': 'CreativeWork', name: 'None stated', description: 'Private data of its owner.' },
      ...parts.map(([path, [name, encodingFormat]]) => ({ '@id': path, '@type': 'File', name, encodingFormat })),
      ...software,
    ],
  };
}

function rootEntity({ service, system, created }: Manifest, parts: string[], software: Entity[]): Entity {
  return {
    '@id': './',
    '@type': 'Dataset',
    name: `Mutable data of ${service.name}`,
    description: `What cannot be had again of the service ${service.name}, which ran on ${system.os.prettyName}.`,
    datePublished: created,
    license: { '@id': '#licence' },
    hasPart: parts.map(id => ({ '@id': id })),
    mentions: software.map(entity => ({ '@id': entity['@id'] })),
  };
}

/** The archiver, the operating system and the packages whose programs ran. */
function softwareEntities({ tool, system, service }: Manifest): Entity[] {
  const running = new Set(service.processes.map(process => process.package));
  const entity = (type: string, name: string, version: string): Entity => ({
    '@id': `#${encodeURIComponent(name)}`,
    '@type': type,
    name,
    version,
  });
  return [
    entity('SoftwareApplication', tool.name, tool.version),
    entity('OperatingSystem', system.os.prettyName, system.os.versionId),
    ...system.packages
      .filter(one => running.has(one.name))
      .map(one => entity('SoftwareApplication', one.name, one.version)),
  ];
}
