import { describe, expect, test } from '@jest/globals';
import { describeBag } from '../../../src/bag/describe-bag.ts';
import { tinyManifest, tinyPackage } from '../../support/tiny-bag.ts';

const fixity = { sha256: '', bytes: 1 };
const files = new Map(['data/payload.tar.zst', 'data/manifest.json', 'restore.sh'].map(path => [path, fixity]));
const described = (manifest = tinyManifest()) => describeBag(manifest, files);

describe('sbom.cdx.json', () => {
  test('has a package URL for each installed package', () => {
    const { system } = tinyManifest();
    system.packages.push(
      tinyPackage('gone', '1', { status: 'config-files' }),
      tinyPackage('libc6', '2.31', { architecture: 'i386' }),
    );
    const bom = JSON.parse(described(tinyManifest({ system })).get('sbom.cdx.json')!);
    expect(bom).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.5' });
    expect(bom.components).toEqual([
      { type: 'operating-system', name: 'debian', version: '11' },
      { type: 'library', name: 'tinyd', purl: 'pkg:deb/debian/tinyd@1.0-1' },
      { type: 'library', name: 'libtiny1', purl: 'pkg:deb/debian/libtiny1@1:1.0-1+b2' },
      { type: 'library', name: 'libc6', purl: 'pkg:deb/debian/libc6@2.31?arch=i386' },
    ]);
  });
});

describe('ro-crate-metadata.json', () => {
  const crate = JSON.parse(described().get('ro-crate-metadata.json')!);
  const graph: Record<string, unknown>[] = crate['@graph'];
  const ids = graph.map(entity => entity['@id']);

  test('has the descriptor and the root that RO-Crate 1.1 asks for', () => {
    expect(crate['@context']).toBe('https://w3id.org/ro/crate/1.1/context');
    expect(graph[0]).toMatchObject({ about: { '@id': './' }, conformsTo: { '@id': 'https://w3id.org/ro/crate/1.1' } });
    const root = graph.find(entity => entity['@id'] === './')!;
    for (const key of ['name', 'description', 'datePublished', 'license']) expect(root[key]).toBeTruthy();
  });

  test('names each entity once, and every reference leads to one', () => {
    expect(new Set(ids).size).toBe(ids.length);
    const references = [...JSON.stringify(graph).matchAll(/\{"@id":"([^"]+)"\}/g)].map(match => match[1]);
    for (const id of references) if (!id!.startsWith('https:')) expect(ids).toContain(id);
    expect(ids).toContain('#tinyd');
  });
});

describe('README.md', () => {
  test('tells how to bring the service back, if it can', () => {
    expect(described().get('README.md')).toContain('sh restore.sh');
    expect(describeBag(tinyManifest(), new Map()).get('README.md')).not.toContain('restore.sh');
  });

  test('hostile text stays text', () => {
    const manifest = tinyManifest({ notes: ['<img src=x>\n# \u001b[2J`'] });
    manifest.service.name = 'a|b\n## c';
    const text = described(manifest).get('README.md')!;
    expect(text).not.toMatch(/<img|\u001b|^## c/m);
  });
});
